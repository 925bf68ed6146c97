import type { Expression, TaskOperand } from '../../expression'
import type { CScope } from './scope'
import { flat } from './text'
import type { CText } from './text'
import { cast, common, fits, flag, literal, operand, primary, TIGHT, truthOf } from './value'
import type { CType, CValue } from './value'

type Binary = Expression & { kind: 'binary' }
type Comparison = '==' | '!=' | '<' | '<=' | '>' | '>='

/**
 * C of an expression. It has the value that compileExpression() of the same expression computes:
 * where C would take a negative number for a large one, or lose bits, operands are cast to s64.
 */
export function expressionToC(expression: Expression, scope: CScope): CValue {
  switch (expression.kind) {
    case 'number': {
      const { value, name } = expression
      if (name !== undefined) scope.uses.constant(name.replace(/^[-~]/, ''))
      return literal(value, name)
    }
    case 'field':
      return scope.field(expression.name)
    case 'context':
      return contextVariable(expression.name, scope)
    case 'parameter':
      // A kernel takes any u64; what is meant is a time, far below 2^63.
      return primary(expression.name, 'u64', [0n, 2n ** 62n])
    case 'object':
      return objectAttribute(expression.attribute, scope)
    case 'task':
      return taskAttribute(expression.of, expression.attribute, scope)
    case 'unary': {
      if (expression.op === '-') return negative(expressionToC(expression.of, scope))
      return { ...flag(''), text: not(expression.of, scope), tight: TIGHT.unary }
    }
    case 'binary':
      return binary(expression, scope)
  }
}

/** C of an expression of which only truth counts. */
export function conditionToC(expression: Expression, scope: CScope): CText {
  return truth(expression, scope).text
}

/** C of an expression as a `bool` argument: `true` and `false` for numbers. */
export function boolToC(expression: Expression, scope: CScope): CText {
  if (expression.kind === 'number' && expression.name === undefined) {
    return expression.value === 0 ? 'false' : 'true'
  }
  const value = expressionToC(expression, scope)
  // More than an int holds would be cut where bool is one of a header's own making; `!!` is never.
  return fits(value.min, value.max, 'int') ? value.text : `!!${flat(operand(value, TIGHT.unary))}`
}

function truth(expression: Expression, scope: CScope): CValue {
  const value = expressionToC(expression, scope)
  if (value.truth === undefined) return value
  return { ...value, text: value.truth, tight: TIGHT.primary }
}

function not(of: Expression, scope: CScope): CText {
  return `!${flat(operand(truth(of, scope), TIGHT.unary))}`
}

function binary({ op, left, right }: Binary, scope: CScope): CValue {
  switch (op) {
    case '||':
    case '&&': {
      const parts = [...chain(op, left), ...chain(op, right)].map((part) => {
        const value = truth(part, scope)
        // `a && b || c` needs no parentheses in C, but gcc asks for them.
        return operand(value, op === '||' && value.tight === TIGHT['&&'] ? TIGHT.unary : TIGHT[op])
      })
      return { ...flag(''), text: { op, parts, parentheses: false }, tight: TIGHT[op] }
    }
    case '&':
    case '|':
      return bits(op, expressionToC(left, scope), expressionToC(right, scope))
    case '+':
    case '-':
      return sum(op, expressionToC(left, scope), expressionToC(right, scope))
    case '==':
    case '!=':
    case '<':
    case '<=':
    case '>':
    case '>=':
      return comparison(op, expressionToC(left, scope), expressionToC(right, scope))
  }
}

/** The operands of `a && b && c`, however they are grouped. */
function chain(op: '&&' | '||', of: Expression): Expression[] {
  if (of.kind !== 'binary' || of.op !== op) return [of]
  return [...chain(op, of.left), ...chain(op, of.right)]
}

function comparison(op: Comparison, left: CValue, right: CValue): CValue {
  const type = common(left.type, right.type)
  const asIs = [left, right].every(({ min, max }) => fits(min, max, type))
  const [a, b] = asIs ? [left, right] : widened(left, right)
  // Comparisons of comparisons get parentheses, which gcc asks for.
  return {
    ...flag(''),
    text: `${flat(operand(a, TIGHT['+']))} ${op} ${flat(operand(b, TIGHT['+']))}`,
    tight: TIGHT[op]
  }
}

function sum(op: '+' | '-', left: CValue, right: CValue): CValue {
  const [min, max] =
    op === '+'
      ? [left.min + right.min, left.max + right.max]
      : [left.min - right.max, left.max - right.min]
  const type = common(left.type, right.type)
  const asIs = [left, right].every((v) => fits(v.min, v.max, type)) && fits(min, max, type)
  const [a, b] = asIs ? [left, right] : widened(left, right)
  const second = flat(operand(b, TIGHT.unary))
  return {
    text: `${flat(operand(a, TIGHT['+']))} ${op} ${second}`,
    tight: TIGHT['+'],
    ...bounded(asIs ? type : 's64', min, max)
  }
}

