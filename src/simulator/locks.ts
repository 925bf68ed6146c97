import type { Machine } from './machine'
import { inheritPriority } from './priority'

/** What a lock is: who waits for it how, and whether its owner inherits priority. */
export const MUTEX = 0
/** struct rt_mutex of the kernel, such as the lock of an I2C bus. */
export const RT_MUTEX = 1
/** A mutex of user space with PTHREAD_PRIO_INHERIT: FUTEX_LOCK_PI. */
export const PI_FUTEX = 2
/** Any other mutex of user space: FUTEX_WAIT. */
export const FUTEX = 3

const NONE = -1

/**
 * Sleeping locks and who waits for them. Waiters stand in the order of their
 * priority, first come first served among equals. The owner of an rt_mutex or a
 * PI futex runs with the priority of its first waiter, where that is higher than
 * its own; and so on along the chain of what the owner itself waits for
 * (rt_mutex_adjust_prio_chain() of kernel/locking/rtmutex.c).
 */
export class Locks {
  private readonly kind: number[] = []
  private readonly ownerOf: number[] = []
  private readonly first: number[] = []
  /** Next lock with inheritance of the same owner. */
  private readonly nextHeld: number[] = []
  // By task.
  private readonly waitsFor: Int32Array
  private readonly nextWaiter: Int32Array
  private readonly held: Int32Array

  constructor(private readonly m: Machine) {
    const { capacity } = m.tasks
    this.waitsFor = new Int32Array(capacity).fill(NONE)
    this.nextWaiter = new Int32Array(capacity).fill(NONE)
    this.held = new Int32Array(capacity).fill(NONE)
  }

  /** @param kind MUTEX, RT_MUTEX, PI_FUTEX or FUTEX. @returns a free lock */
  create(kind: number): number {
    this.kind.push(kind)
    this.ownerOf.push(NONE)
    this.first.push(NONE)
    this.nextHeld.push(NONE)
    return this.kind.length - 1
  }

  /** The owner, or -1. */
  owner(lock: number): number {
    return this.ownerOf[lock]!
  }

  /** The waiter of the highest priority, or -1. */
  firstWaiter(lock: number): number {
    return this.first[lock]!
  }

  /** Address of the lock in the kernel's memory, cut to what is recorded of it. */
  address(lock: number): number {
    return 0x4a10_0000 + 64 * lock
  }

  /**
   * Takes a free lock, past waiters only with a higher priority than theirs
   * (try_to_take_rt_mutex()). A waiter that gets it waits no longer.
   */
  take(cpu: number, lock: number, task: number): boolean {
    if (this.ownerOf[lock] !== NONE) return false
    const first = this.first[lock]!
    const { prio } = this.m.tasks
    if (first !== NONE && first !== task && prio[task]! >= prio[first]!) return false
    this.ownerOf[lock] = task
    if (this.waitsFor[task] === lock) this.removeWaiter(lock, task)
    if (this.inherits(lock)) {
      this.nextHeld[lock] = this.held[task]!
      this.held[task] = lock
      this.adjust(cpu, task)
    }
    return true
  }

  /** A task begins to wait; its priority goes to the owner. No change where it waits already. */
  block(cpu: number, lock: number, task: number): void {
    if (this.waitsFor[task] === lock) return
    this.addWaiter(lock, task)
    const owner = this.ownerOf[lock]!
    if (owner !== NONE && this.inherits(lock)) this.adjust(cpu, owner)
  }

  /** Gives a lock back, and what was inherited through it. @returns the waiter to wake, or -1 */
  release(cpu: number, lock: number): number {
    const owner = this.ownerOf[lock]!
    this.ownerOf[lock] = NONE
    if (owner !== NONE && this.inherits(lock)) {
      this.dropHeld(lock, owner)
      this.adjust(cpu, owner)
    }
    return this.first[lock]!
  }

  /** Sets a task's priority from its own and what it inherits, and passes a change on. */
  adjust(cpu: number, task: number): void {
    const { m, ownerOf } = this
    let at = task
    while (at !== NONE) {
      let prio = m.tasks.normalPrio[at]!
      for (let lock = this.held[at]!; lock !== NONE; lock = this.nextHeld[lock]!) {
        const waiter = this.first[lock]!
        if (waiter !== NONE && m.tasks.prio[waiter]! < prio) prio = m.tasks.prio[waiter]!
      }
      if (prio === m.tasks.prio[at]) return
      inheritPriority(m, cpu, at, prio)
      const blockedOn = this.waitsFor[at]!
      if (blockedOn === NONE) return
      this.removeWaiter(blockedOn, at)
      this.addWaiter(blockedOn, at)
      at = this.inherits(blockedOn) ? ownerOf[blockedOn]! : NONE
    }
  }

  private inherits(lock: number): boolean {
    const kind = this.kind[lock]
    return kind === RT_MUTEX || kind === PI_FUTEX
  }

  private addWaiter(lock: number, task: number): void {
    const { prio } = this.m.tasks
    const { nextWaiter, first } = this
    this.waitsFor[task] = lock
    let before = NONE
    let at = first[lock]!
    while (at !== NONE && prio[at]! <= prio[task]!) {
      before = at
      at = nextWaiter[at]!
    }
    nextWaiter[task] = at
    if (before === NONE) first[lock] = task
    else nextWaiter[before] = task
  }

  private removeWaiter(lock: number, task: number): void {
    const { nextWaiter, first } = this
    this.waitsFor[task] = NONE
    if (first[lock] === task) {
      first[lock] = nextWaiter[task]!
    } else {
      let at = first[lock]!
      while (nextWaiter[at] !== task) at = nextWaiter[at]!
      nextWaiter[at] = nextWaiter[task]!
    }
    nextWaiter[task] = NONE
  }

  private dropHeld(lock: number, owner: number): void {
    const { nextHeld, held } = this
    if (held[owner] === lock) {
      held[owner] = nextHeld[lock]!
    } else {
      let at = held[owner]!
      while (nextHeld[at] !== lock) at = nextHeld[at]!
      nextHeld[at] = nextHeld[lock]!
    }
    nextHeld[lock] = NONE
  }
}
