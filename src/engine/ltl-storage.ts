import { grown } from './grow'
import { MAX_TASKS } from './limits'
import type { TaskStorage } from './monitor'
import type { TaskSlots } from './slots'

const NO_SLOT = -1

/**
 * struct ltl_monitor of every task, by task: sets of at most 32 states and
 * atoms. An instance without states has not started. The arrays may be replaced
 * by longer ones in has().
 */
export class LtlStorage implements TaskStorage {
  states = new Uint32Array(64)
  atoms = new Uint32Array(64)
  unknown = new Uint32Array(64)
  private slot = NO_SLOT

  constructor(private readonly slots: TaskSlots<TaskStorage>) {}

  get claimed(): boolean {
    return this.slot !== NO_SLOT
  }

  /** @throws Errno EBUSY where no slot is free */
  claim(): void {
    this.slot = this.slots.allocate(this)
    // Slots of tasks that are in none of the kernel's lists are zero.
    this.states.fill(0)
    this.atoms.fill(0)
    this.unknown.fill(0)
  }

  release(): void {
    this.slots.release(this.slot)
    this.slot = NO_SLOT
  }

  /** Makes room for a task. @returns false for an index that is no task's */
  has(task: number): boolean {
    if (task >= 0 && task < this.states.length) return true
    if (!(task >= 0 && task < MAX_TASKS)) return false
    this.states = grown(this.states, task, 0)
    this.atoms = grown(this.atoms, task, 0)
    this.unknown = grown(this.unknown, task, 0)
    return true
  }

  /** ltl_atom_set(). @param bit a set of one atom */
  set(task: number, bit: number, value: boolean): void {
    const { atoms, unknown } = this
    unknown[task] = (unknown[task] ?? 0) & ~bit
    atoms[task] = value ? (atoms[task] ?? 0) | bit : (atoms[task] ?? 0) & ~bit
  }

  /** Not started, every atom unknown. @param count number of atoms */
  forget(task: number, count: number): void {
    this.states[task] = 0
    this.atoms[task] = 0
    this.unknown[task] = count >= 32 ? 0xffff_ffff : (1 << count) - 1
  }

  /** rv_task_fork(): the new task's slot is zero. */
  taskCreated(task: number): void {
    if (!this.has(task)) return
    this.states[task] = 0
    this.atoms[task] = 0
    this.unknown[task] = 0
  }
}
