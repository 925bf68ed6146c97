import type { MonitorSpec } from '../instrumentation-yaml'
import { interWidth, monoWidth } from './fonts'
import { graphText, type BoxSize, type Direction } from './layout-text'
import { specOfAutomaton, specOfLtl, type GraphSpec, type SpecState } from './spec'
import { wrapped } from './text/graph'
import { visibleLine } from '../visible-text'

/** What a picture shows, before it is laid out. */
export interface Picture {
  /** The model's name. */
  readonly title: string
  /** What is drawn, in one sentence, for who cannot see it. */
  readonly description: string
  readonly spec: GraphSpec
  /** Lines of text below the drawing: an LTL rule. */
  readonly caption: readonly string[]
}

/** Sizes of a picture's texts and the room around them, px. */
export const NAME = 14
export const LABEL = 12
export const SMALL = 11
export const LINE = 16
const PADDING = 16
/** Columns of what stands in a state or below the drawing. */
const STATE_WRAP = 40
const CAPTION_WRAP = 88

/** What is drawn of a model. */
export function pictureOf(model: MonitorSpec): Picture {
  if (model.kind === 'ltl') {
    const { name, rule, buchi } = model.ltl
    const spec = specOfLtl(model.ltl)
    return {
      title: name,
      description:
        `Büchi automaton of the LTL monitor ${name} with ${count(buchi.states, 'state')}; ` +
        sentenceOfInitial(spec),
      spec,
      caption: wrapped(visibleLine(`RULE = ${rule}`), CAPTION_WRAP)
    }
  }
  const { name, kind, states, events, final } = model.automaton
  const spec = specOfAutomaton(model.automaton)
  const ends = states.filter((_, i) => final[i] === true)
  return {
    title: name,
    description:
      `${kind === 'ha' ? 'Hybrid' : 'Deterministic'} automaton ${name} with ` +
      `${count(states.length, 'state')} and ${count(events.length, 'event')}; ` +
      `${sentenceOfInitial(spec)}, ` +
      (ends.length === 0 ? 'no state is final.' : `final: ${listOf(ends)}.`),
    spec,
    caption: []
  }
}

/** A DOT text for Graphviz (engine dot, format json0); its answer is what svgOf() takes. */
export function pictureText({ spec }: Picture, direction: Direction): string {
  return graphText(spec, direction, {
    states: spec.states.map(sizeOf),
    labels: spec.edges.map(({ labels }) =>
      labels.length === 0
        ? undefined
        : {
            width: Math.ceil(Math.max(...labels.map(labelWidth)) + 12),
            height: labels.length * LINE + 6
          }
    )
  })
}

/** The lines below a state's name. */
export function linesBelow({ invariant }: SpecState): readonly string[] {
  return invariant === '' ? [] : wrapped(visibleLine(invariant), STATE_WRAP)
}

/** Width of an event with its guard, px. */
export function labelWidth({ event, guard }: { event: string; guard: string }): number {
  const width = interWidth(visibleLine(event), LABEL, false)
  return guard === '' ? width : width + GUARD_GAP + monoWidth(visibleLine(guard), SMALL)
}

/** Between an event and its guard, px. */
export const GUARD_GAP = 7

function sizeOf(state: SpecState): BoxSize {
  const below = linesBelow(state)
  const width = Math.max(
    interWidth(visibleLine(state.name), NAME, true),
    ...below.map((line) => monoWidth(line, SMALL))
  )
  return {
    width: Math.ceil(Math.max(width + 2 * PADDING, 72)),
    height: 44 + below.length * LINE
  }
}

function sentenceOfInitial({ states }: GraphSpec): string {
  return `initial: ${listOf(states.filter(({ initial }) => initial).map(({ name }) => name))}`
}

/** A picture's description is read aloud: it does not name dozens. */
function listOf(names: readonly string[]): string {
  const some = names.slice(0, 8).join(', ')
  if (names.length === 0) return 'none'
  return names.length > 8 ? `${some} and ${names.length - 8} more` : some
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`
}
