import type { Expression, TaskOperand } from './expression'

/** How tightly C's operators bind, loosest first. */
const LEVELS = ['||', '&&', '|', '&', '==', '<', '+'] as const
const LEVEL_OF: Readonly<Record<string, number>> = {
  '||': 0,
  '&&': 1,
  '|': 2,
  '&': 3,
  '==': 4,
  '!=': 4,
  '<': 5,
  '<=': 5,
  '>': 5,
  '>=': 5,
  '+': 6,
  '-': 6
}

/** An expression of an instrumentation file in C's spelling, with the parentheses that it needs. */
export function printCondition(e: Expression): string {
  return print(e, 0)
}

function print(e: Expression, level: number): string {
  switch (e.kind) {
    case 'number':
      return e.name ?? String(e.value)
    case 'field':
    case 'context':
    case 'parameter':
      return e.name
    case 'task':
      return `${taskName(e.of)}.${e.attribute}`
    case 'object':
      return `object.${e.attribute}`
    case 'unary':
      return `${e.op}${print(e.of, LEVELS.length)}`
    case 'binary': {
      const own = LEVEL_OF[e.op] ?? 0
      const text = `${print(e.left, own)} ${e.op} ${print(e.right, own + 1)}`
      // `a | b == c` is not what it looks like, so that bits have parentheses beside comparisons.
      return own < level || ((e.op === '&' || e.op === '|') && level > 0) ? `(${text})` : text
    }
  }
}

/** As files write it. */
export function taskName(task: TaskOperand): string {
  return task.kind === 'field' ? task.name : task.kind === 'current' ? 'current' : 'task'
}
