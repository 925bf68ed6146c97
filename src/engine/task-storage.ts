import type { DaStorage } from './da-storage'
import { grown } from './grow'
import type { EngineHost } from './host'
import { MAX_TASKS } from './limits'
import type { TaskStorage } from './monitor'
import type { TaskSlots } from './slots'
import { NOT_MONITORING } from './step'

/** One instance in a slot of each task. A deterministic automaton keeps its state until the slot is used for a new task. */
export class PerTaskStorage implements DaStorage, TaskStorage {
  state = new Int16Array(64).fill(NOT_MONITORING)
  resetHook: ((place: number) => void) | undefined = undefined
  private slot = -1
  private readonly resetTask = (task: number): void => this.reset(task)

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
  reset(task: number): void {
    if ((this.state[task] ?? NOT_MONITORING) < 0) return
    this.resetHook?.(task)
    this.state[task] = NOT_MONITORING
  }
  locate(task: number): number {
    if (task >= 0 && task < this.state.length) return task
    if (!(task >= 0 && task < MAX_TASKS)) return -1
    this.state = grown(this.state, task, NOT_MONITORING)
    return task
  }
  keyAt(place: number): number {
    return place
  }
  idOf(task: number): number {
    return this.host.pidOf(task)
  }
  taskCreated(task: number): void {
    this.reset(task)
  }
  /** Where there is a timer it must not outlive the task. */
  taskExited(task: number): void {
    if (this.resetHook !== undefined) this.reset(task)
  }
}
