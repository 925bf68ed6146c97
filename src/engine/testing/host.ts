import { CONTEXT_VARIABLES, OBJECT_ATTRIBUTES, TASK_ATTRIBUTES } from '../../model/tracepoints'
import type { Catalogs } from '../expressions'
import type { EngineHost, RvTraceSink } from '../host'
import type { RvEngine } from '../rv'
import { FakeTimers } from './timers'

/** 250 Hz */
export const TICK = 4_000_000

/** A host for tests: it records what the engine says, in one list, in order. */
export class RecordingHost implements EngineHost {
  /** `printk 6 text`, `panic text`, `event wip -1 preemptive preempt_disable non_preemptive`. */
  readonly log: string[] = []
  cpu = 0
  current = 0
  online: boolean[]
  /** pid of each task. */
  tasks = new Map<number, number>()
  /** `irqs_disabled`, as 0 where nothing is said. */
  readonly contexts = new Map<string, number>()
  /** `prio 3` of task 3, `dl_deadline -1` of object -1. */
  readonly attributes = new Map<string, number>()
  readonly timers = new FakeTimers(TICK)
  engine: RvEngine | undefined

  constructor(
    readonly possibleCpus = 4,
    private readonly catalogs: Catalogs = {
      context: CONTEXT_VARIABLES,
      task: TASK_ATTRIBUTES,
      object: OBJECT_ATTRIBUTES
    }
  ) {
    this.online = new Array<boolean>(possibleCpus).fill(true)
  }

  now(): number {
    return this.timers.now
  }
  jiffies(): number {
    return Math.floor(this.timers.now / TICK)
  }
  currentCpu(): number {
    return this.cpu
  }
  currentTask(): number {
    return this.current
  }
  context(variable: number): number {
    const name = this.catalogs.context[variable]?.name ?? ''
    if (name === 'cpu') return this.cpu
    return name === 'nr_cpus' ? this.possibleCpus : (this.contexts.get(name) ?? 0)
  }
  taskAttribute(attribute: number, task: number): number {
    const name = this.catalogs.task[attribute]?.name ?? ''
    return name === 'pid' ? this.pidOf(task) : (this.attributes.get(`${name} ${task}`) ?? 0)
  }
  objectAttribute(attribute: number, object: number): number {
    return this.attributes.get(`${this.catalogs.object[attribute]?.name ?? ''} ${object}`) ?? 0
  }
  isOnline(cpu: number): boolean {
    return this.online[cpu] ?? false
  }
  forEachTask(visit: (task: number) => void): void {
    for (const task of this.tasks.keys()) visit(task)
  }
  commOf(task: number): string {
    return `task${task}`
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
    errorEnv: (monitor, id, state, event, env) => {
      const { name, states, events } = this.names(monitor)
      const label = event === -1 ? 'none' : events[event]
      this.log.push(`errorEnv ${name} ${id} ${states[state]} ${label} ${env}`)
    },
    retries: () => this.log.push('retries'),
    ltlEvent: (monitor, task, states, atoms, next) => {
      const sets = [states, atoms, next].map((set) => bits(set)).join(' ')
      this.log.push(`ltlEvent ${this.names(monitor).name} ${task} ${sets}`)
    },
    ltlError: (monitor, task) => this.log.push(`ltlError ${this.names(monitor).name} ${task}`)
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

/** A set of 32 bits: `{0,3}`. */
export function bits(set: number): string {
  const members = Array.from({ length: 32 }, (_, bit) => bit).filter((bit) => (set >>> bit) & 1)
  return `{${members.join()}}`
}
