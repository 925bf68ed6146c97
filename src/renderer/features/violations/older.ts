import { shallowReactive } from 'vue'
import type { Violation } from '../../../contract/state'
import type { Panel } from '../../stores/panel'

/** Answers that are kept. */
const MOST = 64

/** Violations of which the window keeps the line alone: what else is known of them has the observer. */
export class OlderViolations {
  private readonly known = shallowReactive(new Map<number, Violation>())
  /** Those whose answer is on its way. */
  private readonly underWay = shallowReactive(new Set<number>())
  /** Those that were asked for: what has no answer is asked for once. */
  private readonly asked = new Set<number>()
  private generation = -1

  constructor(private readonly panel: Panel) {}

  /** What is known; undefined: nothing as yet, and it is asked for. Read in a computed value it follows the answer. */
  get(seq: number): Violation | undefined {
    const { generation } = this.panel.target.value
    if (generation !== this.generation) {
      this.generation = generation
      this.asked.clear()
      // Not while something is computed from it.
      queueMicrotask(() => this.known.clear())
    }
    const have = this.known.get(seq)
    if (!have && !this.asked.has(seq)) void this.ask(seq, generation)
    return have
  }

  /** The answer is on its way. */
  isAsked(seq: number): boolean {
    return this.underWay.has(seq)
  }

  private async ask(seq: number, generation: number): Promise<void> {
    this.asked.add(seq)
    // Not while something is computed from it.
    queueMicrotask(() => this.underWay.add(seq))
    try {
      const result = await this.panel.bridge.request({ op: 'violation', seq })
      if (generation !== this.generation) return
      if (result?.kind !== 'violation' || result.violation === null) return
      this.known.set(seq, result.violation)
      for (const oldest of this.known.keys()) {
        if (this.known.size <= MOST) break
        this.known.delete(oldest)
        this.asked.delete(oldest)
      }
    } catch {
      // The link is gone; the state of the connection says so.
      this.asked.delete(seq)
    } finally {
      this.underWay.delete(seq)
    }
  }
}
