import type { MonitorType } from '../model/instrumentation'
import type { EngineHost } from './host'
import type { EngineCore } from './monitor'
import { ObjectStorage } from './object-storage'
import { NOT_MONITORING } from './step'
import { PerTaskStorage } from './task-storage'

/**
 * Where the instances of an automaton live. `state` may be replaced by a longer
 * array in locate() and create(), so it is read after those calls.
 */
export interface DaStorage {
  readonly state: Int16Array
  /** Called with the place of an instance that is monitoring before it is reset or goes (da_monitor_reset_hook). */
  resetHook: ((place: number) => void) | undefined
  /** Claims what the instances need and resets them. @throws Errno EBUSY, ENOMEM */
  init(): void
  /** Resets the instances and gives back what init() claimed. */
  destroy(): void
  /** Resets those instances that the kernel's da_monitor_reset_all() reaches. */
  resetAll(): void
  /** da_monitor_reset(): back to not monitoring. */
  reset(place: number): void
  /**
   * Index in `state` of the instance of a CPU, task or object, or -1 where there is none.
   * @param start whether a start event asks, which may create the instance
   */
  locate(key: number, start: boolean): number
  /** The CPU, task or object id of an instance. */
  keyAt(place: number): number
  /** The id that trace lines carry: pid, object id, or -1 where the monitor has no ids. */
  idOf(key: number): number
}

abstract class FixedStorage implements DaStorage {
  readonly state: Int16Array
  resetHook: ((place: number) => void) | undefined = undefined

  constructor(instances: number) {
    this.state = new Int16Array(instances).fill(NOT_MONITORING)
  }

  abstract resetAll(): void

  init(): void {
    this.resetAll()
  }
  destroy(): void {
    this.resetAll()
  }
  reset(place: number): void {
    if ((this.state[place] ?? NOT_MONITORING) < 0) return
    this.resetHook?.(place)
    this.state[place] = NOT_MONITORING
  }
  locate(key: number): number {
    return key >= 0 && key < this.state.length ? key : -1
  }
  keyAt(place: number): number {
    return place
  }
  idOf(): number {
    return -1
  }
}

class GlobalStorage extends FixedStorage {
  constructor() {
    super(1)
  }
  resetAll(): void {
    this.reset(0)
  }
}

class CpuStorage extends FixedStorage {
  constructor(private readonly host: EngineHost) {
    super(host.possibleCpus)
  }
  /** Online CPUs only, as in the kernel: one that is offline keeps what it had. */
  resetAll(): void {
    for (let cpu = 0; cpu < this.state.length; cpu++) {
      if (this.host.isOnline(cpu)) this.reset(cpu)
    }
  }
}

/**
 * The storage of a type of monitor.
 * @param autoAllocate per_obj: whether a start event makes an instance that is not there
 */
export function createStorage(
  type: MonitorType,
  core: EngineCore,
  autoAllocate: boolean
): DaStorage {
  switch (type) {
    case 'global':
      return new GlobalStorage()
    case 'per_cpu':
      return new CpuStorage(core.host)
    case 'per_task':
      return new PerTaskStorage(core.host, core.slots)
    case 'per_obj':
      return new ObjectStorage(autoAllocate)
  }
}
