import { Errno } from './errno'

/**
 * The per-task slots (kernel/trace/rv/rv.c, CONFIG_RV_PER_TASK_MONITORS): each
 * task has a fixed number of them, and every enabled per-task monitor of any
 * class takes one.
 */
export class TaskSlots<Owner> {
  private readonly owners: (Owner | undefined)[]

  constructor(count: number) {
    this.owners = new Array<Owner | undefined>(count).fill(undefined)
  }

  /** Takes the lowest free slot. @throws Errno EBUSY when there is none */
  allocate(owner: Owner): number {
    const slot = this.owners.indexOf(undefined)
    if (slot < 0) {
      throw new Errno(
        'EBUSY',
        `all ${this.owners.length} per-task slots are taken; disable another per-task monitor first`
      )
    }
    this.owners[slot] = owner
    return slot
  }

  release(slot: number): void {
    this.owners[slot] = undefined
  }

  /** Visits those that hold a slot, lowest slot first. */
  forEachOwner(visit: (owner: Owner) => void): void {
    for (const owner of this.owners) if (owner !== undefined) visit(owner)
  }
}
