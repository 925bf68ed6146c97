import { open, type FileHandle } from 'node:fs/promises'
import type { RecorderStatus } from '../../contract/state'
import type { Control } from '../control'
import type { Fold } from '../fold'
import type { MonitorState } from '../monitor-state'
import { sentence } from '../text'
import {
  encodeJson,
  encodeRecord,
  MAGIC,
  Rec,
  type RecordedChange,
  type RecordedFacts
} from './format'

/** Bytes that may wait for the disk: of a target that is faster for long, nothing could be kept. */
const MAX_WAITING = 256 * 1024 * 1024
const NEWLINE = 10

export type StreamType = typeof Rec.Events | typeof Rec.Violations | typeof Rec.Log

export interface RecorderOptions {
  /** Refuses a file that is there; otherwise its user has said that it may go. */
  readonly exclusive?: boolean
  /** ms since 1970. */
  readonly now: () => number
  /** It ended by itself; one sentence. */
  readonly onFailure: (message: string) => void
  /** Streams that are in the middle of a line, the rest of which nobody could read. */
  readonly cut: ReadonlySet<StreamType>
}

/** What is recorded beside the streams. */
export interface RecorderSources {
  readonly target: { readonly name: string; readonly release: string; readonly cpus: number }
  readonly fold: Fold
  readonly control: Control
}

/** Writes what arrives from a target into a file as it comes, so that whatever ends the program leaves a recording. */
export class Recorder {
  readonly #file: FileHandle
  readonly #path: string
  readonly #from: RecorderSources
  readonly #options: RecorderOptions
  readonly #began: number
  readonly #cut: Set<StreamType>
  /** What was last written of each monitor, as JSON. */
  readonly #monitors = new Map<string, string>()
  #switches: string
  #losses = 0
  #queue: Uint8Array[] = []
  #waiting = 0
  /** Bytes that are in the file, up to a record's end. */
  #written = 0
  #pump: Promise<void> | undefined
  #ended: number | undefined
  #message = ''
  #stopping: Promise<void> | undefined

  private constructor(
    file: FileHandle,
    path: string,
    from: RecorderSources,
    options: RecorderOptions
  ) {
    this.#file = file
    this.#path = path
    this.#from = from
    this.#options = options
    this.#began = options.now()
    this.#cut = new Set(options.cut)
    const { fold, control, target } = from
    this.#switches = JSON.stringify(control.switches)
    const facts: RecordedFacts = {
      target: target.name,
      release: target.release,
      cpus: target.cpus,
      monitors: fold.monitors.map(({ info, type, known, values }) => ({
        name: info.fullName,
        class: info.class,
        type,
        hasId: info.hasId,
        description: info.description,
        enabled: info.enabled,
        reactor: info.reactor ?? null,
        model: known?.source ?? null,
        values: Array.from(values, ([name, value]) => ({ name, value }))
      })),
      switches: control.switches
    }
    for (const monitor of fold.monitors) {
      this.#monitors.set(monitor.info.fullName, stateOf(monitor, !monitor.info.enabled))
    }
    this.#enqueue(new TextEncoder().encode(MAGIC))
    this.#enqueue(encodeJson(Rec.Facts, this.#began, facts))
  }

  /** Begins a file. Rejects with one sentence. */
  static async start(
    path: string,
    from: RecorderSources,
    options: RecorderOptions
  ): Promise<Recorder> {
    try {
      const file = await open(path, options.exclusive === true ? 'wx' : 'w')
      return new Recorder(file, path, from, options)
    } catch (error) {
      throw new Error(`${path} cannot be written: ${reason(error)}.`, { cause: error })
    }
  }

