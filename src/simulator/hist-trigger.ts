import { Errno } from '../engine/errno'
import { compileFilter, fieldReader, type EventFilter, type FieldReader } from './event-filter'
import type { RecordNames, TraceEvent } from './trace-events'

/*
 * `hist` triggers (kernel/trace/trace_events_hist.c): hits by key, and what a record that is the
 * latest of its key had in other fields. Of the kernel's language here is what counts, and what
 * keeps the latest: keys, size, clock, a variable that is the time, onmax() with save(), a filter.
 */

/** tracing_map.h and trace_events_hist.c: keys at most, and their bytes; a string takes 256. */
const MAX_KEYS = 3
const MAX_KEY_BYTES = 384
const STRING_BYTES = 256
const NUMBER_BYTES = 8
const DEFAULT_SIZE = 2048
const MIN_SIZE = 128
const MAX_SIZE = 131_072

interface Entry {
  readonly keys: readonly (number | string)[]
  hits: number
  max: number
  saved: readonly (number | string)[]
}

/** One histogram of an event in a trace instance. */
export class HistTrigger {
  /** Without `!`, ` if` and the state, as the trigger file reads. */
  readonly text: string
  private readonly keys: readonly Named[]
  private readonly saved: readonly Named[]
  private readonly size: number
  /** Name of the variable that is the time of the record; undefined: there is none. */
  private readonly variable: string | undefined
  private readonly filter: EventFilter | undefined
  private readonly entries = new Map<string, Entry>()
  private hits = 0
  private dropped = 0

  /** @throws Errno EINVAL where the kernel would refuse it, or this one does not have it */
  constructor(text: string, event: TraceEvent, names: RecordNames) {
    const [attributes, condition] = parts(text)
    const spec = parse(attributes)
    const named = (name: string): Named => {
      const reader = fieldReader(event, name === 'cpu' ? 'common_cpu' : name, names)
      if (reader === undefined) throw invalid(`there is no field ${name}`)
      return { name: name === 'cpu' ? 'common_cpu' : name, reader }
    }
    this.keys = spec.keys.map(named)
    this.saved = spec.save.map(named)
    this.size = spec.size
    this.variable = spec.variable
    this.filter = condition === undefined ? undefined : compileFilter(condition, event, names)
    const bytes = this.keys.reduce(
      (sum, { reader }) => sum + (reader.kind === 'string' ? STRING_BYTES : NUMBER_BYTES),
      0
    )
    if (this.keys.length > MAX_KEYS || bytes > MAX_KEY_BYTES) throw invalid('the key is too long')
    // Linux 7.3 says the name of this key twice.
    const shown = this.keys.map(({ name }) => (name === 'common_cpu' ? name + name : name))
    this.text =
      `hist:keys=${shown.join(',')}:vals=hitcount` +
      (spec.variable === undefined ? '' : `:${spec.variable}=common_timestamp`) +
      `:sort=hitcount:size=${this.size}` +
      (spec.variable === undefined ? '' : `:clock=${spec.clock}`) +
      (spec.save.length === 0 ? '' : `:onmax($${spec.variable}).save(${spec.save.join(',')})`) +
      (condition === undefined ? '' : ` if ${condition}`)
  }

  /** It has variables: its instance cannot be removed before it is. */
  get holdsInstance(): boolean {
    return this.variable !== undefined
  }

  /** An event of the instance. @param now virtual time, ns */
  update(words: Int32Array, now: number): void {
    if (this.filter?.keeps(words, 0) === false) return
    const keys = this.keys.map(({ reader }) => reader.of(words, 0))
    const key = keys.join('\0')
    let entry = this.entries.get(key)
    if (entry === undefined) {
      if (this.entries.size >= this.size) {
        this.dropped++
        return
      }
      entry = { keys, hits: 0, max: -1, saved: [] }
      this.entries.set(key, entry)
    }
    this.hits++
    entry.hits++
    if (this.saved.length === 0 || now <= entry.max) return
    entry.max = now
    entry.saved = this.saved.map(({ reader }) => reader.of(words, 0))
  }

