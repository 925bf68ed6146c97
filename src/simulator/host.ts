import type { EngineHost, RvTraceSink } from '../engine/host'
import { CONTEXT_VARIABLES, OBJECT_ATTRIBUTES, TASK_ATTRIBUTES } from '../model/tracepoints'
import { HARDIRQ_MASK, NMI_MASK, PREEMPT_MASK, SOFTIRQ_OFFSET, type Machine } from './machine'
import { MAX_RT_PRIO } from './tasks'

type ContextVariable = (m: Machine, cpu: number) => number
type TaskAttribute = (m: Machine, task: number) => number

/** By name; src/model/tracepoints.ts says what each means. */
const CONTEXT: Readonly<Record<string, ContextVariable>> = {
  cpu: (_, cpu) => cpu,
  nr_cpus: (m) => m.cpus,
  irqs_disabled: (m, cpu) => m.irqsOff[cpu]!,
  preempt_off: (m, cpu) => ((m.preemptCount[cpu]! & PREEMPT_MASK) === 0 ? 0 : 1),
  in_task: (m, cpu) =>
    (m.preemptCount[cpu]! & (NMI_MASK | HARDIRQ_MASK | SOFTIRQ_OFFSET)) === 0 ? 1 : 0,
  in_hardirq: (m, cpu) => ((m.preemptCount[cpu]! & HARDIRQ_MASK) === 0 ? 0 : 1),
  in_serving_softirq: (m, cpu) => ((m.preemptCount[cpu]! & SOFTIRQ_OFFSET) === 0 ? 0 : 1),
  in_nmi: (m, cpu) => ((m.preemptCount[cpu]! & NMI_MASK) === 0 ? 0 : 1)
}

const TASK: Readonly<Record<string, TaskAttribute>> = {
  pid: ({ tasks }, task) => tasks.pid[task]!,
  prio: ({ tasks }, task) => tasks.prio[task]!,
  policy: ({ tasks }, task) => tasks.policy[task]!,
  rt_or_dl: ({ tasks }, task) => (tasks.prio[task]! < MAX_RT_PRIO ? 1 : 0),
  kthread: ({ tasks }, task) => tasks.kthread[task]!,
  idle: ({ tasks }, task) => (tasks.isIdle(task) ? 1 : 0),
  has_dl_server: (m, task) => (m.deadline === undefined ? 0 : m.deadline.hasServer(task)),
  dl_server: (m, task) => (m.deadline === undefined ? 0 : m.deadline.serverOf(task))
}

/** What the deadline class tells monitors. Objects are named by the ids that the deadline monitors use. */
export interface DeadlineFacts {
  /** 1 where a deadline server runs the task. */
  hasServer(task: number): number
  /** Id of that server. */
  serverOf(task: number): number
  /** dl_deadline, dl_period, dl_runtime (ns) or dl_defer of an entity; 0 where there is none with this id. */
  attribute(name: string, object: number): number
}

/** In the order of a catalog. A name of the catalog that this kernel does not know reads as 0. */
function inOrder<T>(
  catalog: readonly { readonly name: string }[],
  table: Readonly<Record<string, T>>,
  unknown: T
): readonly T[] {
  return catalog.map(({ name }) => table[name] ?? unknown)
}

const contextVariables = inOrder<ContextVariable>(CONTEXT_VARIABLES, CONTEXT, () => 0)
const taskAttributes = inOrder<TaskAttribute>(TASK_ATTRIBUTES, TASK, () => 0)
const objectAttributes = OBJECT_ATTRIBUTES.map(({ name }) => name)

/** What the simulated kernel is to the RV engine. */
export class KernelHost implements EngineHost {
  readonly possibleCpus: number

  constructor(
    private readonly m: Machine,
    readonly timers: EngineHost['timers'],
    private readonly console: {
      printk(level: number, text: string): void
      panic(text: string): void
    }
  ) {
    this.possibleCpus = m.cpus
  }

  now(): number {
    return this.m.now
  }

  jiffies(): number {
    return this.m.timers.jiffies()
  }

  currentCpu(): number {
    return this.m.probes.cpu
  }

  currentTask(): number {
    return this.m.current[this.m.probes.cpu]!
  }

  context(variable: number): number {
    return contextVariables[variable]!(this.m, this.m.probes.cpu)
  }

  taskAttribute(attribute: number, task: number): number {
    return taskAttributes[attribute]!(this.m, task)
  }

  objectAttribute(attribute: number, object: number): number {
    return this.m.deadline?.attribute(objectAttributes[attribute]!, object) ?? 0
  }

  isOnline(): boolean {
    return true
  }

  forEachTask(visit: (task: number) => void): void {
    this.m.tasks.forEach(visit)
  }

  commOf(task: number): string {
    return this.m.tasks.commOf(task)
  }

  pidOf(task: number): number {
    return this.m.tasks.pid[task]!
  }

  printk(level: number, text: string): void {
    this.console.printk(level, text)
  }

  panic(text: string): void {
    this.console.panic(text)
  }

  /** The probes come after the engine, whose bus they raise: asked for at each use. */
  get trace(): RvTraceSink {
    return this.m.probes
  }
}