  get status(): RecorderStatus {
    return {
      file: this.#path,
      recording: this.#ended === undefined,
      bytes: this.#written + this.#waiting,
      elapsed: Math.max(0, (this.#ended ?? this.#options.now()) - this.#began),
      message: this.#message
    }
  }

  /** The next bytes of a stream, before they are folded. */
  stream(type: StreamType, bytes: Uint8Array): void {
    let whole = bytes
    if (this.#cut.has(type)) {
      const newline = bytes.indexOf(NEWLINE)
      if (newline < 0) return
      this.#cut.delete(type)
      whole = bytes.subarray(newline + 1)
    }
    this.sync()
    if (whole.length > 0) this.#enqueue(encodeRecord(type, this.#options.now(), whole))
  }

  change(change: RecordedChange): void {
    this.#enqueue(encodeJson(Rec.Change, this.#options.now(), change))
  }

  /** The kernel reset a monitor. */
  reset(monitor: MonitorState, off: boolean): void {
    this.sync()
    this.change({ is: 'reset', name: monitor.info.fullName, off })
    this.#monitors.set(monitor.info.fullName, stateOf(monitor, off))
  }

  /** Counters of the target say that so many events were lost since the recording began. */
  losses(events: number): void {
    if (events <= this.#losses) return
    this.#losses = events
    this.change({ is: 'losses', events })
  }

  /** Writes what has changed of monitors and switches. */
  sync(): void {
    const { fold, control } = this.#from
    for (const monitor of fold.monitors) {
      const { fullName, enabled, reactor } = monitor.info
      const now = stateOf(monitor, monitor.isOff)
      if (this.#monitors.get(fullName) === now) continue
      this.#monitors.set(fullName, now)
      this.change({
        is: 'monitor',
        name: fullName,
        enabled,
        reactor: reactor ?? null,
        off: monitor.isOff,
        values: Array.from(monitor.values, ([name, value]) => ({ name, value }))
      })
    }
    const switches = JSON.stringify(control.switches)
    if (this.#switches === switches) return
    this.#switches = switches
    this.change({ is: 'switches', switches: control.switches })
  }

  /** Ends the recording: everything so far is in the file when it resolves. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stop()
    return this.#stopping
  }

  async #stop(): Promise<void> {
    if (this.#ended === undefined) {
      this.sync()
      this.#enqueue(encodeRecord(Rec.End, this.#options.now(), new Uint8Array()))
      this.#ended = this.#options.now()
    }
    await this.#pump
    await this.#file.close().catch(() => undefined)
  }

  #enqueue(bytes: Uint8Array): void {
    if (this.#ended !== undefined) return
    this.#queue.push(bytes)
    this.#waiting += bytes.length
    if (this.#waiting > MAX_WAITING) {
      this.#fail('the disk is slower than the target, and too much waits for it')
      return
    }
    this.#pump ??= this.#write().finally(() => {
      this.#pump = undefined
    })
  }

  async #write(): Promise<void> {
    // What comes in one go is written in one go.
    await Promise.resolve()
    while (this.#queue.length > 0) {
      const batch = this.#queue
      this.#queue = []
      const bytes = batch.length === 1 ? (batch[0] ?? new Uint8Array()) : Buffer.concat(batch)
      try {
        for (let at = 0; at < bytes.length;) {
          const { bytesWritten } = await this.#file.write(bytes, at, bytes.length - at)
          at += bytesWritten
        }
      } catch (error) {
        this.#waiting = 0
        await this.#file.truncate(this.#written).catch(() => undefined)
        this.#fail(reason(error))
        return
      }
      this.#waiting -= bytes.length
      this.#written += bytes.length
    }
  }

  #fail(why: string): void {
    if (this.#ended !== undefined) return
    this.#ended = this.#options.now()
    this.#queue = []
    this.#waiting = 0
    this.#message = `The recording ${this.#path} has ended: ${why}. What was written until then is kept.`
    this.#options.onFailure(this.#message)
    void this.stop()
  }
}

const stateOf = ({ info, values }: MonitorState, off: boolean): string =>
  JSON.stringify([info.enabled, info.reactor ?? null, off, [...values]])

function reason(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const reasons: Readonly<Record<string, string>> = {
    ENOSPC: 'the disk is full',
    EDQUOT: 'the quota of the disk is used up',
    EFBIG: 'the file system has no longer files',
    EACCES: 'you may not write there',
    EPERM: 'you may not write there',
    EROFS: 'the file system is read-only',
    EISDIR: 'it is a folder',
    EEXIST: 'it is there already',
    ENOENT: 'its folder does not exist',
    EIO: 'the disk reports an error'
  }
  return reasons[code] ?? sentence(error).replace(/\.$/, '')
}
