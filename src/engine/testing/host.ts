import type { EngineHost, RvTraceSink } from '../host'
import type { RvEngine } from '../rv'

/** A host for tests: it records what the engine says, in one list, in order. */
export class RecordingHost implements EngineHost {
  /** `printk 6 text`, `panic text`, `event wip -1 preemptive preempt_disable non_preemptive`. */
  readonly log: string[] = []
  cpu = 0
  online: boolean[]
  tasks = new Map<number, number>()
  engine: RvEngine | undefined

  constructor(readonly possibleCpus = 4) {
    this.online = new Array<boolean>(possibleCpus).fill(true)
  }

  now(): number {
    return 0
  }
  currentCpu(): number {
    return this.cpu
  }
  isOnline(cpu: number): boolean {
    return this.online[cpu] ?? false
  }
  forEachTask(visit: (task: number) => void): void {
    for (const task of this.tasks.keys()) visit(task)
  }
  pidOf(task: number): number {
    return this.tasks.get(task) ?? -1
  }
  printk(level: number, text: string): void {
    this.log.push(`printk ${level} ${text}`)
  }
  panic(text: string): void {
    this.log.push(`panic ${text}`)
  }

  readonly trace: RvTraceSink = {
    event: (monitor, id, state, event, next) => {
      const { name, states, events } = this.names(monitor)
      this.log.push(`event ${name} ${id} ${states[state]} ${events[event]} ${states[next]}`)
    },
    error: (monitor, id, state, event) => {
      const { name, states, events } = this.names(monitor)
      this.log.push(`error ${name} ${id} ${states[state]} ${events[event]}`)
    },
    errorEnv: () => this.log.push('errorEnv'),
    retries: () => this.log.push('retries')
  }

  /** What was said since the last call. */
  take(): string[] {
    return this.log.splice(0)
  }

  private names(index: number): {
    name: string
    states: readonly string[]
    events: readonly string[]
  } {
    const monitor = this.engine?.monitors[index]
    const { states = [], events = [] } = monitor?.automaton ?? {}
    return { name: monitor?.name ?? '?', states, events }
  }
}
