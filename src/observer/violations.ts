import { RecordKind, textOf, type TraceBatch } from '../trace'
import type { Batch, Reaction, Violation } from '../contract/state'
import { DetailStore } from './details'
import type { ErrorListener, Fold } from './fold'
import { NOT_MONITORING, PATH_LENGTH } from './instance-table'
import { isLater } from './lines'
import type { MonitorState } from './monitor-state'
import { ViolationStore, type Kept } from './violation-store'

/** Errors of one stream that wait for the other one. */
const MAX_WAITING = 4096
/** A violation that the event stream does not show by then is completed from what is known. */
const COMPLETE_AFTER_MS = 500
/** And by then no longer waited for. */
const GIVE_UP_AFTER_MS = 10_000
/**
 * Each trace instance stamps a record itself, so that the same error has two times. Records of one
 * instance that are this close, and alike, are the same error.
 */
const SAME_NS = 500_000

/** A violation whose place in the event stream has not been seen yet. */
interface Pending {
  readonly violation: Kept
  readonly since: number
  /** Completed once from what was known, and still waited for. */
  provisional: boolean
  done: boolean
}

/** An error of the event stream whose violation has not arrived yet. */
interface Capture {
  readonly sec: number
  readonly nsec: number
  readonly cpu: number
  readonly pid: number
  readonly state: string
  readonly event: string
  readonly detail: number
}

/** CPUs beyond this number are garbled lines. */
const MAX_CPUS = 4096

/** What waits for one instance, in the order of the streams. */
interface Waiting {
  readonly violations: Pending[]
  readonly captures: Capture[]
}

/**
 * Every violation, with the path and the lines that led to it. Violations come from a trace
 * instance of their own; where they happened among the events is seen in the event stream, at the
 * same error's line. Either may be first: whichever it is waits for the other. An error that the
 * event stream lost is completed by time.
 */
export class Violations implements ErrorListener {
  /** Violation records that the kernel's ring lost; undefined once there was a loss without a count. */
  lost: number | undefined = 0
  malformed = 0
  readonly #now: () => number
  readonly #details: DetailStore
  readonly #store: ViolationStore
  readonly #waiting = new Map<string, Waiting>()
  /** In order of arrival, for time to run out; entries may be done already. */
  #pending: Pending[] = []
  #captures = 0
  /** The newest violation of each CPU, whose stack comes next where stacks are recorded. */
  readonly #newest = new Map<number, Kept>()
  /** Whether reactors are called (reacting_on); null: the kernel has none. */
  reactingOn: () => boolean | null = () => null
  #fold: Fold | undefined

  /** `now` is a clock of milliseconds. */
  constructor(now: () => number, details = new DetailStore(), store = new ViolationStore(details)) {
    this.#now = now
    this.#details = details
    this.#store = store
  }

  /** The live state whose rings hold what led to a violation. */
  attach(fold: Fold): void {
    this.#fold = fold
  }

  /** Violations since connection. */
  get total(): number {
    return this.#store.total
  }

  /** Violations that were overwritten before the window took them. */
  get notSent(): number {
    return this.#store.notSent
  }

  get hasNews(): boolean {
    return this.#store.hasNews
  }

  /** Something waits for its place in the event stream: `tick` has to be called now and then. */
  get isWaiting(): boolean {
    return this.#pending.length > 0
  }

  /** Folds a batch of the violation stream. */
  add(batch: TraceBatch): void {
    for (let i = 0; i < batch.count; i++) {
      switch (batch.kind[i]) {
        case RecordKind.Error:
        case RecordKind.ErrorEnv:
        case RecordKind.LtlError:
        case RecordKind.Retries:
          this.addOne(batch, i)
          break
        case RecordKind.Lost: {
          const count = batch.id[i] ?? -1
          this.lost = this.lost === undefined || count < 0 ? undefined : this.lost + count
          this.follow(batch, i)
          break
        }
        case RecordKind.Malformed:
          this.malformed++
          break
        default:
          this.follow(batch, i)
          break
      }
    }
  }

  /** Folds one error of a batch. */
  addOne(batch: TraceBatch, i: number): void {
    this.#arrived(batch, i)
  }

