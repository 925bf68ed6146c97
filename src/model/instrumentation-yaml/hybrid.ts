import type { Automaton } from '../automaton'
import type { ExpressionNames } from '../expression-names'
import { quoted } from '../findings'
import type { Span } from '../findings'
import type { HybridParts } from '../instrumentation'
import { valueName } from '../labels'
import type { FieldReader, Fields } from './fields'

/** Keys of hybrid automata alone. */
export const HYBRID_KEYS = ['timer', 'environment', 'values'] as const

const TIMERS = ['none', 'wheel', 'hrtimer'] as const

/**
 * What a hybrid automaton needs besides its model.
 *
 * @param complete whether everything that the model names must be there (not so for one that is only described)
 */
export function readHybrid(
  reader: FieldReader,
  top: Fields,
  model: Automaton,
  names: ExpressionNames,
  complete: boolean
): HybridParts {
  const { entries, at } = top
  const timer = readTimer(reader, top, model)
  const clocks = clocksOf(model)
  const environment = reader.expressions(
    entries.get('environment'),
    names,
    'unknown-environment',
    (name) => {
      if (clocks.has(name)) return `${quoted(name)} is a clock, which needs no getter.`
      if (model.envs.includes(name)) return undefined
      return `The model ${quoted(model.name)} has no environment variable ${quoted(name)}${some(model.envs)}.${reader.findings.suggestion(name, model.envs)}`
    }
  )
  const symbols = symbolsOf(model)
  const values = reader.expressions(entries.get('values'), names, 'unknown-value', (name) => {
    if (names.parameters.includes(name)) {
      return `${quoted(name)} is a parameter, which needs no other value.`
    }
    if (symbols.has(name)) return undefined
    return `No guard or invariant of ${quoted(model.name)} compares with ${quoted(name)}${some([...symbols.keys()])}.${reader.findings.suggestion(name, symbols.keys())}`
  })
  if (complete && !reader.findings.hasErrors) {
    const place = (key: string): Span => entries.get(key)?.keySpan ?? at
    for (const env of model.envs) {
      if (clocks.has(env)) checkClock(reader, model, env, at)
      else if (!environment.has(env)) {
        reader.findings.error(
          'no-getter',
          place('environment'),
          `Nothing says what the environment variable ${quoted(env)} is; expected an entry in \`environment\`.`
        )
      }
    }
    for (const [name, text] of symbols) {
      if (values.has(name) || names.parameters.includes(name)) continue
      reader.findings.error(
        'no-value',
        place('values'),
        `Nothing says what ${quoted(text)} is; expected an entry ${quoted(name)} in \`values\` or in \`parameters\`.`
      )
    }
  }
  return { timer, environment, values }
}

/** As rvgen generates it: an hrtimer where there is something to watch. */
function readTimer(reader: FieldReader, top: Fields, model: Automaton): HybridParts['timer'] {
  const watches = model.invariants.some((c) => c !== undefined)
  const entry = top.entries.get('timer')
  if (entry === undefined) return watches ? 'hrtimer' : 'none'
  const timer = reader.choice(top, 'timer', TIMERS) ?? 'none'
  if (timer !== 'none' && !watches) {
    reader.findings.error(
      'no-invariant',
      entry.value.span,
      `The model ${quoted(model.name)} has no invariant that a timer could watch; expected \`none\`.`
    )
  }
  return timer
}

/** Environment variables that count time: those that are reset, bounded by an invariant, or have a unit. */
function clocksOf({ envs, storedEnvs, envKinds, invariants }: Automaton): Set<string> {
  const clocks = new Set(envs.filter((_, i) => i < storedEnvs || envKinds[i] !== undefined))
  for (const c of invariants) if (c !== undefined) clocks.add(c.env)
  return clocks
}

function checkClock(reader: FieldReader, model: Automaton, env: string, at: Span): void {
  if (model.envKinds[model.envs.indexOf(env)] !== undefined) return
  reader.findings.error(
    'no-unit',
    at,
    `The model ${quoted(model.name)} does not say what the clock ${quoted(env)} counts; expected a unit in a guard or invariant, such as ${quoted(`${env}<10us`)}, or a value whose name ends in \`_ns\` or \`_jiffies\`.`
  )
}

/** Names that guards and invariants compare with, and how they are written there. */
function symbolsOf({ transitions, invariants }: Automaton): Map<string, string> {
  const symbols = new Map<string, string>()
  for (const c of [...transitions.flatMap((t) => t.guard?.constraints ?? []), ...invariants]) {
    if (c !== undefined && c.value.kind !== 'literal') symbols.set(valueName(c.value), c.value.text)
  }
  return symbols
}

function some(names: readonly string[]): string {
  return names.length === 0 ? '' : `; it has ${names.slice(0, 12).map(quoted).join(', ')}`
}
