import type { RecorderStatus } from '../../contract/state'
import type { Notify } from '../control'
import type { Labels } from '../labels'
import { Recorder, type RecorderSources, type StreamType } from './recorder'

const NEWLINE = 10

/** The place of a connection's recording: it may begin and end any number of times, and mostly there is none. */
export class RecorderSlot {
  readonly #from: RecorderSources
  readonly #labels: Labels
  readonly #notify: Notify
  #recorder: Recorder | undefined
  /** Streams whose last byte was in the middle of a line. */
  readonly #cut = new Set<StreamType>()
  /** Losses before the recording began. */
  #lost = 0
  #pieces = 0

  constructor(from: RecorderSources, labels: Labels, notify: Notify) {
    this.#from = from
    this.#labels = labels
    this.#notify = notify
  }

  get status(): RecorderStatus | null {
    return this.#recorder?.status ?? null
  }

  /** Rejects with one sentence. `lost`: what counters of the target say now. */
  async start(path: string, lost: number, exclusive: boolean): Promise<void> {
    if (this.#recorder?.status.recording === true) {
      throw new Error(`${this.#recorder.status.file} is being recorded: stop that first.`)
    }
    this.#lost = lost
    const recorder = await Recorder.start(path, this.#from, {
      exclusive,
      cut: this.#cut,
      now: () => Date.now(),
      onFailure: (message) => {
        this.#notify('error', message)
      }
    })
    this.#recorder = recorder
    this.#from.fold.onReset = (monitor, off) => {
      recorder.reset(monitor, off)
    }
    this.#labels.onTasks = (tasks) => {
      recorder.sync()
      recorder.change({
        is: 'tasks',
        tasks: [...tasks].map(([pid, { comm, tgid }]) => [pid, comm.slice(0, 64), tgid])
      })
    }
    // Whoever opens it wants to know the tasks by name; a target that does not tell them is no failure.
    await this.#labels.refresh().catch(() => undefined)
  }

  stream(type: StreamType, bytes: Uint8Array): void {
    if (bytes.at(-1) === NEWLINE) this.#cut.delete(type)
    else this.#cut.add(type)
    this.#recorder?.stream(type, bytes)
  }

  /** Called about once a second, with what the counters of target and link say. */
  poll(lost: number, pieces: number): void {
    const recorder = this.#recorder
    recorder?.sync()
    recorder?.losses(lost - this.#lost)
    if (pieces > this.#pieces) recorder?.change({ is: 'gap' })
    this.#pieces = pieces
  }

  /** Something of a stream is missing, and nobody knows how much. */
  gap(): void {
    this.#recorder?.change({ is: 'gap' })
  }

  async stop(): Promise<void> {
    const recorder = this.#recorder
    if (recorder?.status.recording !== true) {
      await recorder?.stop()
      return
    }
    this.#from.fold.onReset = undefined
    this.#labels.onTasks = undefined
    await recorder.stop()
    const { file, message } = recorder.status
    if (message === '') this.#notify('info', `The recording is in ${file}.`)
  }
}
