import type { Expression, TaskOperand } from './expression'
import { closest, quoted } from './findings'
import type { Span } from './findings'
import {
  CONSTANTS,
  CONTEXT_VARIABLES,
  OBJECT_ATTRIBUTES,
  TASK_ATTRIBUTES,
  TRACEPOINTS
} from './tracepoints'
import type { CatalogEntry, Tracepoint } from './tracepoints'

/** What the expressions of one place in an instrumentation file may name, besides context and constants. */
export interface ExpressionNames {
  /** Its integers and objects are names, its tasks have attributes. */
  readonly tracepoint: Tracepoint | undefined
  /** What `task.` or `object.` asks: what the instance belongs to, where one is meant. */
  readonly instance: 'task' | 'object' | undefined
  readonly parameters: readonly string[]
}

/** A name, or two joined by a dot, as they stand in the text. */
export interface Word extends Span {
  readonly text: string
}

/** Why a name cannot stand there: a whole sentence. */
export interface NameProblem {
  readonly span: Span
  readonly message: string
}

const CURRENT = 'current'

/** Names that mean something in some expression: no parameter may have one. */
export function isTaken(name: string): boolean {
  return (
    ['task', 'object', CURRENT].includes(name) ||
    CONSTANTS.has(name) ||
    has(CONTEXT_VARIABLES, name) ||
    TRACEPOINTS.some(({ fields }) => fields.some((f) => f.name === name))
  )
}

/** What a name alone stands for. */
export function resolveName(word: Word, names: ExpressionNames): Expression | NameProblem {
  const { text: name } = word
  const field = names.tracepoint?.fields.find((f) => f.name === name)
  if (field !== undefined && field.kind !== 'task') return { kind: 'field', name }
  if (field === undefined && names.parameters.includes(name)) return { kind: 'parameter', name }
  const constant = CONSTANTS.get(name)
  if (field === undefined && constant !== undefined)
    return { kind: 'number', value: constant, name }
  if (field === undefined && has(CONTEXT_VARIABLES, name)) return { kind: 'context', name }
  if (taskOperand(name, names) !== undefined) {
    return problem(
      word,
      `${quoted(name)} is a task, expected an integer: one of its attributes, as in \`${name}.pid\`.`
    )
  }
  if (name === names.instance) {
    return problem(
      word,
      `\`object\` is what the instance belongs to, expected an integer: one of its attributes, as in \`object.${OBJECT_ATTRIBUTES[0]?.name ?? ''}\`.`
    )
  }
  return problem(
    word,
    `${quoted(name)} is nothing that can be asked here${known(names)}.${didYouMean(name, [
      ...(names.tracepoint?.fields.map((f) => f.name) ?? []),
      ...names.parameters,
      ...CONTEXT_VARIABLES.map((v) => v.name),
      ...CONSTANTS.keys(),
      ...operands(names)
    ])}`
  )
}

/** What `of.attribute` stands for. */
export function resolveAttribute(
  of: Word,
  attribute: Word,
  names: ExpressionNames
): Expression | NameProblem {
  const task = taskOperand(of.text, names)
  if (task !== undefined) {
    if (has(TASK_ATTRIBUTES, attribute.text)) {
      return { kind: 'task', of: task, attribute: attribute.text }
    }
    return unknownAttribute(attribute, 'a task', TASK_ATTRIBUTES)
  }
  if (of.text === 'object' && names.instance === 'object') {
    if (has(OBJECT_ATTRIBUTES, attribute.text)) return { kind: 'object', attribute: attribute.text }
    return unknownAttribute(attribute, 'an object', OBJECT_ATTRIBUTES)
  }
  const all = operands(names)
  const expected = all.length === 0 ? '' : `; expected ${all.map((o) => `\`${o}.…\``).join(' or ')}`
  return problem(
    of,
    `${quoted(of.text)} has no attributes here${expected}.${didYouMean(of.text, all)}`
  )
}

/** The task that a name stands for, or undefined. */
export function taskOperand(name: string, names: ExpressionNames): TaskOperand | undefined {
  const field = names.tracepoint?.fields.find((f) => f.name === name)
  if (field !== undefined) return field.kind === 'task' ? { kind: 'field', name } : undefined
  if (name === CURRENT) return { kind: 'current' }
  return name === 'task' && names.instance === 'task' ? { kind: 'instance' } : undefined
}

function operands({ tracepoint, instance }: ExpressionNames): string[] {
  const tasks = tracepoint?.fields.filter((f) => f.kind === 'task').map((f) => f.name) ?? []
  return [...tasks, CURRENT, ...(instance === undefined ? [] : [instance])]
}

function known({ tracepoint, parameters }: ExpressionNames): string {
  const said: string[] = []
  if (tracepoint !== undefined) {
    const fields = tracepoint.fields.filter((f) => f.kind !== 'task').map((f) => quoted(f.name))
    said.push(
      `\`${tracepoint.name}\` has ${fields.length === 0 ? 'no integer field' : fields.join(', ')}`
    )
  }
  if (parameters.length > 0) {
    const names = parameters.slice(0, 12).map(quoted).join(', ')
    said.push(`the monitor has the parameter${parameters.length === 1 ? '' : 's'} ${names}`)
  }
  return said.length === 0 ? '' : `; ${said.join(' and ')}`
}

function unknownAttribute(
  attribute: Word,
  what: string,
  catalog: readonly CatalogEntry[]
): NameProblem {
  const all = catalog.map((a) => a.name)
  return problem(
    attribute,
    `${quoted(attribute.text)} is no attribute of ${what}; expected ${all.map(quoted).join(', ')}.${didYouMean(attribute.text, all)}`
  )
}

function didYouMean(word: string, names: readonly string[]): string {
  const close = closest(word, names)
  return close === undefined ? '' : ` Did you mean ${quoted(close)}?`
}

const has = (catalog: readonly CatalogEntry[], name: string): boolean =>
  catalog.some((one) => one.name === name)

const problem = ({ start, end }: Span, message: string): NameProblem => ({
  span: { start, end },
  message
})
