/**
 * Expressions of instrumentation files: what the kernel's handlers compute from
 * a tracepoint's arguments, from the context in which it fires, and from the
 * task or object that an instance belongs to. Values are integers (booleans 0
 * and 1), the operators and their meaning are C's; `&` and `|` work on 32 bits.
 */
export type Expression =
  /** `name`: a constant as it is written, perhaps behind `-` or `~`: C knows it by that, on every architecture. */
  | { readonly kind: 'number'; readonly value: number; readonly name?: string }
  /** An argument of the tracepoint, of kind `int`. */
  | { readonly kind: 'field'; readonly name: string }
  /** Something that holds where the handler runs: a name of CONTEXT_VARIABLES. */
  | { readonly kind: 'context'; readonly name: string }
  /** `task.attribute`: a name of TASK_ATTRIBUTES. */
  | { readonly kind: 'task'; readonly of: TaskOperand; readonly attribute: string }
  /** `object.attribute` of the instance's own object: a name of OBJECT_ATTRIBUTES. */
  | { readonly kind: 'object'; readonly attribute: string }
  /** A parameter of the monitor's module (Instrumentation.parameters). */
  | { readonly kind: 'parameter'; readonly name: string }
  | { readonly kind: 'unary'; readonly op: '!' | '-'; readonly of: Expression }
  | {
      readonly kind: 'binary'
      readonly op: '||' | '&&' | '==' | '!=' | '<' | '<=' | '>' | '>=' | '&' | '|' | '+' | '-'
      readonly left: Expression
      readonly right: Expression
    }

/**
 * A task that an expression may ask: one that the tracepoint passes, the one
 * that runs on the CPU (`current`), or the one that the instance belongs to
 * (`task`; in environment, fetch and init only, and in `storage` with `each: task`).
 */
export type TaskOperand =
  | { readonly kind: 'field'; readonly name: string }
  | { readonly kind: 'current' }
  | { readonly kind: 'instance' }
