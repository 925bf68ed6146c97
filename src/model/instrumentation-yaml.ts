import type { Automaton } from './automaton'
import { parseCondition } from './condition'
import type { Diagnostic } from './diagnostics'
import { Findings, quoted } from './findings'
import type { Span } from './findings'
import type {
  Condition,
  HandlerCall,
  Instrumentation,
  InstrumentationRule,
  MonitorType,
  TracepointRules
} from './instrumentation'
import { TRACEPOINTS, findTracepoint } from './tracepoints'
import type { Tracepoint } from './tracepoints'
import { YamlReader, listOf } from './yaml-reader'
import type { YamlEntry, YamlText, YamlValue } from './yaml-reader'

/** Longest instrumentation text that is read, in UTF-16 units. */
export const MAX_INSTRUMENTATION_LENGTH = 1 << 16

/** A name needs its terminating NUL too (MAX_RV_MONITOR_NAME_SIZE, include/linux/rv.h). */
const MAX_NAME_LENGTH = 31

const TYPES: readonly MonitorType[] = ['global', 'per_cpu', 'per_task', 'per_obj']
const CALLS: readonly HandlerCall[] = [
  'handle_event',
  'handle_start_event',
  'handle_start_run_event'
]
const KEYS = ['monitor', 'type', 'description', 'parent', 'tracepoints'] as const
const RULE_KEYS = ['event', 'call', 'on', 'when'] as const

export interface ParsedInstrumentation {
  /** Undefined exactly when there is a diagnostic of severity error. */
  readonly instrumentation: Instrumentation | undefined
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * Reads the file beside a model that says how tracepoints become its events;
 * the format is described in models/README.md. Never throws, whatever the text.
 *
 * @param automaton the model; events are checked against it.
 */
export function parseInstrumentation(
  text: string,
  file: string,
  automaton: Automaton
): ParsedInstrumentation {
  const findings = new Findings(file, text)
  const instrumentation = new InstrumentationReader(text, automaton, findings).read()
  return {
    instrumentation: findings.hasErrors ? undefined : instrumentation,
    diagnostics: findings.list()
  }
}

/** Why a monitor or container cannot have this name, or undefined where it can. */
export function nameProblem(name: string): string | undefined {
  if (!/^[A-Za-z0-9_]+$/.test(name)) {
    return `The name ${quoted(name)} is not one the kernel can use; expected letters, digits and \`_\`.`
  }
  if (name.length > MAX_NAME_LENGTH) {
    return `The name ${quoted(name)} has ${name.length} characters; expected at most ${MAX_NAME_LENGTH}.`
  }
  return undefined
}

class InstrumentationReader {
  readonly #text: string
  readonly #automaton: Automaton
  readonly #findings: Findings
  readonly #yaml: YamlReader
  readonly #fed = new Set<string>()
  #starts = false

  constructor(text: string, automaton: Automaton, findings: Findings) {
    this.#text = text
    this.#automaton = automaton
    this.#findings = findings
    this.#yaml = new YamlReader(text, findings)
  }

  read(): Instrumentation | undefined {
    const start = { start: 0, end: 0 }
    if (this.#text.length > MAX_INSTRUMENTATION_LENGTH) {
      this.#findings.error(
        'too-large',
        start,
        `The file has ${this.#text.length} characters; expected at most ${MAX_INSTRUMENTATION_LENGTH}.`
      )
      return undefined
    }
    const root = this.#yaml.parse()
    const top = root && this.#yaml.mapping(root, 'the file', KEYS)
    if (top === undefined) return undefined
    const at = top.values().next().value?.keySpan ?? start
    const monitor = this.#name(top, 'monitor', at, true)
    const parent = this.#name(top, 'parent', at, false)
    const type = this.#choice(top, 'type', TYPES, at)
    const description = this.#description(top, at)
    const points = this.#required(top, 'tracepoints', at, 'the file')
    if (points === undefined) return undefined
    const isFed = !this.#yaml.isWord(points.value, 'none')
    // Without a type, a rule's `on` cannot be judged.
    const tracepoints = isFed ? this.#tracepoints(points.value, type) : []
    if (monitor === undefined || type === undefined || description === undefined) return undefined
    if (isFed && !this.#findings.hasErrors) this.#coverage(points.keySpan)
    return { monitor, type, description, parent, tracepoints }
  }

