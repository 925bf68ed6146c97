import type { GraphSpec } from '../../../model/draw/spec'
import type { Sketch } from '../../../model/edit'
import type { BuchiDrawing } from '../check-job'

/** What the drawing of a sketch looks like, for the layout. */
export function specOfSketch({ states, edges }: Sketch): GraphSpec {
  return {
    states: states.map(({ name, initial, final, invariant }) => ({
      name,
      initial,
      final,
      invariant
    })),
    edges: edges.map(({ from, to, labels }) => ({
      from,
      to,
      labels: labels.map(({ event, guard }) => ({ event, guard }))
    })),
    learned: false
  }
}

/** A longer name or condition leaves nothing of a drawing that fits a window. */
const MAX_WORD = 400

/** Whether a drawing of it could be read. */
export function isReadable({ states, edges }: Sketch): boolean {
  const isShort = (text: string): boolean => text.length <= MAX_WORD
  return (
    states.every(({ name, invariant }) => isShort(name) && isShort(invariant)) &&
    edges.every(({ labels }) => labels.every((l) => isShort(l.event) && isShort(l.guard)))
  )
}

/** The automaton of a formula: what has to hold in a state stands where an invariant would. */
export function specOfBuchi({ labels, initial, edges }: BuchiDrawing): GraphSpec {
  const first = initial.indexOf(true)
  return {
    states: labels.map((label, i) => ({
      // One arrow is drawn; a second initial state says so by its name.
      name: initial[i] === true && i !== first ? `${i} (initial)` : String(i),
      initial: i === first,
      final: false,
      invariant: label
    })),
    edges: edges.map(([from, to]) => ({ from, to, labels: [] })),
    learned: false
  }
}

/** A part of the drawing that can be selected. */
export type Part =
  | { readonly kind: 'state'; readonly state: string }
  | { readonly kind: 'event'; readonly from: string; readonly to: string; readonly event: string }

/** Whether two parts are the same one. */
export function samePart(a: Part | null, b: Part | null): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}

/** Every part in the order in which a keyboard goes through them. */
export function partsOf({ states, edges }: Sketch): Part[] {
  return states.flatMap(({ name }, i) => [
    { kind: 'state', state: name } as const,
    ...edges
      .filter((e) => e.from === i)
      .flatMap((e) =>
        e.labels.map(
          ({ event }) =>
            ({ kind: 'event', from: name, to: states[e.to]?.name ?? '', event }) as const
        )
      )
  ])
}

/** Where a part stands in the text: the event itself, or the statement of the state. */
export function placeOf(
  { states, edges }: Sketch,
  part: Part
): { readonly start: number; readonly end: number } | undefined {
  if (part.kind === 'state') return states.find((s) => s.name === part.state)?.spans[0]
  return edges
    .find((e) => states[e.from]?.name === part.from && states[e.to]?.name === part.to)
    ?.labels.find((l) => l.event === part.event)?.span
}

/** The part that a place of the text belongs to. */
export function partAt({ states, edges }: Sketch, offset: number): Part | null {
  const holds = ({ start, end }: { start: number; end: number }): boolean =>
    start <= offset && offset <= end
  for (const { from, to, labels, span } of edges) {
    const label = labels.find((l) => holds(l.span)) ?? (holds(span) ? labels[0] : undefined)
    if (label === undefined) continue
    return {
      kind: 'event',
      from: states[from]?.name ?? '',
      to: states[to]?.name ?? '',
      event: label.event
    }
  }
  const state = states.find((s) => s.spans.some(holds))
  return state === undefined ? null : { kind: 'state', state: state.name }
}
