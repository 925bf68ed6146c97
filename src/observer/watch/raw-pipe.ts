import { TracefsError, type TracefsPort, type TracefsStream } from '../../target/port'
import { parseFormat, RawText, type RawFormat } from '../../trace'
import type { Clock } from '../clock'
import { fileText, isPlainName, quoted } from '../text'
import type { TraceInstance } from '../trace-instance'
import { RawMerge } from './raw-merge'

/** How long an event waits for what came before it on another CPU, ms. */
const ROUND_MS = 50
/** How often the names of new tasks are read, ms. */
const NAMES_MS = 1000
/** Each CPU has a reader. */
const MOST_CPUS = 64
/** Bytes of lines that wait for their reader before no more pages are read: the rings then keep, or lose, what comes. */
const MAX_QUEUED = 16 * 1024 * 1024
/** Formats that are read at once. */
const AT_ONCE = 64

/** Why a target's events come as text, one sentence; undefined: they may come raw. */
export function whyText({ info }: TracefsPort): string | undefined {
  const { kind, cpus } = info
  if (kind === 'ssh' || kind === 'local') {
    // On Linux 7.3 its readers ended at once and the rings stayed full: not before that is understood.
    return 'Raw pages of a real kernel’s rings are not read yet.'
  }
  if (kind !== 'sim') return 'The link is not sure to carry every byte as it is.'
  if (cpus > MOST_CPUS) {
    return `Raw pages need a reader for each of ${String(cpus)} CPUs, and the panel has ${String(MOST_CPUS)} at most.`
  }
  return undefined
}

/**
 * The raw pages of an instance's rings (per_cpu/cpuN/trace_pipe_raw), as the text that trace_pipe
 * would print. The kernel then only copies pages, which costs it a fraction of printing them.
 */
export class RawPipe implements TracefsStream {
  readonly #streams: readonly TracefsStream[]
  readonly #merge: RawMerge
  readonly #queue: Uint8Array[] = []
  #queued = 0
  /** Readers that wait until the queue is short. */
  #waiting: (() => void)[] = []
  readonly #comms: Map<number, string>
  readonly #text: RawText
  #wake: () => void = () => undefined
  #cancel: () => void = () => undefined
  #namesAt = 0
  #open: number
  #isClosed = false
  #failure: unknown

  private constructor(
    private readonly port: TracefsPort,
    private readonly clock: Clock,
    cpus: readonly number[],
    streams: readonly TracefsStream[],
    parts: { readonly text: RawText; readonly comms: Map<number, string>; readonly page: Page }
  ) {
    this.#streams = streams
    this.#open = streams.length
    this.#comms = parts.comms
    this.#text = parts.text
    this.#merge = new RawMerge(cpus, parts.text, parts.page.bytes, parts.page.long)
    streams.forEach((stream, i) => void this.#read(cpus[i] ?? 0, stream))
    this.#again()
  }

  /** Rejects with one sentence where the target's pages cannot be read; then nothing is open. */
  static async open(port: TracefsPort, instance: TraceInstance, clock: Clock): Promise<RawPipe> {
    const header = fileText(await port.read('events/header_page'))
    const page = parsePage(header)
    if (page === undefined) {
      const words = `events/header_page is not understood: ${quoted(header)}.`
      throw new TracefsError('EINVAL', 'events/header_page', words)
    }
    const comms = new Map<number, string>()
    const text = new RawText(await formatsOf(port), comms)
    const cpus = (await instance.cpus()).map((name) => Number(name.slice('cpu'.length)))
    const streams: TracefsStream[] = []
    try {
      for (const cpu of cpus) {
        streams.push(await port.stream(`${instance.path}/per_cpu/cpu${String(cpu)}/trace_pipe_raw`))
      }
    } catch (error) {
      await Promise.allSettled(streams.map((stream) => stream.close()))
      throw error
    }
    return new RawPipe(port, clock, cpus, streams, { text, comms, page })
  }

  async next(): Promise<Uint8Array | undefined> {
    for (;;) {
      const bytes = this.#queue.shift()
      if (bytes !== undefined) {
        this.#queued -= bytes.length
        if (this.#queued < MAX_QUEUED) for (const go of this.#waiting.splice(0)) go()
        return bytes
      }
      if (this.#failure !== undefined) {
        throw this.#failure instanceof Error ? this.#failure : new Error('The stream broke.')
      }
      if (this.#isClosed || this.#open === 0) return undefined
      await new Promise<void>((resolve) => (this.#wake = resolve))
    }
  }

  async close(): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#cancel()
    this.#wake()
    for (const go of this.#waiting.splice(0)) go()
    await Promise.allSettled(this.#streams.map((stream) => stream.close()))
  }

  async #read(cpu: number, stream: TracefsStream): Promise<void> {
    try {
      for (let bytes = await stream.next(); bytes; bytes = await stream.next()) {
        this.#merge.push(cpu, bytes)
        if (this.#queued > MAX_QUEUED) await new Promise<void>((go) => this.#waiting.push(go))
      }
    } catch (error) {
      this.#failure ??= error
    }
    this.#open--
    if (this.#isClosed) return
    this.#round(true)
    this.#wake()
  }

  #again(): void {
    this.#cancel = this.clock.after(ROUND_MS, () => {
      this.#round(false)
      if (!this.#isClosed && this.#open > 0) this.#again()
    })
  }

  #round(all: boolean): void {
    for (const bytes of this.#merge.round(all && this.#open === 0)) {
      this.#queue.push(bytes)
      this.#queued += bytes.length
    }
    if (this.#queue.length > 0) this.#wake()
    if (this.#text.nameless.size > 0 && this.clock.now() - this.#namesAt >= NAMES_MS) {
      this.#namesAt = this.clock.now()
      void this.#readNames()
    }
  }

  /** What trace_pipe takes names from. */
  async #readNames(): Promise<void> {
    this.#text.nameless.clear()
    const text = await this.port.read('saved_cmdlines').then(fileText, () => '')
    for (const [, pid, comm = ''] of text.matchAll(/^(\d{1,10}) (.{1,15})$/gm)) {
      this.#comms.set(Number(pid), comm)
    }
  }
}

interface Page {
  readonly bytes: number
  readonly long: 4 | 8
}

/** How a page is laid out, by events/header_page (kernel/trace/ring_buffer.c). */
export function parsePage(text: string): Page | undefined {
  const field = (name: string): readonly [number, number] | undefined => {
    const found = new RegExp(`\\b${name};\\toffset:(\\d{1,6});\\tsize:(\\d{1,6});`).exec(text)
    return found === null ? undefined : [Number(found[1]), Number(found[2])]
  }
  const commit = field('commit')
  const data = field('data')
  if (commit?.[0] !== 8 || data === undefined) return undefined
  const [, long] = commit
  if ((long !== 4 && long !== 8) || data[0] !== 8 + long) return undefined
  const bytes = data[0] + data[1]
  return bytes >= 256 && bytes <= 1 << 20 ? { bytes, long } : undefined
}

async function formatsOf(port: TracefsPort): Promise<RawFormat[]> {
  const events = (await port.list('events/rv'))
    .map(({ name }) => name)
    .filter((name) => isPlainName(name) && /^(event|error)_/.test(name))
  const formats: RawFormat[] = []
  for (let i = 0; i < events.length; i += AT_ONCE) {
    const texts = await Promise.all(
      events.slice(i, i + AT_ONCE).map((name) => port.read(`events/rv/${name}/format`))
    )
    for (const bytes of texts) {
      const format = parseFormat(fileText(bytes))
      if (format !== undefined) formats.push(format)
    }
  }
  return formats
}
