import type { MonitorType } from '../model/instrumentation'
import type { EngineHost } from './host'
import { MAX_OBJECTS, MAX_TASKS } from './limits'
import type { EngineCore, TaskStorage } from './monitor'
import { NOT_MONITORING } from './step'
import type { TaskSlots } from './slots'

/**
 * Where the instances of a monitor live. `state` may be replaced by a longer
 * array in locate(), so it is read after that call.
 */
export interface DaStorage {
  readonly state: Int16Array
  /** Claims what the instances need and resets them. @throws Errno EBUSY, ENOMEM */
  init(): void
  /** Resets the instances and gives back what init() claimed. */
  destroy(): void
  /** Resets those instances that the kernel's da_monitor_reset_all() reaches. */
  resetAll(): void
  /**
   * Index in `state` of the instance of a CPU, task or object, or -1 where there is none.
   * @param start whether a start event asks, which may create the instance
   */
  locate(key: number, start: boolean): number
  /** The id that trace lines carry: pid, object id, or -1 where the monitor has no ids. */
  idOf(key: number): number
}

class GlobalStorage implements DaStorage {
  readonly state = new Int16Array(1).fill(NOT_MONITORING)

  init(): void {
    this.resetAll()
  }
  destroy(): void {
    this.resetAll()
  }
  resetAll(): void {
    this.state[0] = NOT_MONITORING
  }
  locate(): number {
    return 0
  }
  idOf(): number {
    return -1
  }
}

class CpuStorage implements DaStorage {
  readonly state: Int16Array

  constructor(private readonly host: EngineHost) {
    this.state = new Int16Array(host.possibleCpus).fill(NOT_MONITORING)
  }
  init(): void {
    this.resetAll()
  }
  destroy(): void {
    this.resetAll()
  }
  /** Online CPUs only, as in the kernel: one that is offline keeps what it had. */
  resetAll(): void {
    for (let cpu = 0; cpu < this.state.length; cpu++) {
      if (this.host.isOnline(cpu)) this.state[cpu] = NOT_MONITORING
    }
  }
  locate(cpu: number): number {
    return cpu >= 0 && cpu < this.state.length ? cpu : -1
  }
  idOf(): number {
    return -1
  }
}

/** No exit hook: the kernel gives hybrid automata one, a deterministic one keeps its state until the fork. */
class PerTaskStorage implements DaStorage, TaskStorage {
  state = new Int16Array(64).fill(NOT_MONITORING)
  private slot = -1
  private readonly resetTask = (task: number): void => {
    if (task < this.state.length) this.state[task] = NOT_MONITORING
  }

  constructor(
    private readonly host: EngineHost,
    private readonly slots: TaskSlots<TaskStorage>
  ) {}

  init(): void {
    this.slot = this.slots.allocate(this)
    this.resetAll()
  }
  destroy(): void {
    this.resetAll()
    this.slots.release(this.slot)
    this.slot = -1
  }
  resetAll(): void {
    this.host.forEachTask(this.resetTask)
  }
  locate(task: number): number {
    if (task >= 0 && task < this.state.length) return task
    return this.grow(task) ? task : -1
  }
  idOf(task: number): number {
    return this.host.pidOf(task)
  }
  taskCreated(task: number): void {
    this.resetTask(task)
  }

  private grow(task: number): boolean {
    if (!(task >= 0 && task < MAX_TASKS)) return false
    this.state = grown(this.state, task)
    return true
  }
}

/** Objects by integer id: the first start event makes the instance (the kernel has a hash table). */
class ObjectStorage implements DaStorage {
  state = new Int16Array(64).fill(NOT_MONITORING)
  private readonly places = new Map<number, number>()

  init(): void {
    this.places.clear()
  }
  destroy(): void {
    this.resetAll()
    this.places.clear()
  }
  resetAll(): void {
    this.state.fill(NOT_MONITORING)
  }
  locate(id: number, start: boolean): number {
    const place = this.places.get(id)
    if (place !== undefined) return place
    // Above the limit as in the kernel when an allocation fails: the event is ignored.
    if (!start || !Number.isSafeInteger(id) || this.places.size >= MAX_OBJECTS) return -1
    const fresh = this.places.size
    if (fresh >= this.state.length) this.state = grown(this.state, fresh)
    this.places.set(id, fresh)
    return fresh
  }
  /** The trace event has an int: a longer id is cut. */
  idOf(id: number): number {
    return id | 0
  }
}

/** A copy with room for the index, twice as long or more. */
function grown(state: Int16Array<ArrayBuffer>, index: number): Int16Array<ArrayBuffer> {
  let length = state.length
  while (length <= index) length *= 2
  const longer = new Int16Array(length).fill(NOT_MONITORING)
  longer.set(state)
  return longer
}

/** The storage of a type of monitor. */
export function createStorage(type: MonitorType, core: EngineCore): DaStorage {
  switch (type) {
    case 'global':
      return new GlobalStorage()
    case 'per_cpu':
      return new CpuStorage(core.host)
    case 'per_task':
      return new PerTaskStorage(core.host, core.slots)
    case 'per_obj':
      return new ObjectStorage()
  }
}
