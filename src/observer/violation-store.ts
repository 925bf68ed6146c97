import { MAX_FUNCTION, MAX_STACK, type Reaction, type Violation } from '../contract/state'
import { envOf, RecordKind, type TraceBatch } from '../trace'
import type { DetailStore } from './details'
import { lineText, type LineWords } from './lines'
import type { MonitorState } from './monitor-state'

/** Violations that are kept; of older ones the count is. */
export const MAX_VIOLATIONS = 100_000
/** Violations that go into one frame. */
const PER_FRAME = 256

/** The line of a violation. */
export interface Kept {
  readonly seq: number
  readonly monitor: MonitorState
  readonly kind: Violation['kind']
  readonly sec: number
  readonly nsec: number
  readonly cpu: number
  readonly pid: number
  readonly comm: string
  readonly flags: string
  readonly id: number | null
  /** Instance id in its monitor: CPU, pid or object. */
  readonly instance: number
  readonly label: string
  readonly state: string
  readonly event: string
  readonly env: string | null
  readonly text: string
  readonly reaction: Reaction
  /** Functions of the kernel's stack, innermost first. */
  readonly stack: string[]
  /** Number in the detail store; -1 while nothing is known. */
  detail: number
}

/** The violations of a connection, numbered from 1, and what of them the window has. */
export class ViolationStore {
  /** Violations since connection; the number of the newest. */
  total = 0
  /** Violations that were overwritten before the window took them. */
  notSent = 0
  /** By seq % limit. */
  readonly #kept: Kept[] = []
  readonly #details: DetailStore
  readonly #limit: number
  #taken = 0
  readonly #completed = new Set<number>()

  constructor(details: DetailStore, limit = MAX_VIOLATIONS) {
    this.#details = details
    this.#limit = limit
  }

  get hasNews(): boolean {
    return this.#taken < this.total || this.#completed.size > 0
  }

  /** Keeps an error line, and counts it for its monitor and instance. */
  keep(batch: TraceBatch, i: number, monitor: MonitorState, reaction: Reaction): Kept {
    const names = batch.names.names
    const name = (index: number | undefined): string => names[index ?? 0] ?? ''
    const kind = batch.kind[i]
    const cpu = batch.cpu[i] ?? 0
    const hasId = batch.hasId[i] ?? 0
    const instance = monitor.instanceId(hasId, batch.id[i] ?? 0, cpu)
    const retries = kind === RecordKind.Retries
    const table = monitor.instances
    const row = retries && monitor.info.hasId ? -1 : table.rowOf(instance)
    const comm = name(batch.comm[i])
    const task = name(batch.taskComm[i])
    const known = row < 0 ? '' : (table.labels[row] ?? '')
    const isSelf = hasId !== 0 && batch.pid[i] === batch.id[i] && monitor.type === 'per_task'
    monitor.violationCount++
    if (row >= 0) {
      table.violations[row] = (table.violations[row] ?? 0) + 1
      table.touch(row)
    }
    const ltl = kind === RecordKind.LtlError
    const refused =
      ltl || retries
        ? -1
        : monitor.refused.add(
            monitor.states.indexOfText(name(batch.state[i])),
            monitor.events.indexOfText(name(batch.event[i])),
            -1
          )
    const time = (batch.timeSec[i] ?? 0) * 1e9 + (batch.timeNsec[i] ?? 0)
    monitor.history.violations.add(time, row, refused, this.total + 1)
    const kept: Kept = {
      seq: ++this.total,
      monitor,
      kind: ltl
        ? 'ltl'
        : retries
          ? 'retries'
          : kind === RecordKind.ErrorEnv
            ? 'error_env'
            : 'error',
      sec: batch.timeSec[i] ?? 0,
      nsec: batch.timeNsec[i] ?? 0,
      cpu,
      pid: batch.pid[i] ?? 0,
      comm,
      flags: name(batch.flags[i]),
      id: hasId === 0 ? null : (batch.id[i] ?? 0),
      instance,
      label: task !== '' ? task : known !== '' ? known : isSelf ? comm : '',
      state: name(batch.state[i]),
      event: name(batch.event[i]),
      env: kind === RecordKind.ErrorEnv ? envOf(batch, i) : null,
      text: lineText(batch, i),
      reaction,
      stack: [],
      detail: -1
    }
    this.#kept[kept.seq % this.#limit] = kept
    return kept
  }

