import type { Automaton, ClockKind, Constraint, Guard } from '../automaton'
import { clockKind, valueName } from '../labels'
import { GenerateError } from './files'
import { values } from './names'

/** Longer guards have a line for each condition. */
const MAX_GUARD = 80

const ARGUMENTS = (indent: string): string =>
  `enum states curr_state, enum events event,\n${indent}enum states next_state, u64 time_ns)\n{\n`

/**
 * The part of NAME.c that a hybrid automaton has besides its handlers: what its guards compare with,
 * how its environment variables are read and reset, and ha_verify_constraint() with the functions
 * that it needs (include/rv/ha_monitor.h calls it). The C is that of rvgen but for what would not
 * compile without a warning.
 *
 * @param environment what replaces the marks XXX; see MonitorHandlers
 */
export function hybridFunctions(
  automaton: Automaton,
  name: string,
  environment: ReadonlyMap<string, string>
): string {
  return [
    ...definitions(automaton, environment),
    `/* How environment variables are read, and those that transitions reset, reset. */\n${getter(automaton, name, environment)}`,
    ...resetter(automaton, name),
    ...constraints(automaton, name)
  ].join('\n')
}

/** Whether the kernel has to watch a clock while a state lasts. */
export function hasInvariants({ invariants }: Automaton): boolean {
  return invariants.some((invariant) => invariant !== undefined)
}

/** Constants, macros, parameters and functions. */
function definitions(automaton: Automaton, environment: ReadonlyMap<string, string>): string[] {
  const found: string[] = []
  for (const [name, text] of environment) if (!automaton.envs.includes(name)) found.push(text)
  for (const value of values(automaton)) {
    if (environment.has(value.text)) continue
    const name = valueName(value)
    switch (value.kind) {
      case 'constant':
        found.push(`#define ${name} /* XXX: value of ${name} */`)
        break
      case 'constant-call':
        found.push(`#define ${name}(ha_mon) /* XXX: value of ${name}(ha_mon) */`)
        break
      case 'function':
        found.push(
          `static inline u64 ${name}(struct ha_monitor *ha_mon)\n{\n\treturn /* XXX: value of ${name}() */;\n}`
        )
        break
      default:
        found.push(
          `static u64 ${name} = /* XXX: default of ${name} */;\nmodule_param(${name}, ullong, 0644);`
        )
    }
  }
  return found.map((text) => `${text}\n`)
}

function getter(
  automaton: Automaton,
  name: string,
  environment: ReadonlyMap<string, string>
): string {
  let text = `static u64 ha_get_env(struct ha_monitor *ha_mon, enum envs_${name} env, u64 time_ns)\n{\n`
  // In the order of names, as rvgen has it; the enum has the stored ones first.
  const kinds = new Map(automaton.envs.map((env, i) => [env, automaton.envKinds[i]]))
  ;[...automaton.envs].sort().forEach((env, i) => {
    const read =
      environment.get(env) ?? clockGetter(kinds.get(env)) ?? `/* XXX: how is ${env} read? */`
    text += `\t${i === 0 ? '' : 'else '}if (env == ${env}_${name})\n\t\treturn ${read};\n`
  })
  return `${text}\treturn ENV_INVALID_VALUE;\n}\n`
}

const clockGetter = (kind: ClockKind | undefined): string | undefined =>
  kind === 'ns'
    ? 'ha_get_clk_ns(ha_mon, env, time_ns)'
    : kind === 'jiffies'
      ? 'ha_get_clk_jiffy(ha_mon, env)'
      : undefined

function resetter({ envs, storedEnvs, envKinds }: Automaton, name: string): string[] {
  if (storedEnvs === 0) return []
  let text = `static void ha_reset_env(struct ha_monitor *ha_mon, enum envs_${name} env, u64 time_ns)\n{\n`
  envs.slice(0, storedEnvs).forEach((env, i) => {
    const kind = envKinds[i]
    const reset =
      kind === 'ns'
        ? 'ha_reset_clk_ns(ha_mon, env, time_ns);'
        : kind === 'jiffies'
          ? 'ha_reset_clk_jiffy(ha_mon, env);'
          : `/* XXX: how is ${env} reset? */;`
    text += `\t${i === 0 ? '' : 'else '}if (env == ${env}_${name})\n\t\t${reset}\n`
  })
  return [`${text}}\n`]
}

/** ha_verify_constraint(), and above it what it calls. */
function constraints(automaton: Automaton, name: string): string[] {
  const invariants = hasInvariants(automaton)
  const guards = automaton.transitions.some(({ guard }) => guard !== undefined)
  if (!invariants && !guards) return []
  const all = '(ha_mon, curr_state, event, next_state, time_ns)'
  let verify = `static bool ha_verify_constraint(struct ha_monitor *ha_mon,\n\t\t\t\t ${ARGUMENTS('\t\t\t\t ')}`
  if (invariants) verify += `\tif (!ha_verify_invariants${all})\n\t\treturn false;\n\n`
  if (guards) verify += `\tif (!ha_verify_guards${all})\n\t\treturn false;\n\n`
  if (invariants) verify += `\tha_setup_invariants${all};\n\n`
  const comment = `/*
 * The constraints of the model: the invariant of the state that is left, the guard of the transition
 * with what it resets, and the timer of the state that is entered. A transition to the same state
 * leaves the timer alone unless its event resets a clock.
 */
`
  const functions = [
    ...(invariants ? [invariantCheck(automaton, name)] : []),
    ...(guards ? [guardCheck(automaton, name)] : []),
    ...(invariants ? [timerSetup(automaton, name)] : []),
    `${verify}\treturn true;\n}\n`
  ]
  return [comment + functions.join('\n')]
}