  #required(
    entries: ReadonlyMap<string, YamlEntry>,
    key: string,
    at: Span,
    where: string
  ): YamlEntry | undefined {
    const entry = entries.get(key)
    if (entry === undefined) {
      this.#findings.error('missing-key', at, `The key \`${key}\` is missing in ${where}.`)
    }
    return entry
  }

  #requiredText(
    entries: ReadonlyMap<string, YamlEntry>,
    key: string,
    at: Span,
    where: string
  ): YamlText | undefined {
    const entry = this.#required(entries, key, at, where)
    return entry && this.#yaml.text(entry.value, `\`${key}\``)
  }

  #name(
    top: ReadonlyMap<string, YamlEntry>,
    key: 'monitor' | 'parent',
    at: Span,
    required: boolean
  ): string | undefined {
    if (!required && !top.has(key)) return undefined
    const found = this.#requiredText(top, key, at, 'the file')
    if (found === undefined) return undefined
    const problem = nameProblem(found.text)
    if (problem === undefined) return found.text
    this.#findings.error('bad-name', found.span, problem)
    return undefined
  }

  #choice<T extends string>(
    entries: ReadonlyMap<string, YamlEntry>,
    key: string,
    choices: readonly T[],
    at: Span,
    where = 'the file'
  ): T | undefined {
    const found = this.#requiredText(entries, key, at, where)
    if (found === undefined) return undefined
    const choice = choices.find((c) => c === found.text)
    if (choice === undefined) {
      this.#findings.error(
        `unknown-${key}`,
        found.span,
        `Unknown ${key} ${quoted(found.text)}; expected ${listOf(choices)}.${this.#findings.suggestion(found.text, choices)}`
      )
    }
    return choice
  }

  #description(top: ReadonlyMap<string, YamlEntry>, at: Span): string | undefined {
    const found = this.#requiredText(top, 'description', at, 'the file')
    const text = found?.text.trim()
    if (found !== undefined && (text === '' || /\p{Cc}/u.test(text ?? ''))) {
      this.#findings.error(
        'bad-description',
        found.span,
        'The description is shown on one line; expected text without line breaks and control characters.'
      )
      return undefined
    }
    return text
  }

  #tracepoints(value: YamlValue, type: MonitorType | undefined): TracepointRules[] {
    const rules: TracepointRules[] = []
    const entries = this.#yaml.mapping(value, '`tracepoints`')
    if (entries?.size === 0 && !this.#findings.hasErrors) {
      this.#findings.error(
        'no-tracepoints',
        value.span,
        '`tracepoints` is empty; expected tracepoints with their rules, or `none` for a monitor that is only drawn.'
      )
    }
    for (const { key, keySpan, value: list } of entries?.values() ?? []) {
      const tracepoint = findTracepoint(key)
      if (tracepoint === undefined) {
        const names = TRACEPOINTS.map((t) => t.name)
        this.#findings.error(
          'unknown-tracepoint',
          keySpan,
          `Unknown tracepoint ${quoted(key)}; expected one of the catalog in src/model/tracepoints.ts.${this.#findings.suggestion(key, names)}`
        )
        continue
      }
      const steps: InstrumentationRule[][] = []
      for (const item of this.#yaml.list(list, `\`${key}\``) ?? []) {
        const step = this.#step(item, tracepoint, type)
        if (step !== undefined) steps.push(step)
      }
      rules.push({ tracepoint: key, steps })
    }
    return rules
  }

  /** One item below a tracepoint: a rule, or a `choose` list of rules. */
  #step(
    item: YamlValue,
    tracepoint: Tracepoint,
    type: MonitorType | undefined
  ): InstrumentationRule[] | undefined {
    const what = `a rule of \`${tracepoint.name}\``
    const entries = this.#yaml.mapping(item, what, [...RULE_KEYS, 'choose'])
    if (entries === undefined) return undefined
    const choose = entries.get('choose')
    if (choose === undefined) {
      const rule = this.#rule(entries, item.span, tracepoint, type)
      return rule && [rule]
    }
    for (const other of entries.values()) {
      if (other === choose) continue
      this.#findings.error(
        'unknown-key',
        other.keySpan,
        `\`${other.key}\` stands beside \`choose\`; expected it in the rules of the list.`
      )
    }
    const rules: InstrumentationRule[] = []
    let always: Span | undefined
    for (const alternative of this.#yaml.list(choose.value, '`choose`') ?? []) {
      const own = this.#yaml.mapping(alternative, what, RULE_KEYS)
      const rule = own && this.#rule(own, alternative.span, tracepoint, type)
      if (rule === undefined) continue
      if (always !== undefined) {
        this.#findings.error(
          'never-chosen',
          alternative.span,
          `This rule never runs: the one at ${this.#findings.place(always.start)} has no \`when\` and is always chosen before it.`
        )
      }
      if (rule.when === undefined) always ??= alternative.span
      rules.push(rule)
    }
    return rules
  }

  #rule(
    entries: ReadonlyMap<string, YamlEntry>,
    at: Span,
    tracepoint: Tracepoint,
    type: MonitorType | undefined
  ): InstrumentationRule | undefined {
    const where = `a rule of \`${tracepoint.name}\``
    const event = this.#event(entries, at, where)
    const call = this.#choice(entries, 'call', CALLS, at, where)
    const on = type && this.#instance(entries, at, tracepoint, type)
    const when = entries.has('when') ? this.#condition(entries, at, tracepoint) : undefined
    if (event === undefined || call === undefined || on === undefined) return undefined
    this.#fed.add(event)
    this.#starts ||= call !== 'handle_event'
    return { event, call, on, when }
  }

  #event(entries: ReadonlyMap<string, YamlEntry>, at: Span, where: string): string | undefined {
    const found = this.#requiredText(entries, 'event', at, where)
    if (found === undefined) return undefined
    const { events, name } = this.#automaton
    if (events.includes(found.text)) return found.text
    this.#findings.error(
      'unknown-event',
      found.span,
      `The model ${quoted(name)} has no event ${quoted(found.text)}; it has ${events.slice(0, 12).map(quoted).join(', ')}${events.length > 12 ? ' and others' : ''}.${this.#findings.suggestion(found.text, events)}`
    )
    return undefined
  }

  #instance(
    entries: ReadonlyMap<string, YamlEntry>,
    at: Span,
    tracepoint: Tracepoint,
    type: MonitorType
  ): string | undefined {
    const fixed = type === 'per_cpu' ? 'cpu' : type === 'global' ? 'global' : undefined
    const kind = type === 'per_task' ? 'task' : 'int'
    const fields =
      fixed === undefined
        ? tracepoint.fields.filter((f) => f.kind === kind).map((f) => f.name)
        : [fixed]
    if (!entries.has('on') && fixed !== undefined) return fixed
    const noun = kind === 'task' ? 'task' : 'object'
    if (fields.length === 0) {
      this.#findings.error(
        'no-instance',
        entries.get('on')?.value.span ?? at,
        `\`${tracepoint.name}\` carries no ${noun}, so it cannot feed a ${type} monitor.`
      )
      return undefined
    }
    const found = this.#requiredText(entries, 'on', at, `a rule of \`${tracepoint.name}\``)
    if (found === undefined) return undefined
    if (fields.includes(found.text)) return found.text
    this.#findings.error(
      'wrong-instance',
      found.span,
      `A ${type} monitor cannot run on ${quoted(found.text)}; expected ${listOf(fields)}.${this.#findings.suggestion(found.text, fields)}`
    )
    return undefined
  }

  #condition(
    entries: ReadonlyMap<string, YamlEntry>,
    at: Span,
    tracepoint: Tracepoint
  ): Condition | undefined {
    const found = this.#requiredText(entries, 'when', at, `a rule of \`${tracepoint.name}\``)
    if (found === undefined) return undefined
    const parsed = parseCondition(found.text, tracepoint)
    if ('condition' in parsed) return parsed.condition
    this.#findings.error('bad-condition', found.at(parsed.error.span), parsed.error.message)
    return undefined
  }

  /** What is no error, but makes a monitor that cannot do its work. */
  #coverage(at: Span): void {
    const missing = this.#automaton.events.filter((e) => !this.#fed.has(e))
    if (missing.length > 0) {
      this.#findings.warning(
        'event-not-fed',
        at,
        `No tracepoint feeds ${missing.slice(0, 12).map(quoted).join(', ')}.`
      )
    }
    if (!this.#starts) {
      this.#findings.warning(
        'never-starts',
        at,
        'No rule calls handle_start_event or handle_start_run_event, so monitoring never starts.'
      )
    }
  }
}
