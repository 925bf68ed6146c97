import type { Geometry } from '../../../model/draw/geometry'
import { LABEL_LINE } from '../../../model/draw/layout-text'
import type { GraphSpec } from '../../../model/draw/spec'
import { drawEdge, drawInitial, drawStub } from '../../graph/drawing-parts'
import type { EdgeParts } from '../../graph/drawing-parts'
import { measureText } from '../../graph/measure'
import { StubPlacer } from '../../graph/stubs'
import { putText, svg } from '../../graph/svg'
import { compact } from '../../ui/text'
import { drawBox } from '../drawing/edit-drawing'
import type { Part } from '../drawing/spec'
import { edgeKey } from './model-tools'
import type { Marks } from './model-tools'

interface DrawnEvent {
  readonly key: string
  readonly part: Part
  readonly parts: EdgeParts
  readonly label: number
}

/** A drawing that is not edited: it shows where a walk is, what it took, and how often. */
export class MarkedDrawing {
  readonly root: SVGSVGElement
  readonly world: SVGGElement
  readonly bounds: { x: number; y: number; width: number; height: number }
  readonly #states = new Map<string, { readonly element: SVGGElement; readonly base: string }>()
  readonly #events: DrawnEvent[] = []
  /** By edgeKey() without an event. */
  readonly #edges = new Map<string, EdgeParts>()
  readonly #geometry: Geometry
  readonly #spec: GraphSpec
  #stub: SVGGElement | undefined

  constructor(spec: GraphSpec, geometry: Geometry) {
    this.#spec = spec
    this.#geometry = geometry
    const edges = svg('g', { class: 'edges' })
    const states = svg('g', { class: 'states' })
    if (geometry.initial) edges.append(drawInitial(geometry.initial, geometry.initialLine))
    spec.edges.forEach((edge, i) => {
      const line = geometry.edges[i]
      const from = spec.states[edge.from]
      const to = spec.states[edge.to]
      if (!line || !from || !to) return
      const parts = drawEdge(edge, line, from, to)
      this.#edges.set(edgeKey(from.name, '', to.name), parts)
      edge.labels.forEach(({ event }, label) => {
        const part = { kind: 'event', from: from.name, to: to.name, event } as const
        const key = edgeKey(from.name, event, to.name)
        this.#events.push({ key, part, parts, label })
      })
      edges.append(parts.group)
    })
    spec.states.forEach((state, i) => {
      const box = geometry.states[i]
      if (!box) return
      const element = drawBox(state, i, box, false)
      element.removeAttribute('tabindex')
      element.setAttribute('data-testid', `walk-state-${state.name}`)
      this.#states.set(state.name, { element, base: element.getAttribute('class') ?? '' })
      states.append(element)
    })
    this.world = svg('g', { class: 'world' }, states, edges)
    this.root = svg('svg', { class: 'automaton-svg editing' }, this.world)
    this.bounds = { x: 0, y: -8, width: geometry.width, height: geometry.height + 16 }
  }

  /** The part that an event of the page happened on. */
  partOf(target: EventTarget | null): Part | null {
    if (!(target instanceof Element)) return null
    const label = target.closest('.label')
    const event = this.#events.find(({ parts, label: i }) => parts.labels[i]?.text === label)
    if (label !== null && event !== undefined) return event.part
    // The line of an edge with one event is as good as the event.
    const group = target.closest('.edge')
    const own = this.#events.filter(({ parts }) => parts.group === group)
    if (group !== null && own.length === 1) return own[0]?.part ?? null
    const state = target.closest('.state')
    for (const [name, { element }] of this.#states) {
      if (element === state) return { kind: 'state', state: name }
    }
    return null
  }

  /** Shows these marks and no others. */
  show({ states, events, counts, refused }: Marks): void {
    for (const [name, { element, base }] of this.#states) {
      element.setAttribute('class', `${base} ${states.get(name) ?? ''}`)
    }
    this.root.classList.toggle('counted', counts !== undefined)
    const most = Math.max(1, ...(counts?.values() ?? []))
    const edgeClasses = new Map<EdgeParts, Set<string>>()
    const sums = new Map<EdgeParts, number>()
    for (const [key, parts] of this.#edges) {
      edgeClasses.set(parts, new Set((events.get(key) ?? '').split(' ').filter(Boolean)))
    }
    for (const { key, parts, label } of this.#events) {
      const text = parts.labels[label]
      if (text === undefined) continue
      const own = events.get(key) ?? ''
      text.text.setAttribute('class', `label ${own}`)
      for (const one of own.split(' ').filter(Boolean)) edgeClasses.get(parts)?.add(one)
      const count = counts?.get(key) ?? 0
      sums.set(parts, (sums.get(parts) ?? 0) + count)
      putText(text.count, counts === undefined ? '' : `×${compact(count)}`)
    }
    for (const [parts, classes] of edgeClasses) {
      const sum = sums.get(parts)
      if (counts !== undefined && sum !== undefined) classes.add(sum === 0 ? 'never' : 'heat')
      // Counts of a kernel span many powers of ten.
      const heat = Math.log(1 + (sum ?? 0)) / Math.log(1 + most)
      parts.group.style.setProperty('--heat', `${Math.round(25 + 75 * Math.min(1, heat))}%`)
      parts.group.style.setProperty('--heat-width', (1.4 + 3.4 * Math.min(1, heat)).toFixed(2))
      parts.group.setAttribute('class', ['edge', ...classes].join(' '))
    }
    this.#showRefused(refused)
  }

  #showRefused(refused: Marks['refused']): void {
    this.#stub?.remove()
    this.#stub = undefined
    const state = this.#spec.states.findIndex(({ name }) => name === refused?.state)
    if (refused === undefined || state < 0) return
    const sizes = this.#spec.edges.map(({ labels }) => ({
      width: Math.max(0, ...labels.map(({ event }) => measureText(event, 11.5, false))),
      height: labels.length * LABEL_LINE
    }))
    const placer = new StubPlacer(this.#geometry, sizes)
    const stub = placer.place(state, measureText(refused.event, 11.5, false), LABEL_LINE)
    if (stub === undefined) return
    this.#stub = drawStub(stub, refused.state, refused.event).group
    this.world.append(this.#stub)
  }
}
