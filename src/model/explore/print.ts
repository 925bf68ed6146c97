import type { Automaton, Transition } from '../automaton'
import { eventLabel } from '../print-dot'

/** The events of a sequence in one line. */
export const printWord = ({ events }: Automaton, word: readonly Transition[]): string =>
  word.length === 0 ? '(no event)' : word.map(({ event }) => events[event]).join(' ')

/** A line for each step, as in a trace. */
export function printSteps(automaton: Automaton, path: readonly Transition[]): string {
  const { states } = automaton
  if (path.length === 0) return `${states[0] ?? ''} is the initial state\n`
  return path
    .map((t) => `${states[t.from] ?? ''} x ${eventLabel(automaton, t)} -> ${states[t.to] ?? ''}\n`)
    .join('')
}
