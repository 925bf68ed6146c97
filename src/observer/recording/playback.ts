import { createTraceDecoder, RecordKind, type TraceBatch } from '../../trace'
import type { Control } from '../control'
import type { Fold } from '../fold'
import type { Violations } from '../violations'
import type { RecordedChange } from './format'
import type { Player } from './port'

/** What a recording is told to. */
export interface PlaybackSinks {
  readonly fold: Fold
  readonly violations: Violations
  readonly control: Control
  /** Bytes of the kernel log. */
  readonly log: (bytes: Uint8Array) => void
}

/** Tells a recording to the same live state that a target's streams are told to. */
export class Playback implements Player {
  /** Events that counters said were lost. */
  losses = 0
  /** Nothing is missing of which nobody knows how much. */
  isWhole = true
  readonly #to: PlaybackSinks
  readonly #events = createTraceDecoder()
  readonly #violations = createTraceDecoder()

  constructor(to: PlaybackSinks) {
    this.#to = to
  }

  readonly #fold = (batch: TraceBatch): void => {
    this.#to.fold.fold(batch)
  }

  readonly #errors = (batch: TraceBatch): void => {
    this.#to.violations.add(batch)
  }

  /** One stream is both: its errors are violations, its losses count once. */
  readonly #both = (batch: TraceBatch): void => {
    this.#to.fold.fold(batch)
    for (let i = 0; i < batch.count; i++) {
      const kind = batch.kind[i]
      if (
        kind === RecordKind.Error ||
        kind === RecordKind.ErrorEnv ||
        kind === RecordKind.LtlError ||
        kind === RecordKind.Retries
      ) {
        this.#to.violations.addOne(batch, i)
      } else this.#to.violations.follow(batch, i)
    }
  }

  trace(bytes: Uint8Array): void {
    this.#events.decode(bytes, this.#both)
    this.#to.violations.tick()
  }

  events(bytes: Uint8Array): void {
    this.#events.decode(bytes, this.#fold)
    this.#to.violations.tick()
  }

  violations(bytes: Uint8Array): void {
    this.#violations.decode(bytes, this.#errors)
  }

  log(bytes: Uint8Array): void {
    this.#to.log(bytes)
  }

  change(change: RecordedChange): void {
    const { fold, control } = this.#to
    switch (change.is) {
      case 'monitor': {
        const monitor = fold.monitors.find(({ info }) => info.fullName === change.name)
        if (monitor === undefined) return
        const { enabled, reactor } = change
        monitor.info = { ...monitor.info, enabled, reactor: reactor ?? undefined }
        monitor.isOff = change.off
        for (const { name, value } of change.values ?? []) monitor.values.set(name, value)
        fold.infosChanged = true
        return
      }
      case 'reset': {
        const monitor = fold.monitors.find(({ info }) => info.fullName === change.name)
        if (monitor !== undefined) fold.reset(monitor, change.off)
        return
      }
      case 'switches':
        control.switches = { ...change.switches, stacks: false }
        return
      case 'losses':
        this.losses = Math.max(this.losses, change.events)
        return
      case 'gap':
        this.isWhole = false
        return
      case 'tasks': {
        const tasks = new Map(
          change.tasks.map(([pid, comm, tgid]) => [pid, { comm, tgid }] as const)
        )
        for (const monitor of fold.monitors) {
          if (monitor.type === 'per_task') monitor.tasksAre(tasks, fold.sec, fold.nsec)
        }
      }
    }
  }

  /** The file ended; a line that was cut in its middle counts. `comms` name the tasks that are still without a name. */
  finish(comms: ReadonlyMap<number, string>): void {
    this.#events.finish(this.#fold)
    this.#violations.finish(this.#errors)
    for (const { type, instances } of this.#to.fold.monitors) {
      if (type !== 'per_task') continue
      for (let row = 0; row < instances.length; row++) {
        const comm = comms.get(instances.id[row] ?? 0)
        if (comm !== undefined && instances.labels[row] === '') instances.setLabel(row, comm, 0)
      }
    }
  }
}
