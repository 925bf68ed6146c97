import type { Automaton } from '../model/automaton'
import type { Instrumentation, MonitorType } from '../model/instrumentation'
import type { LtlModel } from '../model/ltl'
import type { Catalogs } from './expressions'
import type { EngineHost } from './host'
import type { ParameterTable } from './parameters'
import type { Reactor, ReactorFunction } from './reactors'
import type { TaskSlots } from './slots'
import type { TimerTable } from './timers'
import type { TracepointBus } from './tracepoints'

/** What is registered: a model and how the kernel feeds it (src/model/load.ts makes these). */
export interface MonitorDefinition {
  /** Exactly one of automaton and ltl is there. */
  readonly automaton?: Automaton
  readonly ltl?: LtlModel
  readonly instrumentation: Instrumentation
}

/** struct rv_monitor: a monitor or a container of monitors, as long as the program runs. */
export interface RvMonitor {
  /** What trace sinks are given; never reused, also after unregistering. */
  readonly index: number
  readonly name: string
  readonly description: string
  readonly parent: RvMonitor | undefined
  /** Undefined for a container. */
  readonly type: MonitorType | undefined
  readonly automaton: Automaton | undefined
  readonly ltl: LtlModel | undefined
  /** What runs it; undefined for a container, which has no enable callback in the kernel either. */
  driver: MonitorDriver | undefined
  registered: boolean
  enabled: boolean
  /** As its `reactors` file shows it; undefined only where nop had been unregistered. */
  reactor: Reactor | undefined
  /** Its violations call no reactor, whichever was chosen (Instrumentation.reactions). */
  readonly silent: boolean
  /** Undefined until a reactor other than the first one was chosen. */
  react: ReactorFunction | undefined
}

/** The callbacks of a monitor: what differs between the classes (DA, HA, LTL). */
export interface MonitorDriver {
  /** Sets the instances up and attaches the probes. @throws Errno such as EBUSY, with nothing left behind */
  enable(): void
  /** Detaches the probes and puts the instances away. */
  disable(): void
  /** Back to not monitoring; undefined for a class that has no reset callback (LTL). */
  readonly reset: (() => void) | undefined
  /**
   * State of the instance of a CPU, task or object (0 for a global one), or -1 while it is not
   * monitoring; of an LTL monitor the set of states.
   */
  stateOf(key: number): number
}

/** What per-task storage is told about tasks. */
export interface TaskStorage {
  /** rv_task_fork(): the new task's slot is zero. */
  taskCreated(task: number): void
  /** Where a class has a hook on sched_process_exit. */
  taskExited?(task: number): void
}

/** The two global switches, shared with the handlers. */
export interface Switches {
  monitoringOn: boolean
  reactingOn: boolean
}

/** What a monitor class gets to work with. */
export interface EngineCore {
  readonly host: EngineHost
  readonly bus: TracepointBus
  readonly slots: TaskSlots<TaskStorage>
  readonly timers: TimerTable
  readonly catalogs: Catalogs
  readonly parameters: ParameterTable
  readonly switches: Switches
  /** After panic() nothing runs any more: handlers return at once. */
  readonly halted: boolean
  /** Whether react() would reach a reactor: else the message need not be made. */
  reacts(monitor: RvMonitor): boolean
  /** rv_react(). @param message ends in a newline, as in the kernel */
  react(monitor: RvMonitor, message: string): void
}

/**
 * A class of monitors, such as deterministic automata. A further one is a
 * further module that exports such an object, and an entry in the engine's list.
 */
export interface MonitorClass {
  /** In words, in the plural, for messages: `deterministic automata`. */
  readonly title: string
  accepts(definition: MonitorDefinition): boolean
  /**
   * Makes the driver; called once at registration, before the monitor is listed.
   * @throws Errno EINVAL where the definition names what this kernel does not have
   */
  create(monitor: RvMonitor, definition: MonitorDefinition, core: EngineCore): MonitorDriver
}