  /** Its part of the file `hist`. */
  get table(): string {
    const rows = [...this.entries.values()].sort((a, b) => a.hits - b.hits)
    return (
      `# event histogram\n#\n# trigger info: ${this.text} [active]\n#\n\n` +
      rows.map((row) => this.row(row)).join('') +
      `\nTotals:\n    Hits: ${this.hits}\n    Entries: ${rows.length}\n    Dropped: ${this.dropped}\n`
    )
  }

  private row({ keys, hits, max, saved }: Entry): string {
    const key = this.keys.map(({ name }, i) => `${name}: ${padded(keys[i] ?? 0, 50)}`).join(', ')
    const first = `{ ${key} } hitcount: ${String(hits).padStart(10)}\n`
    if (this.saved.length === 0) return first
    const fields = this.saved.map(({ name }, i) => `  ${name}: ${padded(saved[i] ?? 0, 32)}`)
    return `${first}\tmax: ${String(max).padStart(10)}${fields.join('')}\n`
  }
}

interface Named {
  readonly name: string
  readonly reader: FieldReader
}

interface Spec {
  readonly keys: readonly string[]
  readonly size: number
  readonly variable: string | undefined
  readonly clock: string
  readonly save: readonly string[]
}

/**
 * The histograms of an event after a write to its trigger file: one more or, with `!`, one less;
 * what is not there needs no removing.
 * @throws Errno EINVAL; EEXIST where there is the same one
 */
export function changedHists(
  text: string,
  before: readonly HistTrigger[],
  event: TraceEvent,
  names: RecordNames
): readonly HistTrigger[] {
  const remove = text.startsWith('!')
  const trigger = new HistTrigger(remove ? text.slice(1) : text, event, names)
  const rest = before.filter((other) => other.text !== trigger.text)
  if (remove) return rest
  if (rest.length < before.length) throw new Errno('EEXIST', 'there is the same hist trigger')
  return [...before, trigger]
}

/** A number as `%10llu` has it, which of a negative one is the unsigned value; a string padded behind. */
function padded(value: number | string, width: number): string {
  if (typeof value === 'string') return value.padEnd(width)
  return (value < 0 ? String(BigInt.asUintN(64, BigInt(value))) : String(value)).padStart(10)
}

function parts(text: string): readonly [attributes: string, condition: string | undefined] {
  const at = text.search(/\s+if\s+/)
  if (at < 0) return [text.trim(), undefined]
  return [text.slice(0, at), text.slice(at).replace(/^\s+if\s+/, '')]
}

function parse(attributes: string): Spec {
  let keys: readonly string[] = []
  let size = DEFAULT_SIZE
  let variable: string | undefined
  let clock = 'global'
  let save: readonly string[] = []
  for (const attribute of attributes.split(':').slice(1)) {
    const [, name = '', value = ''] = /^(\w+)=(.+)$/.exec(attribute) ?? []
    const latest = /^onmax\(\$(\w+)\)\.save\(([\w,]+)\)$/.exec(attribute)
    if (latest !== null && latest[1] === variable) save = (latest[2] ?? '').split(',')
    else if (name === 'keys' || name === 'key') keys = value.split(',')
    else if (name === 'size') size = sizeOf(value)
    else if (name === 'clock') clock = value
    else if (value === 'common_timestamp' && variable === undefined) variable = name
    else if (!/^(vals?|values|sort)=hitcount$/.test(attribute)) {
      throw invalid(`${attribute} is not understood`)
    }
  }
  if (keys.length === 0) throw invalid('expected keys=')
  return { keys, size, variable, clock, save }
}

/** Entries, rounded up to a power of two. */
function sizeOf(text: string): number {
  const size = /^\d{1,6}$/.test(text) ? 2 ** Math.ceil(Math.log2(Number(text))) : 0
  if (size < MIN_SIZE || size > MAX_SIZE) throw invalid('the size is out of bounds')
  return size
}

const invalid = (words: string): Errno => new Errno('EINVAL', words)
