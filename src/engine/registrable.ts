import type { MonitorModel } from '../model/load'
import { Errno } from './errno'
import type { EngineHost } from './host'
import { RvEngine } from './rv'

/** A model that an engine does not take. */
export interface RefusedModel {
  readonly model: MonitorModel
  /** Why, in one sentence without a stop. */
  readonly reason: string
}

const nothing = (): void => undefined
const zero = (): number => 0

/** A kernel that never does anything: a registration asks it for little. */
const IDLE_HOST: EngineHost = {
  possibleCpus: 1,
  now: zero,
  jiffies: zero,
  currentCpu: zero,
  currentTask: zero,
  context: zero,
  taskAttribute: zero,
  objectAttribute: zero,
  isOnline: () => true,
  forEachTask: nothing,
  commOf: () => '',
  pidOf: zero,
  printk: nothing,
  panic: nothing,
  timers: { tick: 1, armWheel: nothing, armHigh: nothing, cancel: nothing },
  trace: {
    event: nothing,
    error: nothing,
    errorEnv: nothing,
    retries: nothing,
    ltlEvent: nothing,
    ltlError: nothing
  }
}

/**
 * Tries to register the models in their order, so that one that an engine
 * refuses (more stored clocks than the kernel has room for, say) can be named
 * and left out before a kernel is made of the others.
 */
export function refusedModels(models: readonly MonitorModel[]): RefusedModel[] {
  const engine = new RvEngine(IDLE_HOST)
  const refused: RefusedModel[] = []
  for (const model of models) {
    try {
      engine.register(model)
    } catch (error) {
      if (!(error instanceof Errno)) throw error
      refused.push({ model, reason: error.message })
    }
  }
  return refused
}
