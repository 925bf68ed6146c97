import { taskOperand } from '../expression-names'
import type { ExpressionNames } from '../expression-names'
import { quoted } from '../findings'
import type { Span } from '../findings'
import type {
  AtomCall,
  AtomRule,
  EventRule,
  HandlerCall,
  InstrumentationRule,
  MonitorType,
  StorageCall,
  Subject,
  TracepointRules
} from '../instrumentation'
import { TRACEPOINTS, findTracepoint } from '../tracepoints'
import type { Tracepoint } from '../tracepoints'
import { listOf } from '../yaml-reader'
import type { YamlValue } from '../yaml-reader'
import type { FieldReader, Fields } from './fields'
import { unknownAtom } from './ltl'
import type { MonitorSpec } from './spec'

const HANDLER_CALLS: readonly HandlerCall[] = [
  'handle_event',
  'handle_start_event',
  'handle_start_run_event'
]
const ATOM_CALLS: readonly AtomCall[] = ['atom_set', 'atom_update', 'atom_pulse']
const STORAGE_CALLS: Readonly<Record<MonitorType, readonly StorageCall[]>> = {
  global: [],
  per_cpu: [],
  per_task: ['reset'],
  per_obj: ['create', 'destroy', 'reset']
}

const AUTOMATON_KEYS = ['event', 'call', 'on', 'when'] as const
const LTL_KEYS = ['atom', 'call', 'value', 'on', 'when'] as const

/** Reads `tracepoints`. Without a type (it was wrong), `on` is not judged and no rule comes back. */
export class RuleReader {
  readonly #reader: FieldReader
  readonly #spec: MonitorSpec
  readonly #type: MonitorType | undefined
  readonly #parameters: readonly string[]

  constructor(
    reader: FieldReader,
    spec: MonitorSpec,
    type: MonitorType | undefined,
    parameters: readonly string[]
  ) {
    this.#reader = reader
    this.#spec = spec
    this.#type = type
    this.#parameters = parameters
  }

  read(value: YamlValue): TracepointRules[] {
    const { yaml, findings } = this.#reader
    const rules: TracepointRules[] = []
    const places = new Map<string, Span>()
    const entries = yaml.mapping(value, '`tracepoints`')
    if (entries?.size === 0 && !findings.hasErrors) {
      findings.error(
        'no-tracepoints',
        value.span,
        '`tracepoints` is empty; expected tracepoints with their rules, or `none` for a monitor that is only described.'
      )
    }
    for (const { key, keySpan, value: list } of entries?.values() ?? []) {
      for (const { name, span } of listed(key, keySpan)) {
        const before = places.get(name)
        if (before !== undefined) {
          findings.error(
            'duplicate-tracepoint',
            span,
            `The tracepoint ${quoted(name)} stands twice, first at ${findings.place(before.start)}.`
          )
          continue
        }
        places.set(name, span)
        const sound = this.#tracepoint(name, span, list, rules)
        // The same rules again would only have the same mistakes.
        if (!sound) break
      }
    }
    return rules
  }

