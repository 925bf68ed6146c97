import { quoted } from '../../findings'
import { OperationFailure } from '../failure'

/** When an atom is true, over sequences of events of which one happens in each step. */
export type AtomMeaning =
  /** In the steps of these events. */
  | { readonly kind: 'events'; readonly events: readonly string[] }
  /** In all steps but those. */
  | { readonly kind: 'not-events'; readonly events: readonly string[] }
  /** From the step of one of `on` to before the next step of one of `off`; false at the beginning. */
  | { readonly kind: 'between'; readonly on: readonly string[]; readonly off: readonly string[] }

/** What is written between an atom's name and the end. */
export const ATOM_FORM = 'ATOM=event[,event...], ATOM=!event[,event...] or ATOM=event..event'

/** Reads `ATOM=event,event`, `ATOM=!event` or `ATOM=on..off`. Undefined where it is none of them. */
export function parseAtom(text: string): readonly [string, AtomMeaning] | undefined {
  const form =
    /^([A-Z_][A-Z0-9_]*)=(!?)([A-Za-z_]\w*(?:,[A-Za-z_]\w*)*)(?:\.\.([A-Za-z_]\w*(?:,[A-Za-z_]\w*)*))?$/.exec(
      text
    )
  if (form === null) return undefined
  const [, atom = '', not = '', first = '', second] = form
  const events = first.split(',')
  if (second === undefined) {
    return [atom, { kind: not === '' ? 'events' : 'not-events', events }]
  }
  return not === '' ? [atom, { kind: 'between', on: events, off: second.split(',') }] : undefined
}

/**
 * The meaning of every atom: as given, else the event that is called like the atom in lower case.
 *
 * @param events those that there are
 * @throws OperationFailure naming the atoms without a meaning, the events that do not exist, and the atoms that the formula does not have
 */
export function meaningsOf(
  atoms: readonly string[],
  given: ReadonlyMap<string, AtomMeaning>,
  events: readonly string[]
): Map<string, AtomMeaning> {
  const foreign = [...given.keys()].find((atom) => !atoms.includes(atom))
  if (foreign !== undefined) {
    throw new OperationFailure(
      `The formula has no atom ${quoted(foreign)}; expected one of ${atoms.join(', ')}.`
    )
  }
  for (const [atom, meaning] of given) {
    const named = meaning.kind === 'between' ? [...meaning.on, ...meaning.off] : meaning.events
    const unknown = named.find((event) => !events.includes(event))
    if (unknown === undefined) continue
    throw new OperationFailure(
      `The atom ${atom} is given the event ${quoted(unknown)}, which the automaton does not have; expected one of ${events.join(', ')}.`
    )
  }
  const meanings = new Map<string, AtomMeaning>()
  const missing: string[] = []
  for (const atom of atoms) {
    const named = atom.toLowerCase()
    const meaning =
      given.get(atom) ?? (events.includes(named) ? { kind: 'events', events: [named] } : undefined)
    if (meaning === undefined) missing.push(atom)
    else meanings.set(atom, meaning)
  }
  if (missing.length > 0) {
    throw new OperationFailure(
      `Nothing says when ${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} true; expected ${ATOM_FORM}, with events of ${events.join(', ')}.`
    )
  }
  return meanings
}
