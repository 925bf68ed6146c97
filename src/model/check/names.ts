import type { Automaton, Constraint } from '../automaton'
import type { Built, Places } from '../dot/build'
import { quoted } from '../findings'
import type { Findings, Span } from '../findings'
import { valueName } from '../labels'
import type { LtlModel } from '../ltl'
import { envUses } from './env-places'
import { C_KEYWORDS, C_MACROS, GUARD_LOCALS, LTL_LOCALS } from './c-words'

/** A name must be shorter (MAX_RV_MONITOR_NAME_SIZE, MAX_DA_NAME_LEN in include/linux/rv.h). */
const NAME_SIZE = 32

/** What becomes of the model's name: an identifier, a macro's text, a file name. */
export function checkModelName(name: string, at: Span, findings: Findings): void {
  if (name.length >= NAME_SIZE) {
    findings.warning(
      'name-too-long',
      at,
      `The name ${quoted(name)} has ${name.length} characters, and a kernel does not register it; expected fewer than ${NAME_SIZE}.`
    )
  }
  if (C_KEYWORDS.has(name) || C_MACROS.has(name)) {
    findings.warning(
      'reserved-name',
      at,
      `${quoted(name)} stands for something else in C, so \`MONITOR_NAME\` does not become the monitor's name; expected another name.`
    )
  } else if (/^[0-9]/.test(name)) {
    findings.warning(
      'model-name',
      at,
      `The name ${quoted(name)} begins with a digit; expected a name that C takes.`
    )
  }
}

/** Names of an automaton that the generated C code cannot have. */
export function checkAutomatonNames(
  { automaton, places, doubts }: Built,
  findings: Findings
): void {
  const { states, events, envs, transitions } = automaton
  const eventPlace = new Map<number, Span>()
  transitions.forEach((t, i) => {
    const at = places.transitions[i]
    if (at !== undefined && !eventPlace.has(t.event)) eventPlace.set(t.event, at)
  })
  const uses = envUses(automaton)
  const envPlace = (env: string): Span => {
    const { guard, reset, invariant } = uses.get(env) ?? {}
    const transition = guard ?? reset
    const at =
      transition === undefined ? places.invariants[invariant ?? -1] : places.transitions[transition]
    return at ?? places.head
  }
  const all: readonly (readonly [string, string, Span])[] = [
    ...states.flatMap((s, i) =>
      doubts.missing.has(i) || doubts.misnamed.has(i)
        ? []
        : [['state', s, places.states[i] ?? places.head] as const]
    ),
    ...events.map((e, i) => ['event', e, eventPlace.get(i) ?? places.head] as const),
    ...envs.map((e) => ['environment variable', e, envPlace(e)] as const)
  ]
  checkEnumerators(all, automaton.kind, findings)
  for (const [what, name, at] of all) {
    if (name.length >= NAME_SIZE) {
      findings.note(
        'long-name',
        at,
        `The ${what} ${quoted(name)} has ${name.length} characters; Linux 6.12 keeps the first 23 of them in a trace event.`
      )
    }
    if (C_KEYWORDS.has(name) || C_MACROS.has(name)) {
      findings.note(
        'c-name',
        at,
        `${quoted(name)} means something else in C: \`rvgen monitor\` adds the monitor's name to it, but the code of \`dot2c\` does not compile.`
      )
    }
  }
  checkValues(automaton, places, findings)
}

/** States, events and environment variables are enumerators of one name space, each with the same suffix. */
function checkEnumerators(
  all: readonly (readonly [string, string, Span])[],
  kind: Automaton['kind'],
  findings: Findings
): void {
  const generated = ['state_max', 'event_max', 'automaton']
  if (kind === 'ha') generated.push('env_max', 'env_max_stored')
  const taken = new Map(generated.map((name) => [name, 'name of the generated code']))
  for (const [what, name, at] of all) {
    const other = taken.get(name)
    if (other === undefined) {
      taken.set(name, what)
      continue
    }
    const article = what === 'environment variable' || what === 'event' ? 'an' : 'a'
    findings.warning(
      'name-collision',
      at,
      `${quoted(name)} is ${article} ${what} here and ${other === 'event' ? 'an' : 'a'} ${other} elsewhere, and both become the same C identifier; expected different names.`
    )
  }
}

/** Names that guards and invariants compare with become macros, variables and functions. */
function checkValues(
  { transitions, invariants }: Automaton,
  places: Places,
  findings: Findings
): void {
  const seen = new Set<string>()
  const check = (c: Constraint | undefined, at: Span | undefined): void => {
    if (c === undefined || c.value.kind === 'literal') return
    const name = valueName(c.value)
    if (seen.has(name)) return
    seen.add(name)
    if (!C_KEYWORDS.has(name) && !C_MACROS.has(name) && !GUARD_LOCALS.has(name)) return
    findings.warning(
      'reserved-value',
      at ?? places.head,
      `${quoted(name)} means something else in the kernel's code or in what rvgen generates; expected another name for this value.`
    )
  }
  invariants.forEach((c, i) => {
    check(c, places.invariants[i])
  })
  transitions.forEach(({ guard }, i) => {
    for (const c of guard?.constraints ?? []) check(c, places.transitions[i])
  })
}

/** Each atom is an enumerator LTL_NAME, and a variable in lower case. */
export function checkAtomNames(
  { atoms }: LtlModel,
  places: ReadonlyMap<string, Span>,
  findings: Findings
): void {
  for (const atom of atoms) {
    const variable = atom.toLowerCase()
    const isTaken =
      C_KEYWORDS.has(variable) ||
      C_MACROS.has(variable) ||
      LTL_LOCALS.has(variable) ||
      /^val[0-9]+$/.test(variable)
    if (atom !== 'NUM_ATOM' && !isTaken) continue
    const identifier = atom === 'NUM_ATOM' ? 'LTL_NUM_ATOM' : variable
    findings.warning(
      'reserved-atom',
      places.get(atom) ?? { start: 0, end: 0 },
      `The atom ${quoted(atom)} becomes ${quoted(identifier)} in the generated code, which C or that code has for something else; expected another name.`
    )
  }
}
