import type { EngineTimers } from '../engine/host'
import { EventQueue, NEVER } from './event-queue'
import type { Machine } from './machine'
import { TICK } from './scheduler'
import { TimerLists } from './timer-lists'
import { VECTOR_TIMER } from './vectors'

/** Buckets of a level of the wheel, and by how many bits each level is coarser than the one below (kernel/time/timer.c). */
const LEVEL_SIZE = 64
const LEVEL_SHIFT = 3
/** Nine levels hold timeouts of more than a year. */
const LEVELS = 9
const BUCKETS = LEVELS * LEVEL_SIZE
const FARTHEST = (LEVEL_SIZE - 1) * 2 ** (LEVEL_SHIFT * (LEVELS - 1))
const FIRST_HIGH = 64

/**
 * Timers of the RV engine: a wheel for each CPU and high-resolution timers.
 * Both expire on the CPU that armed them, those of the wheel in its TIMER
 * softirq, the others in the hardirq of its local timer. As in the kernel a
 * timer of the wheel stays in the bucket that it was put into: the farther away
 * it is the coarser, up to an eighth of the timeout late and never early.
 */
export class KernelTimers implements EngineTimers {
  readonly tick = TICK
  private readonly lists: TimerLists
  /** Jiffy at which a bucket expires that is not empty. */
  private readonly bucketExpires: Float64Array
  /** Timers in the wheel of a CPU, and a jiffy before which none of them expires. */
  private readonly waiting: Int32Array
  private readonly nextExpiry: Float64Array
  private readonly wheelDue: Uint8Array
  private high = new EventQueue(FIRST_HIGH)
  private highSlots = FIRST_HIGH
  private highCpu = new Int32Array(FIRST_HIGH)
  /** Numbers of the lists behind the buckets: timers of a CPU whose handler is due. */
  private readonly expiredWheel: number
  private readonly expiredHigh: number

  /** @param slot of the machine's queue: one for each CPU's wheel, and one behind them */
  constructor(
    private readonly m: Machine,
    private readonly slot: number
  ) {
    const { cpus } = m
    this.expiredWheel = cpus * BUCKETS
    this.expiredHigh = this.expiredWheel + cpus
    this.lists = new TimerLists(this.expiredHigh + cpus)
    this.bucketExpires = new Float64Array(cpus * BUCKETS)
    this.waiting = new Int32Array(cpus)
    this.nextExpiry = new Float64Array(cpus).fill(NEVER)
    this.wheelDue = new Uint8Array(cpus)
  }

  static slots(cpus: number): number {
    return cpus + 1
  }

  /** Ticks since boot. */
  jiffies(): number {
    return Math.floor(this.m.now / TICK)
  }

  armWheel(timer: number, expires: number): void {
    const cpu = this.m.probes.cpu
    const jiffies = this.jiffies()
    const delta = Math.max(0, Math.min(expires - jiffies, FARTHEST - 1))
    let level = 0
    let granularity = 1
    while (delta >= (LEVEL_SIZE - 1) * granularity) {
      level++
      granularity *= 2 ** LEVEL_SHIFT
    }
    const bucket = Math.floor((jiffies + delta) / granularity) + 1
    const at = bucket * granularity
    const list = cpu * BUCKETS + level * LEVEL_SIZE + (bucket % LEVEL_SIZE)
    if (this.lists.listOf(timer) === list) return
    this.cancel(timer)
    this.lists.add(list, timer)
    this.bucketExpires[list] = at
    this.waiting[cpu] = this.waiting[cpu]! + 1
    if (at < this.nextExpiry[cpu]!) this.expectTick(cpu, at)
  }

  armHigh(timer: number, expires: number): void {
    if (this.lists.listOf(timer) !== -1) this.cancel(timer)
    if (timer >= this.highSlots) this.growHigh(timer)
    this.highCpu[timer] = this.m.probes.cpu
    this.high.set(timer, expires)
    this.setHighSlot()
  }

