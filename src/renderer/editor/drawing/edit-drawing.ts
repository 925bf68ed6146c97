import type { Geometry, NodeBox } from '../../../model/draw/geometry'
import type { GraphSpec, SpecState } from '../../../model/draw/spec'
import type { Sketch } from '../../../model/edit'
import { stateClass } from '../../graph/colours'
import { drawEdge, drawInitial } from '../../graph/drawing-parts'
import { putClass, svg } from '../../graph/svg'
import { texts } from '../../texts'
import { visibleLine } from '../../ui/text'
import { samePart } from './spec'
import type { Part } from './spec'

const t = texts.editor.drawing

interface Drawn {
  readonly part: Part
  readonly element: SVGElement
  /** In units of the drawing, for what is put beside it. */
  readonly at: { readonly x: number; readonly y: number }
}

/** The drawing of a model that is edited: each part can have the focus and be selected. */
export class EditDrawing {
  readonly root: SVGSVGElement
  readonly world: SVGGElement
  readonly bounds: { x: number; y: number; width: number; height: number }
  readonly #drawn: Drawn[] = []
  readonly #boxes: readonly { readonly state: string; readonly box: NodeBox }[]
  readonly #line = svg('path', { class: 'rubber hidden' })

  /** @param sketch undefined: a drawing to look at */
  constructor(sketch: Sketch | undefined, spec: GraphSpec, geometry: Geometry) {
    const edges = svg('g', { class: 'edges' })
    const states = svg('g', { class: 'states' })
    if (geometry.initial) edges.append(drawInitial(geometry.initial, geometry.initialLine))
    spec.edges.forEach((edge, i) => {
      const line = geometry.edges[i]
      const from = spec.states[edge.from]
      const to = spec.states[edge.to]
      if (!line || !from || !to) return
      const { group, labels } = drawEdge(edge, line, from, to)
      edge.labels.forEach(({ event, guard }, k) => {
        const element = labels[k]?.text
        if (!element) return
        const part = { kind: 'event', from: from.name, to: to.name, event } as const
        focusable(element, t.event(event, from.name, to.name, guard))
        this.#drawn.push({ part, element, at: line.label ?? line.tip })
      })
      edges.append(group)
    })
    spec.states.forEach((state, i) => {
      const box = geometry.states[i]
      if (!box) return
      const element = drawBox(state, i, box, sketch?.states[i]?.undeclared ?? false)
      this.#drawn.push({ part: { kind: 'state', state: state.name }, element, at: box })
      states.append(element)
    })
    this.#boxes = spec.states.flatMap(({ name }, i) => {
      const box = geometry.states[i]
      return box ? [{ state: name, box }] : []
    })
    this.world = svg('g', { class: 'world' }, states, edges, this.#line)
    this.root = svg('svg', { class: 'automaton-svg editing', role: 'group' }, this.world)
    this.bounds = { x: 0, y: -8, width: geometry.width, height: geometry.height + 16 }
  }

  /** Marks the selected part; it is the one that Tab comes to. */
  select(part: Part | null): void {
    const first = this.#drawn.find((d) => d.part.kind === 'state')
    const chosen = this.#drawn.find((d) => samePart(d.part, part))
    for (const drawn of this.#drawn) {
      putClass(drawn.element, 'selected', drawn === chosen)
      drawn.element.setAttribute('tabindex', drawn === (chosen ?? first) ? '0' : '-1')
    }
  }

  focus(part: Part): void {
    this.#drawn.find((d) => samePart(d.part, part))?.element.focus()
  }

  /** The part that an event of the page happened on. */
  partOf(target: EventTarget | null): Part | null {
    const element = target instanceof Element ? target.closest('.state, .label') : null
    return this.#drawn.find((d) => d.element === element)?.part ?? null
  }

  /** Where a part is on the screen. */
  screenOf(part: Part): { x: number; y: number } | undefined {
    const box = this.#drawn.find((d) => samePart(d.part, part))?.element.getBoundingClientRect()
    return box && { x: box.left + box.width / 2, y: box.top + box.height / 2 }
  }

  /** The state under a point of the screen. */
  stateAt(x: number, y: number): string | undefined {
    const at = this.#toWorld(x, y)
    return this.#boxes.find(
      ({ box }) =>
        Math.abs(at.x - box.x) <= box.width / 2 && Math.abs(at.y - box.y) <= box.height / 2
    )?.state
  }

  /** Draws the line of an edge that is being dragged from a part to a point of the screen. */
  rubber(part: Part, x: number, y: number): void {
    const from = this.#drawn.find((d) => samePart(d.part, part))?.at
    if (from === undefined) return
    const to = this.#toWorld(x, y)
    this.#line.setAttribute('d', `M${from.x} ${from.y}L${to.x} ${to.y}`)
    putClass(this.#line, 'hidden', false)
    const over = this.stateAt(x, y)
    for (const { part: one, element } of this.#drawn) {
      putClass(element, 'target', one.kind === 'state' && one.state === over)
    }
  }

  endRubber(): void {
    putClass(this.#line, 'hidden', true)
    for (const { element } of this.#drawn) putClass(element, 'target', false)
  }

  #toWorld(x: number, y: number): { x: number; y: number } {
    const matrix = this.world.getScreenCTM()
    if (!matrix) return { x: 0, y: 0 }
    return new DOMPoint(x, y).matrixTransform(matrix.inverse())
  }
}

function focusable(element: SVGElement, text: string): void {
  element.setAttribute('role', 'button')
  element.setAttribute('tabindex', '-1')
  // The name is what is written there.
  element.setAttribute('aria-description', visibleLine(text))
}

/** A state with its name in the middle: there are no instances to make room for. */
export function drawBox(
  state: SpecState,
  index: number,
  { x, y, width, height }: NodeBox,
  undeclared: boolean
): SVGGElement {
  const left = x - width / 2
  const top = y - height / 2
  const group = svg(
    'g',
    {
      class: `state ${stateClass(index)}${state.final ? ' final' : ''}${undeclared ? ' undeclared' : ''}`,
      'data-testid': `edit-state-${state.name}`
    },
    svg('rect', { class: 'box', x: left, y: top, width, height, rx: 11 })
  )
  if (state.final) {
    const inner = { x: left + 3.5, y: top + 3.5, width: width - 7, height: height - 7, rx: 8 }
    group.append(svg('rect', { class: 'inner', ...inner }))
  }
  const shift = state.invariant === '' ? 4.5 : -3
  group.append(svg('text', { class: 'state-name', x, y: y + shift }, visibleLine(state.name)))
  if (state.invariant !== '') {
    const text = visibleLine(state.invariant)
    group.append(svg('text', { class: 'invariant', x, y: y + 13 }, text))
  }
  focusable(group, t.state(state.name, state.initial, state.final, state.invariant, undeclared))
  return group
}
