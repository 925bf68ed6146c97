import { quoted } from '../findings'
import type { Findings, Span } from '../findings'
import type { Instrumentation, InstrumentationRule } from '../instrumentation'
import type { MonitorSpec } from './spec'

/** Warns of what is no error, but makes a monitor that cannot do its work. */
export function checkCoverage(
  { tracepoints, ltl }: Pick<Instrumentation, 'tracepoints' | 'ltl'>,
  spec: MonitorSpec,
  at: Span,
  findings: Findings
): void {
  const rules = tracepoints.flatMap((t) => t.steps.flat())
  if (spec.kind === 'automaton') checkEvents(rules, spec.automaton.events, at, findings)
  else {
    const known = [ltl?.fetch, ltl?.init, ltl?.created].flatMap((m) => [...(m?.keys() ?? [])])
    checkAtoms(rules, spec.ltl.atoms, known, at, findings)
  }
}

function checkEvents(
  rules: readonly InstrumentationRule[],
  events: readonly string[],
  at: Span,
  findings: Findings
): void {
  const fed = new Set(rules.map((r) => (r.kind === 'event' ? r.event : '')))
  const missing = events.filter((e) => !fed.has(e))
  if (missing.length > 0) {
    findings.warning('event-not-fed', at, `No tracepoint feeds ${some(missing)}.`)
  }
  if (rules.some((r) => r.kind === 'event' && r.call !== 'handle_event')) return
  findings.warning(
    'never-starts',
    at,
    'No rule calls handle_start_event or handle_start_run_event, so monitoring never starts.'
  )
}

function checkAtoms(
  rules: readonly InstrumentationRule[],
  atoms: readonly string[],
  known: readonly string[],
  at: Span,
  findings: Findings
): void {
  const set = new Set([...known, ...rules.map((r) => (r.kind === 'atom' ? r.atom : ''))])
  const missing = atoms.filter((a) => !set.has(a))
  if (missing.length > 0) {
    findings.warning(
      'atom-not-set',
      at,
      `Nothing ever says whether ${some(missing)} holds, so monitoring never starts.`
    )
  }
  if (rules.some((r) => r.kind === 'atom' && r.call !== 'atom_set')) return
  findings.warning(
    'never-starts',
    at,
    'No rule calls atom_update or atom_pulse, so monitoring never starts.'
  )
}

function some(names: readonly string[]): string {
  const first = names.slice(0, 12).map(quoted).join(', ')
  return names.length > 12 ? `${first} and others` : first
}
