import { kindOf } from '../lines'
import { isPlainName, quoted } from '../text'
import { createTraceDecoder, RecordKind, type TraceBatch } from '../../trace'

/** Names that are remembered; a damaged file may have any number of them. */
const MAX_NAMES = 2000
/** Tasks whose comm is remembered. */
const MAX_TASKS = 65_536
/** CPUs beyond this number are a garbled line. */
const MAX_CPUS = 4096
/** So many lines without one of a trace are enough to know. */
const GIVE_UP = 1000
/** Text in which the first line is looked for. */
const HEAD = 65_536

/** What a trace says of a monitor. */
export interface SeenMonitor {
  class: 'da' | 'ha' | 'ltl'
  hasId: boolean
}

/** Goes through a trace once, to know what there is in it before anything is shown. */
export class Scan {
  readonly monitors = new Map<string, SeenMonitor>()
  /** Other trace events. */
  readonly events = new Set<string>()
  readonly comms = new Map<number, string>()
  /** Records of a trace. */
  records = 0
  malformed = 0
  cpus = 0
  readonly #decoder = createTraceDecoder()
  readonly #take = (batch: TraceBatch): void => {
    this.#batch(batch)
  }
  #head = ''
  /** By name index: what has been noted of it, as bits. */
  #noted: number[] = []

  push(bytes: Uint8Array): void {
    if (this.#head.length < HEAD) this.#head += new TextDecoder().decode(bytes.subarray(0, HEAD))
    this.#decoder.decode(bytes, this.#take)
  }

  /** Output of `trace-cmd report`, which begins so. */
  get isReport(): boolean {
    return /^(?:version = \d+\n)?cpus=\d+\n/.test(this.#head)
  }

  /** Nothing of it is a trace, and much has been seen. */
  get isHopeless(): boolean {
    return this.records === 0 && this.malformed >= GIVE_UP
  }

  finish(): void {
    this.#decoder.finish(this.#take)
    const said = Number(/^#.*#P:(\d{1,4})\s*$/m.exec(this.#head)?.[1] ?? 0)
    this.cpus = Math.max(this.cpus, said, 1)
  }

  /** Why it is no trace, the end of a sentence. */
  whyNot(): string {
    const lines = this.#head.split('\n')
    const at = lines.findIndex((line) => line.trim() !== '' && !line.startsWith('#'))
    const expected =
      'expected a line of a trace, such as “bash-123 [000] d..2. 12.345678: sched_waking: …”'
    if (at < 0) return `it has no line of a trace, comments alone; ${expected}`
    return `line ${String(at + 1)} is ${quoted(lines[at] ?? '')}; ${expected}`
  }

  #batch(batch: TraceBatch): void {
    const { names } = batch.names
    for (let i = 0; i < batch.count; i++) {
      const kind = kindOf(batch.kind[i])
      if (kind === RecordKind.Malformed) {
        this.malformed++
        continue
      }
      this.records++
      const cpu = batch.cpu[i] ?? 0
      if (cpu >= this.cpus && cpu < MAX_CPUS) this.cpus = cpu + 1
      if (kind === RecordKind.Lost) continue
      this.#task(batch.pid[i] ?? 0, names[batch.comm[i] ?? 0] ?? '')
      const index = batch.monitor[i] ?? 0
      const bit = 1 << kind
      const noted = this.#noted[index] ?? 0
      if ((noted & bit) !== 0) continue
      this.#noted[index] = noted | bit
      this.#note(names[index] ?? '', kind, batch.hasId[i] === 1)
    }
  }

  #note(name: string, kind: RecordKind, hasId: boolean): void {
    if (!isPlainName(name)) return
    if (kind === RecordKind.Other) {
      if (this.events.size < MAX_NAMES) this.events.add(name)
      return
    }
    // The monitor of a retry is known by its own events, if at all.
    if (kind === RecordKind.Retries) return
    const known = this.monitors.get(name)
    if (known === undefined && this.monitors.size >= MAX_NAMES) return
    const ltl = kind === RecordKind.LtlEvent || kind === RecordKind.LtlError
    const ha = kind === RecordKind.ErrorEnv
    this.monitors.set(name, {
      class: ltl ? 'ltl' : ha ? 'ha' : (known?.class ?? 'da'),
      hasId: hasId || (known?.hasId ?? false)
    })
  }

  #task(pid: number, comm: string): void {
    if (pid === 0 || comm === '' || comm === '<...>') return
    if (this.comms.size < MAX_TASKS || this.comms.has(pid)) this.comms.set(pid, comm)
  }
}
