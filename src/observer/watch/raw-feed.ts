import type { TracefsPort, TracefsStream } from '../../target/port'
import type { Clock } from '../clock'
import type { RvClient } from '../rv-client'
import type { TraceInstance } from '../trace-instance'
import { RawPipe } from './raw-pipe'

/** The trace instance whose rings are read raw; made when it is needed first. */
export class RawFeed {
  #opened: Promise<TraceInstance> | undefined
  /** Told of the stream of text that its pages become. */
  onStream: (stream: TracefsStream, instance: TraceInstance) => void = () => undefined

  constructor(
    private readonly client: RvClient,
    private readonly port: TracefsPort,
    private readonly name: string,
    /** Ring for each CPU, KiB. */
    private readonly ring: number
  ) {}

  /** Rejects with one sentence where pages cannot be read raw. */
  open(clock: Clock): Promise<TraceInstance> {
    this.#opened ??= this.#make(clock).catch((error: unknown) => {
      this.#opened = undefined
      throw error
    })
    return this.#opened
  }

  async keepOut(pids: readonly number[]): Promise<void> {
    if (this.#opened !== undefined) await (await this.#opened).keepOut(pids)
  }

  /** The instance, where there is one. */
  get opened(): Promise<TraceInstance> | undefined {
    return this.#opened
  }

  async #make(clock: Clock): Promise<TraceInstance> {
    const instance = await this.client.createInstance(`${this.name}-raw`)
    try {
      await instance.setBufferSize(this.ring)
      const pipe = await RawPipe.open(this.port, instance, clock)
      this.onStream(pipe, instance)
      await instance.keepOut(await this.port.ownPids())
      return instance
    } catch (error) {
      await this.client.removeInstance(instance).catch(() => undefined)
      throw error
    }
  }
}
