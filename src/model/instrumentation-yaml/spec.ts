import type { Automaton } from '../automaton'
import type { LtlModel } from '../ltl'

/** The model beside an instrumentation file; events and atoms are checked against it. */
export type MonitorSpec =
  | { readonly kind: 'automaton'; readonly automaton: Automaton }
  | { readonly kind: 'ltl'; readonly ltl: LtlModel }

/** Name of the model. */
export function specName(spec: MonitorSpec): string {
  return spec.kind === 'ltl' ? spec.ltl.name : spec.automaton.name
}

/** What it is in words. */
export function specTitle(spec: MonitorSpec): string {
  if (spec.kind === 'ltl') return 'a formula'
  return spec.automaton.kind === 'ha' ? 'a hybrid automaton' : 'a deterministic automaton'
}
