import {
  isSafePath,
  TracefsError,
  type RestoreResult,
  type TargetEnd,
  type TargetInfo,
  type TaskInfo,
  type TracefsEntry,
  type TracefsPort,
  type TracefsStream
} from '../../target/port'
import type { RecordingFacts } from '../../contract/state'
import type { MonitorType } from '../../model/instrumentation'
import type { RecordedChange, RecordedFacts, RecordedMonitor } from './format'
import { treeOf } from './tree'

/** Who is told what a recording has, in its order. Bytes are good until the call returns. */
export interface Player {
  /** Text of one trace that has events and errors. */
  trace(bytes: Uint8Array): void
  /** Of two streams: all events, with the errors among them. */
  events(bytes: Uint8Array): void
  /** The errors alone. */
  violations(bytes: Uint8Array): void
  log(bytes: Uint8Array): void
  change(change: RecordedChange): void
  /** Waited for after each piece of the file: the next one comes when there is room for it. */
  room?(): Promise<void>
}

/** A recording as a target: what of its tree was recorded can be read, and nothing can be changed. */
export interface RecordedPort extends TracefsPort {
  /** After play() also what is wrong with the file's end. */
  readonly recording: RecordingFacts
  /** Tells everything, as fast as it is taken. Rejects with one sentence where the file cannot be read, or was given up. */
  play(player: Player): Promise<void>
  /** comms of tasks by pid that the recording has without any monitor's events; for labels. */
  readonly comms: ReadonlyMap<number, string>
  /** Types of monitors by name without container, as far as the recording says them. */
  readonly types: ReadonlyMap<string, MonitorType>
}

/** Whether a port's target is a recording. */
export function isRecorded(port: TracefsPort): port is RecordedPort {
  return 'recording' in port
}

export const READ_ONLY = 'A recording cannot be changed.'

/** What a recording is made of. */
export interface RecordedParts {
  readonly facts: RecordedFacts
  readonly recording: RecordingFacts
  readonly name: string
  readonly comms: ReadonlyMap<number, string>
  readonly play: (player: Player) => Promise<string | null>
}

export class RecordingPort implements RecordedPort {
  readonly info: TargetInfo
  readonly ended = new Promise<TargetEnd>(() => undefined)
  readonly comms: ReadonlyMap<number, string>
  readonly types: ReadonlyMap<string, MonitorType>
  recording: RecordingFacts
  readonly #monitors: readonly RecordedMonitor[]
  readonly #files: ReadonlyMap<string, string>
  readonly #parts: RecordedParts

  constructor(parts: RecordedParts) {
    const { release, cpus } = parts.facts
    this.info = {
      kind: 'recording',
      name: parts.name,
      release,
      cpus,
      tracefs: '/sys/kernel/tracing',
      bootId: ''
    }
    this.recording = parts.recording
    this.comms = parts.comms
    this.types = new Map(
      parts.facts.monitors.flatMap(({ name, type }) =>
        type === 'unknown' ? [] : [[name.slice(name.indexOf(':') + 1), type] as const]
      )
    )
    this.#parts = parts
    this.#monitors = parts.facts.monitors
    this.#files = treeOf(parts.facts)
  }

  async play(player: Player): Promise<void> {
    const problem = await this.#parts.play(player)
    this.recording = { ...this.recording, problem }
  }

  read(path: string): Promise<Uint8Array> {
    const text = this.#files.get(path)
    return text === undefined
      ? Promise.reject(missing(path))
      : Promise.resolve(new TextEncoder().encode(text))
  }

  list(path: string): Promise<readonly TracefsEntry[]> {
    const entries = new Map<string, boolean>()
    for (const file of this.#files.keys()) {
      if (!file.startsWith(`${path}/`)) continue
      const [name = '', ...below] = file.slice(path.length + 1).split('/')
      entries.set(name, below.length > 0)
    }
    if (entries.size === 0) return Promise.reject(missing(path))
    return Promise.resolve([...entries].map(([name, directory]) => ({ name, directory })))
  }

  write(path: string): Promise<void> {
    return Promise.reject(readOnly(path))
  }
  writeParameter(module: string, name: string): Promise<void> {
    return Promise.reject(readOnly(`${module}/parameters/${name}`))
  }
  readParameter(module: string, name: string): Promise<string> {
    const monitor = this.#monitors.find((one) => one.name.split(':').at(-1) === module)
    const value = monitor?.values?.find((one) => one.name === name)?.value
    if (value === undefined) return Promise.reject(missing(`${module}/parameters/${name}`))
    return Promise.resolve(`${String(value)}\n`)
  }
  mkdir(path: string): Promise<void> {
    return Promise.reject(readOnly(path))
  }
  rmdir(path: string): Promise<void> {
    return Promise.reject(readOnly(path))
  }
  stream(path: string): Promise<TracefsStream> {
    return Promise.reject(missing(path))
  }
  kernelLog(): Promise<TracefsStream> {
    return Promise.reject(missing('kmsg'))
  }
  /** Nothing runs, and which threads belong together is not known of these. */
  tasks(): Promise<ReadonlyMap<number, TaskInfo>> {
    return Promise.resolve(new Map())
  }
  ownPids(): Promise<readonly number[]> {
    return Promise.resolve([])
  }
  setRestorePlan(): Promise<void> {
    return Promise.resolve()
  }
  close(): Promise<readonly RestoreResult[]> {
    return Promise.resolve([])
  }
}

function readOnly(path: string): TracefsError {
  return new TracefsError('EROFS', path, READ_ONLY)
}

function missing(path: string): TracefsError {
  const shown = isSafePath(path) ? path : JSON.stringify(path)
  return new TracefsError('ENOENT', path, `The recording has no ${shown}.`)
}
