import type { Way } from '../../contract/watch'
import { TracefsError, type TracefsPort } from '../../target/port'
import type { RvClient } from '../rv-client'
import { fileText } from '../text'
import type { TraceInstance } from '../trace-instance'
import type { RvMonitor } from '../tree'

/** Triggers of one monitor that are set. */
interface Armed {
  readonly event: string
  readonly triggers: readonly string[]
}

/**
 * The trace instance whose hist triggers watch monitors that are not streamed. It is made when it
 * is needed first, holds no records, and goes with everything else when the panel leaves: its
 * removal is in the restore plan, and takes the triggers along.
 */
export class HistInstance {
  #instance: Promise<TraceInstance> | undefined
  readonly #armed = new Map<string, Armed>()

  constructor(
    private readonly client: RvClient,
    private readonly port: TracefsPort,
    private readonly name: string
  ) {}

  /** Keeps the bridge out of what is counted. */
  async keepOut(pids: readonly number[]): Promise<void> {
    if (this.#instance !== undefined) await (await this.#instance).keepOut(pids)
  }

  /**
   * Sets triggers on a monitor's event. Rejects with one sentence where the kernel refuses one of
   * them: then none is set.
   */
  async arm(
    monitor: RvMonitor,
    way: Exclude<Way, 'stream'>,
    triggers: readonly string[]
  ): Promise<void> {
    const { event } = monitor.events
    if (event === undefined) {
      throw new TracefsError('ENOENT', monitor.path, `${monitor.fullName} has no trace event.`)
    }
    const instance = await this.#open()
    const set: string[] = []
    try {
      for (const trigger of triggers) {
        await instance.addTrigger(event, trigger)
        set.push(trigger)
      }
    } catch (error) {
      await this.#remove(instance, event, set)
      throw refused(monitor, error)
    }
    this.#armed.set(key(monitor, way), { event, triggers: set })
  }

  /** Removes what arm() has set; nothing where there is nothing. */
  async disarm(monitor: RvMonitor, way: Exclude<Way, 'stream'>): Promise<void> {
    const armed = this.#armed.get(key(monitor, way))
    if (armed === undefined) return
    const instance = await this.#open()
    this.#armed.delete(key(monitor, way))
    const isLast = [...this.#armed.values()].every(({ event }) => event !== armed.event)
    if (isLast) await instance.clearTriggers(armed.event)
    else await this.#remove(instance, armed.event, armed.triggers)
  }

  /** The tables of a monitor's event. */
  async read(monitor: RvMonitor): Promise<string> {
    const instance = await this.#open()
    return fileText(await this.port.read(instance.histPath(monitor.events.event ?? '')))
  }

  /** Removes the triggers: an instance whose triggers have variables cannot be removed. */
  async close(): Promise<void> {
    const events = new Set([...this.#armed.values()].map(({ event }) => event))
    this.#armed.clear()
    const instance = await this.#instance?.catch(() => undefined)
    for (const event of events) await instance?.clearTriggers(event).catch(() => undefined)
  }

  async #remove(
    instance: TraceInstance,
    event: string,
    triggers: readonly string[]
  ): Promise<void> {
    for (const trigger of triggers) await instance.removeTrigger(event, trigger)
  }

  #open(): Promise<TraceInstance> {
    this.#instance ??= this.#make().catch((error: unknown) => {
      this.#instance = undefined
      throw error
    })
    return this.#instance
  }

  async #make(): Promise<TraceInstance> {
    const instance = await this.client.createInstance(`${this.name}-hist`)
    // Its rings stay empty.
    await instance.setBufferSize(1).catch(() => undefined)
    await instance.keepOut(await this.port.ownPids())
    return instance
  }
}

const key = ({ fullName }: RvMonitor, way: Way): string => `${way} ${fullName}`

function refused(monitor: RvMonitor, error: unknown): unknown {
  if (!(error instanceof TracefsError) || !['EINVAL', 'ENOENT'].includes(error.code)) return error
  const words = `${monitor.fullName} can only be streamed: this kernel refuses the hist trigger that would watch it (CONFIG_HIST_TRIGGERS).`
  return new TracefsError(error.code, error.path, words)
}
