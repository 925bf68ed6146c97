import type { EngineTimers } from './host'

/** What a timer belongs to: its expiry comes back with the number that the owner gave. */
export interface TimerOwner {
  timerExpired(place: number): void
}

/** Numbers of the timers that the monitors of an engine have: dense, from 0, used again after release(). */
export class TimerTable {
  private readonly owners: (TimerOwner | undefined)[] = []
  private readonly places: number[] = []
  private readonly free: number[] = []

  constructor(private readonly timers: EngineTimers) {}

  allocate(owner: TimerOwner, place: number): number {
    const timer = this.free.pop() ?? this.owners.length
    this.owners[timer] = owner
    this.places[timer] = place
    return timer
  }

  /** Cancels it, and gives its number back. */
  release(timer: number): void {
    if (this.owners[timer] === undefined) return
    this.timers.cancel(timer)
    this.owners[timer] = undefined
    this.free.push(timer)
  }

  /** No error for a number that is not in use. */
  expired(timer: number): void {
    this.owners[timer]?.timerExpired(this.places[timer] ?? -1)
  }
}
