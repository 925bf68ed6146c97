import { valueName } from '../../labels'
import type { Automaton, GuardValue } from '../../automaton'
import type { Expression } from '../../expression'
import type { Instrumentation, Parameter } from '../../instrumentation'
import { expressionToC } from './expression'
import { bareScope } from './scope'
import { flat, parenthesized } from './text'
import type { CUses } from './uses'
import { TIGHT } from './value'

/** A parameter of the module, as a definition. */
export function parameterText({ name, default: value, description }: Parameter): string {
  const start = value === 'tick' ? 'TICK_NSEC' : String(value)
  const said = description === '' ? '' : `/* ${description.replaceAll('*/', '* /')} */\n`
  return `${said}static u64 ${name} = ${start};\nmodule_param(${name}, ullong, 0644);`
}

/**
 * Getters of environment variables, and definitions of what guards and invariants compare with:
 * parameters before what may be computed of them. See MonitorHandlers.environment.
 */
export function environmentOf(
  { hybrid, parameters, type }: Instrumentation,
  automaton: Automaton,
  uses: CUses
): Map<string, string> {
  const found = new Map<string, string>()
  for (const parameter of parameters) found.set(parameter.name, parameterText(parameter))
  if (hybrid === undefined) return found
  const target = 'ha_get_target(ha_mon)'
  const scope = bareScope(uses, {
    task: (of) => ({
      pointer: of.kind === 'instance' && type === 'per_task' ? target : 'rv_get_current()',
      nullable: false
    }),
    object: () => target
  })
  const text = (of: Expression): string => flat(expressionToC(of, scope).text)
  for (const value of values(automaton)) {
    const name = valueName(value)
    const of = hybrid.values.get(name)
    if (of === undefined || found.has(value.text)) continue
    const { tight, text: whole } = expressionToC(of, scope)
    const inner = flat(tight === TIGHT.primary ? whole : parenthesized(whole))
    if (value.kind === 'constant') found.set(value.text, `#define ${name} ${inner}`)
    else if (value.kind === 'constant-call') {
      found.set(value.text, `#define ${name}(ha_mon) ${inner}`)
    } else if (value.kind === 'function') {
      found.set(
        value.text,
        `static inline u64 ${name}(struct ha_monitor *ha_mon)\n{\n\treturn ${flat(whole)};\n}`
      )
    }
  }
  for (const [name, of] of hybrid.environment) found.set(name, text(of))
  if (hybrid.timer === 'none') {
    const clocks = automaton.invariants.some((i) => i !== undefined)
    if (clocks) found.set('ha_start_timer', NO_TIMER)
  }
  return found
}

/** The header leaves these out for HA_TIMER_NONE, where invariants are looked at only when an event comes. */
const NO_TIMER = ['ns', 'jiffy']
  .map(
    (unit) =>
      `static inline void ha_start_timer_${unit}(struct ha_monitor *ha_mon, enum envs env,\n\t\t\t\t\tu64 expire, u64 time_ns) { }`
  )
  .join('\n')

/** Everything that guards and invariants compare with. */
function values({ transitions, invariants }: Automaton): GuardValue[] {
  const constraints = [
    ...transitions.flatMap(({ guard }) => guard?.constraints ?? []),
    ...invariants.flatMap((invariant) => invariant ?? [])
  ]
  return constraints.map(({ value }) => value)
}