function invariantCheck({ states, invariants }: Automaton, name: string): string {
  const indent = '\t\t\t\t\t'
  let text = `static inline bool ha_verify_invariants(struct ha_monitor *ha_mon,\n${indent}${ARGUMENTS(indent)}`
  let otherwise = ''
  states.forEach((state, i) => {
    const invariant = invariants[i]
    if (invariant === undefined) return
    text += `\t${otherwise}if (curr_state == ${state}_${name})\n`
    text += `\t\treturn ha_check_invariant_${clock(invariant)}(ha_mon, ${invariant.env}_${name}, time_ns, ${cValue(invariant, 'ull')});\n`
    otherwise = 'else '
  })
  return `${text}\treturn true;\n}\n`
}

function guardCheck(automaton: Automaton, name: string): string {
  const { states, events } = automaton
  const indent = `\t\t\t\t    `
  let text = `static inline bool ha_verify_guards(struct ha_monitor *ha_mon,\n${indent}${ARGUMENTS(indent)}\tbool res = true;\n\n`
  const cells = automaton.transitions
    .map(({ from, event, guard }) => ({
      state: states[from] ?? '',
      event: events[event] ?? '',
      guard
    }))
    // As rvgen has them: by the names of state and event.
    .sort((a, b) => order(a.state, b.state) || order(a.event, b.event))
  let otherwise = ''
  for (const { state, event, guard } of cells) {
    if (guard === undefined) continue
    const both = guard.constraints.length > 0 && guard.reset !== undefined
    text += `\t${otherwise}if (curr_state == ${state}_${name} && event == ${event}_${name})${both ? ' {' : ''}\n`
    if (guard.constraints.length > 0) text += `\t\tres = ${condition(automaton, guard, name)};\n`
    if (guard.reset !== undefined) {
      text += `\t\tha_reset_env(ha_mon, ${guard.reset}_${name}, time_ns);\n`
    }
    otherwise = both ? '} else ' : 'else '
  }
  return `${text}${otherwise.startsWith('}') ? '\t}\n' : ''}\treturn res;\n}\n`
}

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** A guard holds too while a clock that it reads was never reset: nothing is known of it then. */
function condition({ envs, storedEnvs }: Automaton, guard: Guard, name: string): string {
  const { constraints, joins } = guard
  const unset = envs
    .slice(0, storedEnvs)
    .filter((env) => constraints.some((c) => c.env === env))
    .map((env) => `ha_monitor_env_invalid(ha_mon, ${env}_${name}) ||`)
  const isMixed = joins.includes('&&') && joins.includes('||')
  const parts = constraints.map((c, i) => {
    const [before, after] = [joins[i - 1], joins[i]]
    // The compiler wants to see what binds tighter; rvgen leaves it to the reader.
    const open = isMixed && after === '&&' && before !== '&&' ? '(' : ''
    const close = isMixed && before === '&&' && after !== '&&' ? ')' : ''
    const compared = `ha_get_env(ha_mon, ${c.env}_${name}, time_ns) ${c.op} ${cValue(c, 'ull')}`
    return `${open}${compared}${close}${after === undefined ? '' : ` ${after}`}`
  })
  if (unset.length > 0 && parts.length > 1) {
    parts[0] = `(${parts[0] ?? ''}`
    parts[parts.length - 1] = `${parts.at(-1) ?? ''})`
  }
  const all = [...unset, ...parts]
  const length = all.reduce((sum, part) => sum + part.length, 0)
  return all.join(length > MAX_GUARD ? '\n\t\t      ' : ' ')
}

function timerSetup(automaton: Automaton, name: string): string {
  const { states, events, invariants, transitions } = automaton
  const indent = '\t\t\t\t       '
  const resets = new Set(
    transitions
      .filter(({ from, to, guard }) => from === to && guard?.reset !== undefined)
      .map(({ event }) => event)
  )
  const loops = events
    .filter((_, event) => resets.has(event))
    .map((event) => ` && event != ${event}_${name}`)
  let text = `static inline void ha_setup_invariants(struct ha_monitor *ha_mon,\n${indent}${ARGUMENTS(indent)}`
  text += `\tif (next_state == curr_state${loops.join('')})\n\t\treturn;\n`
  let cancel = ''
  let otherwise = ''
  states.forEach((state, i) => {
    const invariant = invariants[i]
    if (invariant === undefined) return
    text += `\t${otherwise}if (next_state == ${state}_${name})\n`
    text += `\t\tha_start_timer_${clock(invariant)}(ha_mon, ${invariant.env}_${name}, ${cValue(invariant, '')}, time_ns);\n`
    cancel += `\telse if (curr_state == ${state}_${name})\n\t\tha_cancel_timer(ha_mon);\n`
    otherwise = 'else '
  })
  return `${text}${cancel}}\n`
}

const clock = (c: Constraint): string => (clockKind(c) === 'jiffies' ? 'jiffy' : 'ns')

const FACTORS = { ns: 1n, us: 1_000n, ms: 1_000_000n, s: 1_000_000_000n, j: 1n }
const MAX_U64 = (1n << 64n) - 1n

/** What the constraint compares with, in what its clock counts. @throws GenerateError */
function cValue({ value, unit }: Constraint, suffix: string): string {
  if (value.kind === 'literal') {
    const number = BigInt(value.text) * FACTORS[unit ?? 'ns']
    if (number > MAX_U64) {
      throw new GenerateError(
        `The value ${value.text}${unit ?? ''} does not fit into 64 bits; expected a smaller one.`
      )
    }
    return `${number}${suffix}`
  }
  return value.text.replace('()', '(ha_mon)')
}