/** Both so that the operator between them is one of s64: what is signed follows the other. */
function widened(left: CValue, right: CValue): [CValue, CValue] {
  const signed = (v: CValue): CValue => (v.type.startsWith('u') ? cast(v, 's64') : v)
  const [a, b] = [signed(left), signed(right)]
  return a.type === 's64' || b.type === 's64' ? [a, b] : [cast(a, 's64'), b]
}

function negative(of: CValue): CValue {
  const [min, max] = [-of.max, -of.min]
  const inner = of.type.startsWith('u') || !fits(min, max, of.type) ? cast(of, 's64') : of
  const inside = flat(operand(inner, TIGHT.unary))
  // `--x` would be another operator.
  return {
    text: inside.startsWith('-') ? `-(${inside})` : `-${inside}`,
    tight: TIGHT.unary,
    ...bounded(inner.type, min, max)
  }
}

/** `&` and `|` work on the low 32 bits, as an int: only what may be wider is cast. */
function bits(op: '&' | '|', left: CValue, right: CValue): CValue {
  const small = ({ min, max }: CValue): boolean => min >= 0n && fits(min, max, 'int')
  const [a, b] = [small(left), small(right)]
  // Without a high bit in the result, its type says nothing.
  const plain = op === '&' ? a || b : a && b
  const narrow = (v: CValue): CValue =>
    v.type === 'int' || (v.type === 'unsigned int' && plain) ? v : cast(v, 'int')
  const [l, r] = [narrow(left), narrow(right)]
  const most = op === '&' ? [left, right].filter(small).map((v) => v.max) : []
  return {
    text: `${flat(operand(l, TIGHT.unary))} ${op} ${flat(operand(r, TIGHT.unary))}`,
    tight: TIGHT[op],
    type: common(l.type, r.type),
    min: plain ? 0n : -(2n ** 31n),
    max: most.reduce((m, v) => (v < m ? v : m), 2n ** 31n - 1n)
  }
}

/** The range of a sum, as far as its type has it. */
function bounded(type: CType, min: bigint, max: bigint): Pick<CValue, 'type' | 'min' | 'max'> {
  const all = primary('', type)
  return {
    type,
    min: min < all.min ? all.min : min,
    max: max > all.max ? all.max : max
  }
}

/** Names of CONTEXT_VARIABLES. */
function contextVariable(name: string, scope: CScope): CValue {
  switch (name) {
    case 'cpu':
      return primary(scope.cpu ?? 'raw_smp_processor_id()', 'int', [0n, 2n ** 16n])
    case 'nr_cpus':
      return primary('(int)nr_cpu_ids', 'int', [1n, 2n ** 16n])
    case 'irqs_disabled':
      return truthOf('irqs_disabled()')
    case 'preempt_off':
      // Without CONFIG_PREEMPTION nothing is counted, and nothing preempts.
      return {
        ...flag('!IS_ENABLED(CONFIG_PREEMPTION) || (preempt_count() & PREEMPT_MASK) > 0'),
        tight: TIGHT['||']
      }
    case 'in_task':
      return flag('in_task()')
    default:
      return truthOf(`${name}()`)
  }
}

/** Names of OBJECT_ATTRIBUTES. */
function objectAttribute(name: string, scope: CScope): CValue {
  const object = scope.object()
  return name === 'dl_defer'
    ? flag(`${object}->${name}`)
    : // sched_setattr() refuses times of 2^63 ns and more.
      primary(`${object}->${name}`, 'u64', [0n, 2n ** 62n])
}

const NO_TASK = -1n

/** Names of TASK_ATTRIBUTES; -1 of a task that may not be there. */
function taskAttribute(of: TaskOperand, name: string, scope: CScope): CValue {
  const { pointer, nullable } = scope.task(of)
  const value = attributeOf(pointer, name, scope)
  if (!nullable) return value
  const there = flat(cast(value, 'int').text)
  return primary(`(${pointer} ? ${there} : -1)`, 'int', [
    NO_TASK,
    value.max > NO_TASK ? value.max : NO_TASK
  ])
}

function attributeOf(task: string, name: string, scope: CScope): CValue {
  switch (name) {
    case 'pid':
      return primary(`${task}->pid`, 'int')
    case 'prio':
      return primary(`${task}->prio`, 'int', [-1n, 139n])
    case 'policy':
      return primary(`${task}->policy`, 'unsigned int', [0n, 255n])
    case 'rt_or_dl':
      scope.uses.header('<linux/sched/deadline.h>', '<linux/sched/rt.h>')
      return flag(`rt_or_dl_task(${task})`)
    case 'kthread':
      return truthOf(`(${task}->flags & PF_KTHREAD)`)
    case 'idle':
      return flag(`is_idle_task(${task})`)
    case 'has_dl_server':
      return truthOf(`${task}->dl_server`)
    case 'dl_server':
      return primary(`${scope.uses.helper('dl_server_id')}(${task})`, 'int')
    default:
      throw new RangeError(`tasks have no attribute ${name}`)
  }
}