  /**
   * A record that is no error: a part of the stack of the violation just before it on its CPU, or
   * what ends that. The entry of a stack comes behind the event that asked for it, and its
   * ` => function` lines have its CPU (trace_stack_print of kernel/trace/trace_output.c). Where
   * something was lost in between, a stack may be that of another violation.
   */
  follow(batch: TraceBatch, i: number): void {
    if (this.#newest.size === 0) return
    const cpu = batch.cpu[i] ?? 0
    const violation = this.#newest.get(cpu)
    if (violation === undefined) return
    if (batch.kind[i] === RecordKind.Other && violation.pid === batch.pid[i]) {
      const text = textOf(batch, i)
      const name = /^ => (.+)$/.exec(text)?.[1]
      if (name !== undefined) {
        this.#store.addFunction(violation, name)
        return
      }
      if (text.startsWith('<stack trace') && violation.stack.length === 0) return
    }
    this.#newest.delete(cpu)
  }

  /** An error in the event stream: everything that led to it is in the rings just now. */
  onError(batch: TraceBatch, i: number, monitor: MonitorState, row: number): void {
    const sec = batch.timeSec[i] ?? 0
    const nsec = batch.timeNsec[i] ?? 0
    const cpu = batch.cpu[i] ?? 0
    const lines = this.#fold?.context(cpu)
    const detail = this.#details.capture(monitor.instances, row, lines, sec, nsec)
    const names = batch.names.names
    const capture: Capture = {
      sec,
      nsec,
      cpu,
      pid: batch.pid[i] ?? 0,
      state: names[batch.state[i] ?? 0] ?? '',
      event: names[batch.event[i] ?? 0] ?? '',
      detail
    }
    const instance = monitor.instanceId(batch.hasId[i] ?? 0, batch.id[i] ?? 0, cpu)
    const waiting = this.#waitingFor(monitor, instance)
    const match = closest(waiting.violations, (p) => p.violation, capture)
    if (match < 0) {
      waiting.captures.push(capture)
      if (++this.#captures > MAX_WAITING) this.#dropCaptures()
      return
    }
    const [pending] = waiting.violations.splice(match, 1)
    if (pending !== undefined) {
      pending.done = true
      this.#store.complete(pending.violation, detail)
    }
    this.#tidy(monitor, instance, waiting)
  }

  /**
   * Completes what has waited long enough, or whose time the event stream has passed. To be called
   * after each batch of events and about ten times a second while something waits.
   */
  tick(): void {
    if (this.#pending.length === 0) return
    const now = this.#now()
    const open: Pending[] = []
    for (const pending of this.#pending) {
      if (pending.done) continue
      const { violation } = pending
      const passed = this.#isPassed(violation.sec, violation.nsec)
      const waited = now - pending.since
      if (passed || waited >= GIVE_UP_AFTER_MS) {
        const waiting = this.#waitingFor(violation.monitor, violation.instance)
        waiting.violations.splice(waiting.violations.indexOf(pending), 1)
        this.#tidy(violation.monitor, violation.instance, waiting)
        this.#giveUp(pending, passed)
        continue
      }
      if (waited >= COMPLETE_AFTER_MS && !pending.provisional) {
        pending.provisional = true
        this.#completeByTime(violation, false)
      }
      open.push(pending)
    }
    this.#pending = open
  }

  /** One violation with all that is kept of it; null: it is not kept. */
  one(seq: number): Violation | null {
    return (this.#fold && this.#store.one(seq, this.#fold.words)) ?? null
  }

  /** New violations and completed ones for a frame; `all` starts again from the oldest. */
  take(all: boolean): Pick<Batch, 'violations' | 'completed'> {
    if (this.#fold === undefined) return { violations: [], completed: [] }
    return this.#store.take(all, this.#fold.words)
  }

  #arrived(batch: TraceBatch, i: number): void {
    const name = batch.names.names[batch.monitor[i] ?? 0] ?? ''
    const monitor = this.#fold?.monitorNamed(name)
    if (monitor === undefined) {
      this.malformed++
      this.#newest.delete(batch.cpu[i] ?? 0)
      return
    }
    const violation = this.#store.keep(
      batch,
      i,
      monitor,
      this.#reactionOf(monitor, batch.kind[i] === RecordKind.Retries)
    )
    if (this.#newest.size >= MAX_CPUS) this.#newest.clear()
    this.#newest.set(violation.cpu, violation)
    const waiting = this.#waitingFor(monitor, violation.instance)
    this.#dropOutdated(waiting, violation)
    const match = closest(waiting.captures, (c) => c, violation)
    if (match >= 0) {
      const [capture] = waiting.captures.splice(match, 1)
      this.#captures--
      this.#tidy(monitor, violation.instance, waiting)
      violation.detail = capture?.detail ?? -1
      return
    }
    if (this.#isPassed(violation.sec, violation.nsec)) {
      this.#tidy(monitor, violation.instance, waiting)
      this.#completeByTime(violation, true)
      return
    }
    const pending: Pending = { violation, since: this.#now(), provisional: false, done: false }
    waiting.violations.push(pending)
    this.#pending.push(pending)
    if (waiting.violations.length > MAX_WAITING) this.#giveUp(waiting.violations.shift(), false)
  }

  #reactionOf(monitor: MonitorState, isRetries: boolean): Reaction {
    const on = this.reactingOn()
    const { reactor = null } = monitor.info
    if (on === null || reactor === null) return { reactor: null, without: 'no-reactors' }
    // A monitor without reactions, or what only warns (rv_retries_error of include/rv/da_monitor.h).
    if (isRetries || monitor.known?.reactions === 'none') return { reactor, without: 'not-given' }
    return { reactor, without: on ? null : 'reacting-off' }
  }

  #giveUp(pending: Pending | undefined, passed: boolean): void {
    if (pending === undefined) return
    pending.done = true
    this.#completeByTime(pending.violation, passed)
  }

  /** Errors before this one whose violations would have come before it: the ring of violations lost those. */
  #dropOutdated(waiting: Waiting, violation: Kept): void {
    const { sec, nsec } = violation
    const outdated = waiting.captures.findIndex(
      (capture) => elapsed(capture.sec, capture.nsec, sec, nsec) <= SAME_NS
    )
    const count = outdated < 0 ? waiting.captures.length : outdated
    waiting.captures.splice(0, count)
    this.#captures -= count
  }

  /** The event stream did not show the error: what it showed up to that time has to do. */
  #completeByTime(violation: Kept, passed: boolean): void {
    const { monitor, sec, nsec } = violation
    const table = monitor.instances
    const row = table.find(violation.instance)
    const lines = this.#fold?.context(violation.cpu)
    this.#store.complete(violation, this.#details.capture(table, row, lines, sec, nsec))
    if (!passed || row < 0 || violation.kind === 'retries') return
    // The instance is not monitoring since then, unless an event came later.
    const total = table.pathTotal[row] ?? 0
    const last = row * PATH_LENGTH + ((total - 1) % PATH_LENGTH)
    const later =
      total > 0 && isLater(table.pathSec[last] ?? 0, table.pathNsec[last] ?? 0, sec, nsec)
    if (later || table.state[row] === NOT_MONITORING) return
    table.state[row] = NOT_MONITORING
    table.sinceSec[row] = sec
    table.sinceNsec[row] = nsec
    table.touch(row)
  }

  #isPassed(sec: number, nsec: number): boolean {
    const fold = this.#fold
    if (fold === undefined) return false
    return elapsed(sec, nsec, fold.sec, fold.nsec) > 2 * SAME_NS
  }

