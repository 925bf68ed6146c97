import type { RestoreStep } from '../target/port'

/**
 * When a step runs at restore. Monitors that the panel switched on go off first, so that nothing
 * reacts while reactors, switches and parameters change; those that it switched off come back last,
 * so that they start under the original ones; trace instances go when nothing feeds them.
 */
export enum RestoreRank {
  MonitorOff = 0,
  Reactor = 1,
  Switch = 2,
  /** Of a module; the path is that of parameterPath(). */
  Parameter = 3,
  MonitorOn = 4,
  /** Of an event in a trace instance of the panel's own; goes before the instance does. */
  Trigger = 5,
  Instance = 6
}

/** A step and its place in the order. */
export interface PlannedStep {
  readonly rank: RestoreRank
  readonly step: RestoreStep
}

/**
 * What has to be put back on the target, while it is connected; the port keeps it where a crash
 * cannot reach it. Holds at most one step per path, the oldest original with the newest
 * value of ours. The plan is handed to the port before each change takes effect.
 */
export class RestorePlan {
  readonly #entries = new Map<string, PlannedStep>()

  /**
   * Notes that `path` is about to read `ours` where it read `current`. The original of an earlier
   * note stands, unless somebody else changed the value since. A value that is back at its original
   * leaves the plan. An armed panic reactor is nobody's original: no restore ever writes it.
   */
  note(rank: RestoreRank, path: string, current: string, ours: string): void {
    const earlier = this.#entries.get(path)?.step
    const original =
      earlier !== undefined && earlier.kind !== 'rmdir' && earlier.ours === current
        ? earlier.original
        : current
    this.#entries.delete(path)
    if (original === ours || (rank === RestoreRank.Reactor && original === 'panic')) return
    this.#entries.set(path, {
      rank: rank === RestoreRank.MonitorOff && original === '1' ? RestoreRank.MonitorOn : rank,
      step: { kind: rank === RestoreRank.Parameter ? 'parameter' : 'file', path, ours, original }
    })
  }

  /** A trace instance that is ours. */
  noteInstance(path: string): void {
    this.#entries.set(path, { rank: RestoreRank.Instance, step: { kind: 'rmdir', path } })
  }

  /**
   * A `stacktrace` trigger that is ours. Its file reads so while it has that one alone
   * (event_trigger_print of kernel/trace/trace_events_trigger.c).
   */
  noteStackTrigger(path: string): void {
    this.#entries.set(path, {
      rank: RestoreRank.Trigger,
      step: { kind: 'file', path, ours: 'stacktrace:unlimited', original: '!stacktrace' }
    })
  }

  /** The path is as it was, or no longer ours to put back. */
  forget(path: string): void {
    this.#entries.delete(path)
  }

  /** A trace instance is gone, and its triggers with it. */
  forgetInstance(path: string): void {
    for (const entry of [...this.#entries.keys()]) {
      if (entry === path || entry.startsWith(`${path}/`)) this.#entries.delete(entry)
    }
  }

  /** The entry of a path, to be given to `reset` when the change did not happen. */
  entry(path: string): PlannedStep | undefined {
    return this.#entries.get(path)
  }

  /** Puts an earlier entry back in place, or none. */
  reset(path: string, entry: PlannedStep | undefined): void {
    this.#entries.delete(path)
    if (entry !== undefined) this.#entries.set(path, entry)
  }

  /** The plan in the order in which it must run; within a rank the newest change first. */
  steps(): readonly RestoreStep[] {
    return [...this.#entries.values()]
      .reverse()
      .sort((a, b) => a.rank - b.rank)
      .map((entry) => entry.step)
  }
}
