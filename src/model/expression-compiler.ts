import type { Expression, TaskOperand } from './expression'

/** An expression ready to run on a tracepoint's arguments. Does not allocate. Truth is 1 and 0. */
export type CompiledExpression = (args: Float64Array) => number

/**
 * What the names of an expression stand for where it runs. Each function is
 * called while the expression is compiled; the readers that they return are
 * called each time it runs. Functions for names that cannot stand in the
 * expressions at hand (see ExpressionNames) may throw.
 */
export interface ExpressionScope {
  /** Position of a tracepoint's field among the arguments. */
  field(name: string): number
  /** Reads a name of CONTEXT_VARIABLES. */
  context(name: string): () => number
  /** Reads a name of TASK_ATTRIBUTES of a task; it is not asked of a negative index. */
  attribute(name: string): (task: number) => number
  /** Reads a name of OBJECT_ATTRIBUTES of the instance's own object. */
  objectAttribute(name: string): () => number
  /** Task that runs on the CPU. */
  current(): number
  /** Task that the instance belongs to. */
  instance(): number
  /** Reads a parameter of the monitor's module. */
  parameter(name: string): () => number
}

/** What an attribute of no task (index -1) reads as: no pid, priority or policy of a task that is. */
const NO_TASK = -1

/**
 * Makes a function of an expression. What the scope's functions throw passes
 * through; the function itself throws only what the readers throw. An argument
 * that is missing reads as NaN, of which no comparison but `!=` holds.
 */
export function compileExpression(
  expression: Expression,
  scope: ExpressionScope
): CompiledExpression {
  switch (expression.kind) {
    case 'number': {
      const { value } = expression
      return () => value
    }
    case 'field': {
      const index = scope.field(expression.name)
      return (args) => args[index] ?? NaN
    }
    case 'context':
      return scope.context(expression.name)
    case 'parameter':
      return scope.parameter(expression.name)
    case 'object':
      return scope.objectAttribute(expression.attribute)
    case 'task':
      return taskAttribute(expression.of, scope.attribute(expression.attribute), scope)
    case 'unary': {
      const of = compileExpression(expression.of, scope)
      return expression.op === '!' ? (args) => (of(args) === 0 ? 1 : 0) : (args) => 0 - of(args)
    }
    case 'binary':
      return binary(
        expression.op,
        compileExpression(expression.left, scope),
        compileExpression(expression.right, scope)
      )
  }
}

function taskAttribute(
  of: TaskOperand,
  read: (task: number) => number,
  scope: ExpressionScope
): CompiledExpression {
  const ask = (task: number): number => (task < 0 ? NO_TASK : read(task))
  switch (of.kind) {
    case 'current':
      return () => ask(scope.current())
    case 'instance':
      return () => ask(scope.instance())
    case 'field': {
      const index = scope.field(of.name)
      return (args) => ask(args[index] ?? -1)
    }
  }
}

function binary(
  op: (Expression & { kind: 'binary' })['op'],
  left: CompiledExpression,
  right: CompiledExpression
): CompiledExpression {
  switch (op) {
    case '||':
      return (args) => (left(args) !== 0 || right(args) !== 0 ? 1 : 0)
    case '&&':
      return (args) => (left(args) !== 0 && right(args) !== 0 ? 1 : 0)
    case '==':
      return (args) => (left(args) === right(args) ? 1 : 0)
    case '!=':
      return (args) => (left(args) !== right(args) ? 1 : 0)
    case '<':
      return (args) => (left(args) < right(args) ? 1 : 0)
    case '<=':
      return (args) => (left(args) <= right(args) ? 1 : 0)
    case '>':
      return (args) => (left(args) > right(args) ? 1 : 0)
    case '>=':
      return (args) => (left(args) >= right(args) ? 1 : 0)
    // The low 32 bits: as wide as the kernel's task states, policies and flags.
    case '&':
      return (args) => left(args) & right(args)
    case '|':
      return (args) => left(args) | right(args)
    case '+':
      return (args) => left(args) + right(args)
    case '-':
      return (args) => left(args) - right(args)
  }
}