  cancel(timer: number): void {
    const list = this.lists.listOf(timer)
    if (list !== -1) {
      this.lists.remove(timer)
      if (list >= this.expiredWheel) return
      const cpu = Math.floor(list / BUCKETS)
      this.waiting[cpu] = this.waiting[cpu]! - 1
    } else if (timer < this.highSlots && this.high.time[timer] !== NEVER) {
      this.high.set(timer, NEVER)
      this.setHighSlot()
    }
  }

  /** One of this object's slots is due. */
  due(slot: number): void {
    const { m } = this
    const cpu = slot - this.slot
    if (cpu < m.cpus) {
      m.queue.set(slot, NEVER)
      if (this.waiting[cpu] === 0) {
        // All were cancelled: the kernel's CPU would have its timer set as well.
        this.nextExpiry[cpu] = NEVER
        return
      }
      this.wheelDue[cpu] = 1
      m.devices.expectTick(cpu)
      m.raiseVector(cpu, VECTOR_TIMER)
      return
    }
    for (let timer = this.high.first(); timer !== -1; timer = this.high.first()) {
      if (this.high.time[timer]! > m.now) break
      const on = this.highCpu[timer]!
      this.high.set(timer, NEVER)
      this.lists.add(this.expiredHigh + on, timer)
      m.raiseVector(on, VECTOR_TIMER)
    }
    this.setHighSlot()
  }

  /** Whether the tick of a CPU finds timers of the wheel to run. */
  wheelIsDue(cpu: number): boolean {
    return this.wheelDue[cpu] === 1
  }

  /** In the TIMER softirq: what has expired is to be taken. */
  collect(cpu: number): void {
    if (this.wheelDue[cpu] === 0) return
    this.wheelDue[cpu] = 0
    const jiffies = this.jiffies()
    const { lists, bucketExpires } = this
    const end = (cpu + 1) * BUCKETS
    let next = NEVER
    for (let list = cpu * BUCKETS; list < end; list++) {
      let timer = lists.first(list)
      if (timer === -1) continue
      const at = bucketExpires[list]!
      if (at > jiffies) {
        if (at < next) next = at
        continue
      }
      for (; timer !== -1; timer = lists.first(list)) {
        lists.remove(timer)
        lists.add(this.expiredWheel + cpu, timer)
        this.waiting[cpu] = this.waiting[cpu]! - 1
      }
    }
    this.expectTick(cpu, next)
  }

  /** Takes a timer of the wheel whose handler is due on a CPU, or -1. */
  takeWheel(cpu: number): number {
    return this.take(this.expiredWheel + cpu)
  }

  /** The same of the high-resolution timers. */
  takeHigh(cpu: number): number {
    return this.take(this.expiredHigh + cpu)
  }

  private take(list: number): number {
    const timer = this.lists.first(list)
    if (timer !== -1) this.lists.remove(timer)
    return timer
  }

  /** The CPU's tick of a jiffy is wanted, also where it is idle then. */
  private expectTick(cpu: number, jiffy: number): void {
    const { m } = this
    this.nextExpiry[cpu] = jiffy
    m.queue.set(this.slot + cpu, jiffy === NEVER ? NEVER : m.scheduler.tickTime(cpu, jiffy))
  }

  private setHighSlot(): void {
    const first = this.high.first()
    const time = first === -1 ? NEVER : Math.max(this.m.now, this.high.time[first]!)
    this.m.queue.set(this.slot + this.m.cpus, time)
  }

  private growHigh(timer: number): void {
    let slots = this.highSlots
    while (slots <= timer) slots *= 2
    const larger = new EventQueue(slots)
    for (let one = 0; one < this.highSlots; one++) larger.set(one, this.high.time[one]!)
    const cpus = new Int32Array(slots)
    cpus.set(this.highCpu)
    this.high = larger
    this.highCpu = cpus
    this.highSlots = slots
  }
}
