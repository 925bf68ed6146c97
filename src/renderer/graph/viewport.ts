/** Where a drawing was moved to. */
export interface View {
  readonly scale: number
  readonly x: number
  readonly y: number
}

/** The part of a drawing that is in view, in the drawing's units. */
export interface ViewBox {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** Zoom and pan of a drawing: wheel at the pointer, pinch, drag, fit. */
export class Viewport {
  private scale = 1
  private x = 0
  private y = 0
  /** The user moved it: a resize must not fit again. */
  private touched = false
  private bounds = { x: 0, y: 0, width: 1, height: 1 }
  private readonly abort = new AbortController()
  /** Fingers on a touch screen: two of them pinch. */
  private readonly fingers = new Map<number, { x: number; y: number }>()
  private drag: { pointer: number; x: number; y: number; moved: boolean } | undefined

  constructor(
    private readonly host: HTMLElement,
    private readonly apply: (transform: string, scale: number) => void,
    /** Where the user had moved it to. */
    kept?: View,
    /** The largest zoom of what fits. */
    private readonly most = FIT_AT_MOST
  ) {
    if (kept) {
      this.scale = kept.scale
      this.x = kept.x
      this.y = kept.y
      this.touched = true
      this.write()
    }
    const options = { signal: this.abort.signal }
    host.addEventListener('wheel', (e) => this.wheel(e), { ...options, passive: false })
    host.addEventListener('pointerdown', (e) => this.down(e), options)
    host.addEventListener('pointermove', (e) => this.move(e), options)
    for (const end of ['pointerup', 'pointercancel'] as const) {
      host.addEventListener(end, (e) => this.up(e), options)
    }
    host.addEventListener('dblclick', () => this.fit(), options)
  }

  /** Where the user moved it to; undefined: it fits. */
  get view(): View | undefined {
    return this.touched ? { scale: this.scale, x: this.x, y: this.y } : undefined
  }

  dispose(): void {
    this.abort.abort()
  }

  setBounds(bounds: { x: number; y: number; width: number; height: number }): void {
    this.bounds = bounds
    if (!this.touched) this.fit()
  }

  resized(): void {
    if (!this.touched) this.fit()
  }

  fit(): void {
    const { clientWidth: w, clientHeight: h } = this.host
    const b = this.bounds
    const scale = fitScale(b.width, b.height, w - TOOLS, h, this.most)
    this.touched = false
    this.scale = scale
    this.x = (w - TOOLS - b.width * scale) / 2 - b.x * scale
    this.y = (h - b.height * scale) / 2 - b.y * scale
    this.write()
  }

  zoom(factor: number, atX = this.host.clientWidth / 2, atY = this.host.clientHeight / 2): void {
    const next = Math.min(6, Math.max(0.08, this.scale * factor))
    const real = next / this.scale
    this.x = atX - (atX - this.x) * real
    this.y = atY - (atY - this.y) * real
    this.scale = next
    this.touched = true
    this.write()
  }

  /** What is in view. */
  get box(): ViewBox {
    const { clientWidth, clientHeight } = this.host
    return {
      x: -this.x / this.scale,
      y: -this.y / this.scale,
      width: clientWidth / this.scale,
      height: clientHeight / this.scale
    }
  }

  /** Brings a point of the drawing into the middle. */
  centre(x: number, y: number): void {
    const { clientWidth, clientHeight } = this.host
    this.x = clientWidth / 2 - x * this.scale
    this.y = clientHeight / 2 - y * this.scale
    this.touched = true
    this.write()
  }

  pan(dx: number, dy: number): void {
    this.x += dx
    this.y += dy
    this.touched = true
    this.write()
  }

  private wheel(event: WheelEvent): void {
    event.preventDefault()
    const box = this.host.getBoundingClientRect()
    const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 24 : 1
    this.zoom(
      // A pinch on a touch pad comes as a wheel with Ctrl, in small steps.
      Math.exp(-event.deltaY * unit * (event.ctrlKey ? 0.01 : 0.0016)),
      event.clientX - box.left,
      event.clientY - box.top
    )
  }

  private down(event: PointerEvent): void {
    if (event.button !== 0) return
    if (event.pointerType === 'touch') {
      this.fingers.set(event.pointerId, { x: event.clientX, y: event.clientY })
    }
    this.drag = { pointer: event.pointerId, x: event.clientX, y: event.clientY, moved: false }
  }

  private move(event: PointerEvent): void {
    if (this.fingers.size === 2 && this.fingers.has(event.pointerId)) {
      this.pinch(event)
      return
    }
    const drag = this.drag
    if (drag?.pointer !== event.pointerId) return
    const dx = event.clientX - drag.x
    const dy = event.clientY - drag.y
    // A click on a state must stay a click.
    if (!drag.moved && Math.hypot(dx, dy) < 4) return
    if (!drag.moved) this.host.setPointerCapture(event.pointerId)
    drag.moved = true
    drag.x = event.clientX
    drag.y = event.clientY
    this.pan(dx, dy)
  }

  private up(event: PointerEvent): void {
    this.fingers.delete(event.pointerId)
    this.drag = undefined
  }

  private pinch(event: PointerEvent): void {
    const moved = this.fingers.get(event.pointerId)
    const other = [...this.fingers].find(([id]) => id !== event.pointerId)?.[1]
    if (!moved || !other) return
    const before = Math.hypot(moved.x - other.x, moved.y - other.y)
    const after = Math.hypot(event.clientX - other.x, event.clientY - other.y)
    this.fingers.set(event.pointerId, { x: event.clientX, y: event.clientY })
    if (before < 1 || after < 1) return
    const box = this.host.getBoundingClientRect()
    this.zoom(
      after / before,
      (event.clientX + other.x) / 2 - box.left,
      (event.clientY + other.y) / 2 - box.top
    )
  }

  private write(): void {
    this.apply(
      `translate(${this.x.toFixed(2)} ${this.y.toFixed(2)}) scale(${this.scale.toFixed(4)})`,
      this.scale
    )
  }
}

const FIT_AT_MOST = 1.35

/** The toolbar at the right covers this much, px. */
const TOOLS = 36

/** The largest zoom that shows everything with a margin; small drawings are not blown up without end. */
export function fitScale(
  width: number,
  height: number,
  w: number,
  h: number,
  most = FIT_AT_MOST
): number {
  const margin = Math.min(40, w * 0.05)
  const scale = Math.min((w - 2 * margin) / width, (h - 2 * margin) / height, most)
  return scale > 0 && Number.isFinite(scale) ? scale : 1
}