  /** A function of a violation's stack, in the order in which the kernel prints them. */
  addFunction(violation: Kept, name: string): void {
    if (violation.stack.length === MAX_STACK) return
    violation.stack.push(name.slice(0, MAX_FUNCTION))
    if (violation.seq <= this.#taken) this.#completed.add(violation.seq)
  }

  /** What led to a violation is known, or better known than before. */
  complete(violation: Kept, detail: number): void {
    violation.detail = detail
    // One that the window does not have goes out complete.
    if (violation.seq <= this.#taken) this.#completed.add(violation.seq)
  }

  /** New violations and completed ones for a frame; `all` starts again from the oldest. */
  take(all: boolean, words: LineWords): { violations: Violation[]; completed: Violation[] } {
    const oldest = Math.max(0, this.total - this.#limit)
    if (all) this.#taken = oldest
    if (this.#taken < oldest) {
      this.notSent += oldest - this.#taken
      this.#taken = oldest
    }
    const completed: Violation[] = []
    for (const seq of this.#completed) {
      if (seq > this.#taken || seq <= oldest) {
        this.#completed.delete(seq)
        continue
      }
      if (completed.length === PER_FRAME) break
      this.#completed.delete(seq)
      const kept = this.#kept[seq % this.#limit]
      if (kept !== undefined) completed.push(this.#shown(kept, words))
    }
    const violations: Violation[] = []
    while (this.#taken < this.total && violations.length < PER_FRAME) {
      const kept = this.#kept[++this.#taken % this.#limit]
      if (kept !== undefined) violations.push(this.#shown(kept, words))
    }
    return { violations, completed }
  }

  /** One violation, undefined: it was overwritten, or has not happened. */
  one(seq: number, words: LineWords): Violation | undefined {
    const kept = this.#kept[seq % this.#limit]
    return kept?.seq === seq ? this.#shown(kept, words) : undefined
  }

  #shown(kept: Kept, words: LineWords): Violation {
    const { monitor, detail } = kept
    const path = this.#details.path(detail, monitor)
    const context = this.#details.context(detail, words)
    const last = path.at(-1)
    return {
      seq: kept.seq,
      monitor: monitor.index,
      kind: kept.kind,
      sec: kept.sec,
      nsec: kept.nsec,
      cpu: kept.cpu,
      pid: kept.pid,
      comm: kept.comm,
      flags: kept.flags,
      id: kept.id,
      label: kept.label,
      // An LTL error's line has neither: the event before it says which atoms left which states.
      state: kept.kind === 'ltl' && last !== undefined ? last.from : kept.state,
      event: kept.kind === 'ltl' && last !== undefined ? last.event : kept.event,
      env: kept.env,
      text: traceLine(kept),
      path,
      context:
        detail < 0
          ? []
          : [
              ...context,
              {
                sec: kept.sec,
                nsec: kept.nsec,
                cpu: kept.cpu,
                pid: kept.pid,
                comm: kept.comm,
                flags: kept.flags,
                text: kept.text,
                here: true
              }
            ],
      stack: [...kept.stack],
      reaction: kept.reaction
    }
  }
}

/** The whole line as trace_pipe prints it (kernel/trace/trace_output.c). */
function traceLine(kept: Kept): string {
  const task = `${kept.comm.padStart(16)}-${String(kept.pid).padEnd(7)}`
  const cpu = String(kept.cpu).padStart(3, '0')
  const usec = String(Math.floor(kept.nsec / 1000)).padStart(6, '0')
  return `${task} [${cpu}] ${kept.flags} ${String(kept.sec).padStart(5)}.${usec}: ${kept.text}`
}
