import type { RingAccount } from '../contract/state'
import { RecordKind, type TraceBatch } from '../trace'
import type { RingCounters } from './trace-instance'

/** CPUs of which records are told apart; those of others are counted together with the last one. */
const MAX_CPUS = 1024

/** Which of the panel's trace instances. */
export type InstanceRole = RingAccount['instance']

/** Records of one stream, by the CPU whose ring they were in. */
export class Arrivals {
  readonly #byCpu = new Float64Array(MAX_CPUS)

  /** Counts the records of a batch: what the kernel wrote, not its marks of losses nor lines that are none. */
  add(batch: TraceBatch): void {
    for (let i = 0; i < batch.count; i++) {
      const kind = batch.kind[i]
      if (kind === RecordKind.Lost || kind === RecordKind.Malformed) continue
      const cpu = Math.min(batch.cpu[i] ?? 0, MAX_CPUS - 1)
      this.#byCpu[cpu] = (this.#byCpu[cpu] ?? 0) + 1
    }
  }

  /** Records of a CPU so far. */
  of(cpu: number): number {
    return this.#byCpu[Math.min(cpu, MAX_CPUS - 1)] ?? 0
  }
}

/** The accounts of the rings of both trace instances, as they were read last. */
export class RingAccounts {
  readonly arrivals: Readonly<Record<InstanceRole, Arrivals>> = {
    events: new Arrivals(),
    violations: new Arrivals(),
    raw: new Arrivals()
  }
  readonly #rings = new Map<string, RingAccount>()

  /**
   * The counters of a ring, which were asked for when `arrived` of its records had been decoded
   * here. Asked for earlier, so that what was under way then is never counted as more than was read.
   */
  note(instance: InstanceRole, cpu: number, arrived: number, counters: RingCounters): void {
    this.#rings.set(`${instance}/${String(cpu)}`, { instance, cpu, arrived, ...counters })
  }

  get all(): RingAccount[] {
    return [...this.#rings.values()].sort(
      (a, b) => a.instance.localeCompare(b.instance) || a.cpu - b.cpu
    )
  }

  /** Records that all rings lost, as far as their counters are known. */
  get lost(): number {
    let sum = 0
    for (const ring of this.#rings.values()) sum += ring.overrun + ring.commitOverrun + ring.dropped
    return sum
  }
}