  /** False after an error in the rules. */
  #tracepoint(name: string, at: Span, list: YamlValue, rules: TracepointRules[]): boolean {
    const { yaml, findings } = this.#reader
    const tracepoint = findTracepoint(name)
    if (tracepoint === undefined) {
      const names = TRACEPOINTS.map((t) => t.name)
      findings.error(
        'unknown-tracepoint',
        at,
        `Unknown tracepoint ${quoted(name)}; expected one of the catalog in src/model/tracepoints.ts.${findings.suggestion(name, names)}`
      )
      return true
    }
    const steps: InstrumentationRule[][] = []
    let sound = true
    const items = yaml.list(list, quoted(name))
    for (const item of items ?? []) {
      const step = this.#step(item, tracepoint)
      if (step === undefined) sound = false
      else steps.push(step)
    }
    rules.push({ tracepoint: name, steps })
    return sound && items !== undefined
  }

  /** One item below a tracepoint: a rule, or a `choose` list of rules. */
  #step(item: YamlValue, tracepoint: Tracepoint): InstrumentationRule[] | undefined {
    const { yaml, findings } = this.#reader
    const where = `a rule of ${quoted(tracepoint.name)}`
    const keys = this.#spec.kind === 'ltl' ? LTL_KEYS : AUTOMATON_KEYS
    const entries = yaml.mapping(item, where, [...keys, 'choose'])
    if (entries === undefined) return undefined
    const choose = entries.get('choose')
    if (choose === undefined) {
      const rule = this.#rule({ entries, where, at: item.span }, tracepoint)
      return rule && [rule]
    }
    let sound = true
    for (const other of entries.values()) {
      if (other === choose) continue
      sound = false
      findings.error(
        'unknown-key',
        other.keySpan,
        `\`${other.key}\` stands beside \`choose\`; expected it in the rules of the list.`
      )
    }
    const rules: InstrumentationRule[] = []
    let always: Span | undefined
    const alternatives = yaml.list(choose.value, '`choose`')
    for (const alternative of alternatives ?? []) {
      const own = yaml.mapping(alternative, where, keys)
      const rule = own && this.#rule({ entries: own, where, at: alternative.span }, tracepoint)
      if (rule === undefined) {
        sound = false
        continue
      }
      if (always !== undefined) {
        sound = false
        findings.error(
          'never-chosen',
          alternative.span,
          `This rule never runs: the one at ${findings.place(always.start)} has no \`when\` and is always chosen before it.`
        )
      }
      if (rule.when === undefined) always ??= alternative.span
      rules.push(rule)
    }
    return sound && alternatives !== undefined ? rules : undefined
  }

  #rule(fields: Fields, tracepoint: Tracepoint): InstrumentationRule | undefined {
    const names = { tracepoint, instance: undefined, parameters: this.#parameters }
    const body = this.#spec.kind === 'ltl' ? this.#atom(fields, names) : this.#event(fields)
    const on = this.#type && this.#subject(fields, this.#type, names)
    const when = this.#reader.optionalExpression(fields, 'when', names)
    if (fields.entries.has('when') && when === undefined) return undefined
    if (body === undefined || on === undefined) return undefined
    return { ...body, on, when }
  }

  /** A rule of an automaton: an event, or only something done to the instance. */
  #event(fields: Fields): Body | undefined {
    const reader = this.#reader
    const type = this.#type
    const storageCalls = type === undefined ? STORAGE_CALLS.per_obj : STORAGE_CALLS[type]
    const call = reader.choice(fields, 'call', [...HANDLER_CALLS, ...storageCalls])
    const storage = storageCalls.find((c) => c === call)
    const entry = fields.entries.get('event')
    if (storage !== undefined) {
      if (entry === undefined) return { kind: 'storage', call: storage }
      reader.findings.error(
        'event-and-storage',
        entry.keySpan,
        `\`call: ${storage}\` processes no event; expected no \`event\` beside it.`
      )
      return undefined
    }
    // What a misspelt call would have asked for is not known.
    if (call === undefined && entry === undefined) return undefined
    const found = reader.requiredText(fields, 'event')
    if (found === undefined) return undefined
    const handler = HANDLER_CALLS.find((c) => c === call)
    if (this.#spec.kind === 'ltl') return undefined
    const { events, name } = this.#spec.automaton
    if (!events.includes(found.text)) {
      reader.findings.error(
        'unknown-event',
        found.span,
        `The model ${quoted(name)} has no event ${quoted(found.text)}; it has ${events.slice(0, 12).map(quoted).join(', ')}${events.length > 12 ? ' and others' : ''}.${reader.findings.suggestion(found.text, events)}`
      )
      return undefined
    }
    return handler && { kind: 'event', event: found.text, call: handler }
  }

  #atom(fields: Fields, names: ExpressionNames): Body | undefined {
    const reader = this.#reader
    const call = reader.choice(fields, 'call', ATOM_CALLS)
    const value = fields.entries.has('value')
      ? reader.optionalExpression(fields, 'value', names)
      : ({ kind: 'number', value: 1 } as const)
    const found = reader.requiredText(fields, 'atom')
    if (found === undefined || this.#spec.kind !== 'ltl') return undefined
    const unknown = unknownAtom(reader, this.#spec.ltl, found.text)
    if (unknown !== undefined) {
      reader.findings.error('unknown-atom', found.span, unknown)
      return undefined
    }
    if (call === undefined || value === undefined) return undefined
    return { kind: 'atom', atom: found.text, call, value }
  }

  #subject(fields: Fields, type: MonitorType, names: ExpressionNames): Subject | undefined {
    const reader = this.#reader
    if (type === 'per_obj') {
      const of = reader.requiredExpression(fields, 'on', names)
      return of && { kind: 'id', of }
    }
    if (type !== 'per_task') {
      const only = type === 'global' ? type : 'cpu'
      const entry = fields.entries.get('on')
      const found = entry && reader.yaml.text(entry.value, '`on`')
      if (entry === undefined || found?.text === only) return { kind: only }
      if (found !== undefined) this.#wrongSubject(found.text, found.span, type, [only])
      return undefined
    }
    const found = reader.requiredText(fields, 'on')
    if (found === undefined) return undefined
    const task = taskOperand(found.text, names)
    if (task?.kind === 'field') return { kind: 'field', name: task.name }
    if (task?.kind === 'current') return { kind: 'current' }
    const tasks = names.tracepoint?.fields.filter((f) => f.kind === 'task').map((f) => f.name)
    this.#wrongSubject(found.text, found.span, type, [...(tasks ?? []), 'current'])
    return undefined
  }

  #wrongSubject(text: string, at: Span, type: MonitorType, expected: readonly string[]): void {
    const { findings } = this.#reader
    findings.error(
      'wrong-instance',
      at,
      `A ${type} monitor cannot run on ${quoted(text)}; expected ${listOf(expected)}.${findings.suggestion(text, expected)}`
    )
  }
}

/** A rule without its instance and condition. */
type Body = Omit<EventRule, 'on' | 'when'> | Omit<AtomRule, 'on' | 'when'> | StorageBody
interface StorageBody {
  readonly kind: 'storage'
  readonly call: StorageCall
}

/** The names of a key such as `irq_handler_entry, local_timer_entry`, each with its place. */
function listed(key: string, at: Span): { readonly name: string; readonly span: Span }[] {
  // A quoted key has other offsets than its text.
  const plain = at.end - at.start === key.length
  const names: { name: string; span: Span }[] = []
  let offset = 0
  for (const part of key.split(',')) {
    const name = part.trim()
    const start = at.start + offset + part.indexOf(name)
    names.push({ name, span: plain ? { start, end: start + name.length } : at })
    offset += part.length + 1
  }
  return names
}