  #waitingFor(monitor: MonitorState, instance: number): Waiting {
    const key = keyOf(monitor, instance)
    let waiting = this.#waiting.get(key)
    if (waiting === undefined) {
      waiting = { violations: [], captures: [] }
      this.#waiting.set(key, waiting)
    }
    return waiting
  }

  #tidy(monitor: MonitorState, instance: number, waiting: Waiting): void {
    if (waiting.violations.length === 0 && waiting.captures.length === 0) {
      this.#waiting.delete(keyOf(monitor, instance))
    }
  }

  /** Errors of the event stream that nobody asks for: their violations were lost, or never came. */
  #dropCaptures(): void {
    for (const [key, waiting] of this.#waiting) {
      waiting.captures.length = 0
      if (waiting.violations.length === 0) this.#waiting.delete(key)
    }
    this.#captures = 0
  }
}

interface Stamp {
  readonly sec: number
  readonly nsec: number
  readonly cpu: number
  readonly pid: number
  readonly state: string
  readonly event: string
}

/** The entry that is the same error as `stamp`, closest in time, or -1. */
function closest<T>(entries: readonly T[], stampOf: (entry: T) => Stamp, stamp: Stamp): number {
  let best = -1
  let distance = SAME_NS + 1
  for (const [i, entry] of entries.entries()) {
    const other = stampOf(entry)
    if (elapsed(stamp.sec, stamp.nsec, other.sec, other.nsec) > SAME_NS) break
    if (other.cpu !== stamp.cpu || other.pid !== stamp.pid) continue
    if (other.state !== stamp.state || other.event !== stamp.event) continue
    const apart = Math.abs(elapsed(other.sec, other.nsec, stamp.sec, stamp.nsec))
    if (apart < distance) {
      best = i
      distance = apart
    }
  }
  return best
}

/** Nanoseconds from a to b; exact for the short spans that matter here. */
function elapsed(aSec: number, aNsec: number, bSec: number, bNsec: number): number {
  return (bSec - aSec) * 1_000_000_000 + (bNsec - aNsec)
}

function keyOf(monitor: MonitorState, instance: number): string {
  return `${String(monitor.index)}/${String(instance)}`
}
