import type { InstrumentationRule, TracepointRules } from '../../instrumentation'
import { boolToC, conditionToC } from './expression'
import type { CScope } from './scope'
import { subjectToC } from './subject'
import type { CSubject, ObjectKind } from './subject'
import { CURRENT } from './scope'
import { fitsLine, flat, layout, layoutList } from './text'
import type { CText } from './text'

/** What the statements of a handler are made with. */
export interface RuleContext {
  readonly scope: CScope
  readonly objects: ObjectKind
  readonly isPerObject: boolean
  /** C constant of an event. */
  event(name: string): string
  /** Variable of the LTL monitor whose atoms are set; undefined: each call says whose. */
  readonly monitor: string | undefined
  /** Called for each rule with the instance that it is about. */
  seen?(rule: InstrumentationRule, subject: CSubject): void
}

interface Branch {
  /** Undefined: always. */
  readonly condition: CText | undefined
  /** Lines for one tab more than the branch's head. */
  body: string[]
}

/** Statements of a tracepoint's rules, in the order in which they run, one tab deep. */
export function statements({ steps }: TracepointRules, context: RuleContext): string[] {
  const lines: string[] = []
  for (const group of joined(steps, context)) lines.push(...chainOf(group))
  return lines
}

/** Steps as branches; neighbours that ask the same are one. */
function joined(steps: TracepointRules['steps'], context: RuleContext): Branch[][] {
  const groups: Branch[][] = []
  for (const step of steps) {
    const branches = step.map((rule) => branchOf(rule, context))
    const [only] = branches
    const last = groups.at(-1)
    const [before] = last ?? []
    if (
      branches.length === 1 &&
      last?.length === 1 &&
      only?.condition !== undefined &&
      before?.condition !== undefined &&
      flat(only.condition) === flat(before.condition)
    ) {
      // No call changes what a condition asks.
      before.body.push(...only.body)
    } else groups.push(branches)
  }
  return groups
}

function branchOf(rule: InstrumentationRule, context: RuleContext): Branch {
  const condition = rule.when === undefined ? undefined : conditionToC(rule.when, context.scope)
  const subject = subjectToC(rule.on, context.scope, context.objects)
  context.seen?.(rule, subject)
  const depth = condition === undefined ? 1 : 2
  const { nullable } = subject
  if (nullable === undefined) return { condition, body: callOf(rule, subject, context, depth) }
  const head = `${'\t'.repeat(depth)}if (${nullable})`
  return { condition, body: [head, ...callOf(rule, subject, context, depth + 1)] }
}

function callOf(
  rule: InstrumentationRule,
  { args }: CSubject,
  context: RuleContext,
  depth: number
): string[] {
  switch (rule.kind) {
    case 'event':
      return layoutList(depth, `da_${rule.call}(`, [...args, context.event(rule.event)], ');')
    case 'storage':
      return layoutList(depth, ...storageCall(rule.call, args, context), ');')
    case 'atom': {
      const value = boolToC(rule.value, context.scope)
      const task = args.join()
      const subject = rule.call === 'atom_set' ? (context.monitor ?? monitorOf(task)) : task
      return atomCall(depth, `ltl_${rule.call}`, [subject, `LTL_${rule.atom}`], value)
    }
  }
}

/** The LTL monitor of a task. */
const monitorOf = (task: string): string => `ltl_get_monitor(${task})`

/** `name(args, value);`, broken between the arguments before it is inside the value. */
export function atomCall(
  depth: number,
  name: string,
  args: readonly string[],
  value: CText
): string[] {
  const lines = layoutList(depth, `${name}(`, [...args, flat(value)], ');')
  return lines.every(fitsLine) ? lines : layout(depth, `${name}(${args.join(', ')}, `, value, ');')
}

/**
 * Of a handler that sets atoms of the running task more than once: a variable for its monitor, and
 * what it is set to.
 */
export function sharedMonitor({ steps }: TracepointRules): [string, string] | undefined {
  const sets = steps.flat().filter((rule) => rule.kind === 'atom' && rule.call === 'atom_set')
  return sets.length > 1 && sets.every(({ on }) => on.kind === 'current')
    ? ['mon', monitorOf(CURRENT)]
    : undefined
}

function storageCall(
  call: 'create' | 'destroy' | 'reset',
  args: readonly string[],
  { isPerObject }: RuleContext
): [string, readonly string[]] {
  if (call === 'create') return ['da_create_or_get(', args]
  if (call === 'destroy') return ['da_destroy_storage(', args.slice(0, 1)]
  return ['da_reset(', isPerObject ? args : args.slice(0, 1)]
}

/** `if`, `else if` and `else` of one group; what always runs has none. */
function chainOf(group: readonly Branch[]): string[] {
  const last = group.findIndex(({ condition }) => condition === undefined)
  // What stands behind the one that always runs never does.
  const branches = last < 0 ? group : group.slice(0, last + 1)
  const [first] = branches
  if (branches.length === 1 && first?.condition === undefined) return first?.body ?? []
  // Kernel style: braces around all branches or none.
  const braces = branches.some(({ body }) => body.length > 1)
  const lines: string[] = []
  branches.forEach(({ condition, body }, i) => {
    const otherwise = i === 0 ? '' : braces ? '} else ' : 'else '
    const open = braces ? ' {' : ''
    if (condition === undefined) {
      lines.push(`\t${otherwise.trimEnd()}${open}`)
      // Its statements were made for no branch at all.
      lines.push(...body.map((line) => `\t${line}`))
    } else {
      lines.push(...layout(1, `${otherwise}if (`, condition, `)${open}`), ...body)
    }
  })
  if (braces) lines.push('\t}')
  return lines
}
