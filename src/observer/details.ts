import type { ContextLine, ViolationStep } from '../contract/state'
import { LINE_INTS, unpackLine, type LineRing, type LineWords } from './lines'
import { PATH_LENGTH, type InstanceTable } from './instance-table'
import { isLater } from './lines'
import type { MonitorState } from './monitor-state'

/** Integers of one step: sec, nsec, cpu, from and event, to. */
const STEP_INTS = 5
const CONTEXT = 24
const PATH_AT = 2
const CONTEXT_AT = PATH_AT + PATH_LENGTH * STEP_INTS
const DETAIL_INTS = CONTEXT_AT + CONTEXT * LINE_INTS
/** Violations whose path and context are kept; older ones keep their line. About 1.5 KiB each. */
export const MAX_DETAILS = 16_384

/**
 * Path and context of the newest violations, packed: a flood of them would otherwise be millions of
 * objects. A detail is addressed by its number; once overwritten, it reads as undefined.
 */
export class DetailStore {
  #total = 0
  readonly #limit: number
  #capacity = 64
  #ints = new Int32Array(this.#capacity * DETAIL_INTS)
  readonly #texts: (readonly string[])[] = []

  constructor(limit = MAX_DETAILS) {
    this.#limit = limit
  }

  /**
   * Copies what led to a violation of an instance: its last transitions and the last lines of the
   * CPU, both up to the given time. Returns the number of the detail.
   */
  capture(
    table: InstanceTable | undefined,
    row: number,
    lines: LineRing | undefined,
    sec: number,
    nsec: number
  ): number {
    const number = this.#total++
    if (number === this.#capacity && this.#capacity < this.#limit) this.#grow()
    const slot = number % this.#capacity
    const at = slot * DETAIL_INTS
    this.#ints[at] = table === undefined || row < 0 ? 0 : this.#path(table, row, sec, nsec, at)
    const texts: string[] = []
    this.#ints[at + 1] =
      lines?.copyUpTo(sec, nsec, CONTEXT - 1, this.#ints, at + CONTEXT_AT, texts) ?? 0
    this.#texts[slot] = texts.every((text) => text === '') ? NO_TEXTS : texts
    return number
  }

  path(number: number, monitor: MonitorState): ViolationStep[] {
    const at = this.#at(number)
    if (at === undefined) return []
    const ints = this.#ints
    const steps: ViolationStep[] = []
    for (let i = 0; i < (ints[at] ?? 0); i++) {
      const step = at + PATH_AT + i * STEP_INTS
      const names = ints[step + 3] ?? 0
      steps.push({
        sec: (ints[step] ?? 0) >>> 0,
        nsec: ints[step + 1] ?? 0,
        cpu: ints[step + 2] ?? 0,
        from: monitor.states.names[names >>> 16] ?? '',
        event: monitor.events.names[names & 0xffff] ?? '',
        to: monitor.states.names[ints[step + 4] ?? 0] ?? ''
      })
    }
    return steps
  }

  context(number: number, words: LineWords): ContextLine[] {
    const at = this.#at(number)
    if (at === undefined) return []
    const texts = this.#texts[number % this.#capacity]
    const lines: ContextLine[] = []
    for (let i = 0; i < (this.#ints[at + 1] ?? 0); i++) {
      lines.push(unpackLine(this.#ints, at + CONTEXT_AT + i * LINE_INTS, texts?.[i] ?? '', words))
    }
    return lines
  }

  #at(number: number): number | undefined {
    if (number < 0 || number < this.#total - this.#capacity) return undefined
    return (number % this.#capacity) * DETAIL_INTS
  }

  #path(table: InstanceTable, row: number, sec: number, nsec: number, at: number): number {
    const total = table.pathTotal[row] ?? 0
    const oldest = Math.max(0, total - PATH_LENGTH)
    let end = total
    while (end > oldest) {
      const last = row * PATH_LENGTH + ((end - 1) % PATH_LENGTH)
      if (!isLater(table.pathSec[last] ?? 0, table.pathNsec[last] ?? 0, sec, nsec)) break
      end--
    }
    for (let n = oldest; n < end; n++) {
      const from = row * PATH_LENGTH + (n % PATH_LENGTH)
      const to = at + PATH_AT + (n - oldest) * STEP_INTS
      this.#ints[to] = table.pathSec[from] ?? 0
      this.#ints[to + 1] = table.pathNsec[from] ?? 0
      this.#ints[to + 2] = table.pathCpu[from] ?? 0
      this.#ints[to + 3] = ((table.pathFrom[from] ?? 0) << 16) | (table.pathEvent[from] ?? 0)
      this.#ints[to + 4] = table.pathTo[from] ?? 0
    }
    return end - oldest
  }

  /** Doubles while nothing has been overwritten yet: every number keeps its slot. */
  #grow(): void {
    this.#capacity = Math.min(this.#capacity * 2, this.#limit)
    const ints = new Int32Array(this.#capacity * DETAIL_INTS)
    ints.set(this.#ints)
    this.#ints = ints
  }
}

const NO_TEXTS: readonly string[] = []
