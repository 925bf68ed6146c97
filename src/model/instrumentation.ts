import type { Expression } from './expression'

/**
 * Instrumentation as data: for each tracepoint, which model event it becomes,
 * on which instance, through which of the three calls, under which condition.
 * Kernel monitors have this as C handlers; here it stands in a YAML file beside
 * the model (models/wip.yaml beside models/wip.dot).
 */

/** Which instances a monitor has (enum rv_mon_type of the kernel). */
export type MonitorType = 'global' | 'per_cpu' | 'per_task' | 'per_obj'

/** The three entry points of an automaton (include/rv/da_monitor.h). */
export type HandlerCall = 'handle_event' | 'handle_start_event' | 'handle_start_run_event'

/** How an atom of an LTL monitor is told its value (include/rv/ltl_monitor.h). */
export type AtomCall = 'atom_set' | 'atom_update' | 'atom_pulse'

/**
 * What else a handler does with an instance: da_create_or_get(), da_destroy_storage()
 * (both per_obj only) and da_reset() (per_task and per_obj).
 */
export type StorageCall = 'create' | 'destroy' | 'reset'

/** The instance that a rule is about. */
export type Subject =
  /** The current CPU (per_cpu), or the only instance (global). */
  | { readonly kind: 'cpu' | 'global' }
  /** A task that the tracepoint passes (per_task). */
  | { readonly kind: 'field'; readonly name: string }
  /** The task that runs on the CPU (per_task). */
  | { readonly kind: 'current' }
  /** The integer id of an object (per_obj): an argument of the tracepoint, or computed. */
  | { readonly kind: 'id'; readonly of: Expression }

interface RuleBase {
  readonly on: Subject
  /** Undefined: always. */
  readonly when: Expression | undefined
}

/** When the tracepoint fires and the condition holds, call the handler with the event. */
export interface EventRule extends RuleBase {
  readonly kind: 'event'
  /** Model event. */
  readonly event: string
  readonly call: HandlerCall
}

/** When the tracepoint fires and the condition holds, give an atom a value. */
export interface AtomRule extends RuleBase {
  readonly kind: 'atom'
  readonly atom: string
  readonly call: AtomCall
  /** Not 0 is true. */
  readonly value: Expression
}

/** When the tracepoint fires and the condition holds, make, remove or reset an instance. */
export interface StorageRule extends RuleBase {
  readonly kind: 'storage'
  readonly call: StorageCall
}

export type InstrumentationRule = EventRule | AtomRule | StorageRule

/** The rules of one tracepoint in the order in which they run; of rules in one `choose` group only the first that holds runs. */
export interface TracepointRules {
  readonly tracepoint: string
  readonly steps: readonly (readonly InstrumentationRule[])[]
}

/** A parameter of the monitor's module: /sys/module/MONITOR/parameters/NAME, a u64. */
export interface Parameter {
  readonly name: string
  /** `tick` is the length of a tick in ns (TICK_NSEC), which only the kernel knows that runs it. */
  readonly default: number | 'tick'
  readonly unit: 'ns' | 'jiffies' | undefined
  readonly description: string
}

/** Instances that enabling the monitor makes, one for each CPU or task for which the condition holds. */
export interface StorageSeed {
  readonly each: 'cpu' | 'task'
  /** `cpu` is that CPU, `task.…` that task. */
  readonly id: Expression
  readonly when: Expression | undefined
}

/** What a hybrid automaton needs besides its model. */
export interface HybridParts {
  /** HA_TIMER_TYPE of the monitor: how long invariants are watched. */
  readonly timer: 'none' | 'wheel' | 'hrtimer'
  /** Getters of the environment variables that are no clock, by name. */
  readonly environment: ReadonlyMap<string, Expression>
  /** Constants and functions that guards compare with, by name without `()`. Parameters need no entry. */
  readonly values: ReadonlyMap<string, Expression>
}

/** What an LTL monitor needs besides its formula. */
export interface LtlParts {
  /** ltl_atoms_fetch(): computed at each update, of the instance's task. */
  readonly fetch: ReadonlyMap<string, Expression>
  /** ltl_atoms_init(): atoms known from the start, of the instance's task. */
  readonly init: ReadonlyMap<string, Expression>
  /** The same, for tasks created while the monitor is enabled only. */
  readonly created: ReadonlyMap<string, Expression>
}

/** What stands beside a model: how the kernel registers the monitor and feeds it. */
export interface Instrumentation {
  readonly monitor: string
  readonly type: MonitorType
  readonly description: string
  readonly parent: string | undefined
  readonly parameters: readonly Parameter[]
  /**
   * 'none': whatever its `reactors` file says, no violation calls a reactor, as in a monitor whose
   * handlers name another struct rv_monitor than the one that is registered. Undefined: they do.
   */
  readonly reactions?: 'none'
  /** Empty where the file says `none`: the monitor is described, but cannot be run from it. */
  readonly tracepoints: readonly TracepointRules[]
  /**
   * per_obj: instances made on enable. Where the file has this key (also empty), start events
   * make none (DA_SKIP_AUTO_ALLOC); undefined: they do.
   */
  readonly storage: readonly StorageSeed[] | undefined
  /** Defined for a hybrid automaton. */
  readonly hybrid: HybridParts | undefined
  /** Defined for an LTL monitor. */
  readonly ltl: LtlParts | undefined
}

/** A container: a monitor without a model, whose children name it as their parent. */
export interface Container {
  readonly monitor: string
  readonly description: string
}

/** Whether a rule starts the monitor, as it has to where rvgen finds no event that could. */
export function startsMonitor({ tracepoints }: Instrumentation): boolean {
  return tracepoints
    .flatMap((t) => t.steps.flat())
    .some((rule) => rule.kind === 'event' && rule.call !== 'handle_event')
}
