/**
 * Instrumentation as data: for each tracepoint, which model event it becomes,
 * on which instance, through which of the three calls, under which condition.
 * Kernel monitors have this as C handlers; here it stands in a YAML file beside
 * the model (models/wip.yaml beside models/wip.dot).
 */

/** Which instances a monitor has (enum rv_mon_type of the kernel). */
export type MonitorType = 'global' | 'per_cpu' | 'per_task' | 'per_obj'

/** The three entry points of a deterministic automaton (include/rv/da_monitor.h). */
export type HandlerCall = 'handle_event' | 'handle_start_event' | 'handle_start_run_event'

/** An operand of a condition: a tracepoint's field or an integer. */
export type Operand =
  | { readonly kind: 'field'; readonly name: string }
  | { readonly kind: 'number'; readonly value: number }

/** A condition over a tracepoint's fields. */
export type Condition =
  | {
      readonly kind: 'compare'
      readonly op: '==' | '!=' | '<' | '<=' | '>' | '>=' | '&'
      readonly left: Operand
      readonly right: Operand
    }
  | {
      readonly kind: 'and' | 'or'
      readonly left: Condition
      readonly right: Condition
    }
  | { readonly kind: 'not'; readonly of: Condition }

/** One rule: when the tracepoint fires and the condition holds, call the handler with the event. */
export interface InstrumentationRule {
  /** Model event. */
  readonly event: string
  readonly call: HandlerCall
  /**
   * The instance: `cpu` is the current CPU (per_cpu), `global` the only one
   * (global), a field's name is a task or object of the tracepoint (per_task, per_obj).
   */
  readonly on: string
  /** Undefined: always. */
  readonly when: Condition | undefined
}

/** The rules of one tracepoint in the order in which they run; of rules in one `choose` group only the first that holds runs. */
export interface TracepointRules {
  readonly tracepoint: string
  readonly steps: readonly (readonly InstrumentationRule[])[]
}

/** What stands beside a model: how the kernel registers the monitor and feeds it. */
export interface Instrumentation {
  readonly monitor: string
  readonly type: MonitorType
  readonly description: string
  readonly parent: string | undefined
  /** Empty where the file says `none`: the monitor is described, but cannot be run from it. */
  readonly tracepoints: readonly TracepointRules[]
}
