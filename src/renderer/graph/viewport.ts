/** Zoom and pan of a drawing: wheel at the pointer, drag, fit. */
export class Viewport {
  private scale = 1
  private x = 0
  private y = 0
  /** The user moved it: a resize must not fit again. */
  private touched = false
  private bounds = { x: 0, y: 0, width: 1, height: 1 }
  private readonly abort = new AbortController()
  private drag: { pointer: number; x: number; y: number; moved: boolean } | undefined

  constructor(
    private readonly host: HTMLElement,
    private readonly apply: (transform: string, scale: number) => void
  ) {
    const options = { signal: this.abort.signal }
    host.addEventListener('wheel', (e) => this.wheel(e), { ...options, passive: false })
    host.addEventListener('pointerdown', (e) => this.down(e), options)
    host.addEventListener('pointermove', (e) => this.move(e), options)
    host.addEventListener('pointerup', () => (this.drag = undefined), options)
    host.addEventListener('pointercancel', () => (this.drag = undefined), options)
    host.addEventListener('dblclick', () => this.fit(), options)
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
    const scale = fitScale(b.width, b.height, w - TOOLS, h)
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
      Math.exp(-event.deltaY * unit * 0.0016),
      event.clientX - box.left,
      event.clientY - box.top
    )
  }

  private down(event: PointerEvent): void {
    if (event.button !== 0) return
    this.drag = { pointer: event.pointerId, x: event.clientX, y: event.clientY, moved: false }
  }

  private move(event: PointerEvent): void {
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

  private write(): void {
    this.apply(
      `translate(${this.x.toFixed(2)} ${this.y.toFixed(2)}) scale(${this.scale.toFixed(4)})`,
      this.scale
    )
  }
}

/** The toolbar at the right covers this much, px. */
const TOOLS = 36

/** The largest zoom that shows everything with a margin; small drawings are not blown up without end. */
export function fitScale(width: number, height: number, w: number, h: number): number {
  const margin = Math.min(40, w * 0.05)
  const scale = Math.min((w - 2 * margin) / width, (h - 2 * margin) / height, 1.35)
  return scale > 0 && Number.isFinite(scale) ? scale : 1
}
