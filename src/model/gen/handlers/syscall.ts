import type { Expression } from '../../expression'
import type { TracepointRules } from '../../instrumentation'
import { CURRENT } from './scope'
import { layout } from './text'
import type { CUses } from './uses'

/**
 * What a handler of sys_enter does before its rules: fetch of the registers and of user memory what
 * they ask for, unless the call is one that no rule is about.
 *
 * @param body statements of the rules
 */
export function syscallStart(
  { steps }: TracepointRules,
  body: readonly string[],
  uses: CUses
): string[] {
  const text = body.join('\n')
  const asks = (name: string): boolean => new RegExp(`(?<!->)\\b${name}\\b`).test(text)
  const [target, policy, flags] = [asks('target'), asks('policy'), asks('sched_flags')]
  const copies = policy || flags
  if (!target && !copies && !asks('args')) return []
  uses.header('<asm/syscall.h>')
  const declared = ['\tunsigned long args[6];']
  if (target) declared.push('\tstruct task_struct *target;')
  if (copies) declared.push('\ts64 sched_flags;')
  if (policy) declared.push('\tint policy;')
  const lines = [...declared, '']
  const numbers = union(steps.flat().map(({ when }) => syscallsOf(when)))
  if (numbers !== undefined) {
    const others = [...numbers].map((number) => `id != ${number}`)
    const condition = { op: '&&', parts: others, parentheses: false }
    lines.push(...layout(1, 'if (', condition, ')'), '\t\treturn;')
  }
  lines.push(`\tsyscall_get_arguments(${CURRENT}, regs, args);`)
  if (copies) {
    const call = `${uses.helper('syscall_policy')}(id, args, &sched_flags);`
    lines.push(policy ? `\tpolicy = ${call}` : `\t${call}`)
  }
  if (target) {
    // Behind what may sleep.
    lines.push('\tguard(rcu)();', `\ttarget = args[0] ? find_task_by_vpid(args[0]) : ${CURRENT};`)
  }
  return [...lines, '']
}

/** Names of the calls of which alone a condition can hold; undefined: perhaps of any. */
function syscallsOf(when: Expression | undefined): ReadonlySet<string> | undefined {
  if (when?.kind !== 'binary') return undefined
  const { op, left, right } = when
  if (op === '==') {
    const [field, number] = left.kind === 'field' ? [left, right] : [right, left]
    return field.kind === 'field' && field.name === 'id' && number.kind === 'number'
      ? new Set([number.name ?? String(number.value)])
      : undefined
  }
  if (op === '||') return union([syscallsOf(left), syscallsOf(right)])
  // Of two bounds either one is right.
  return op === '&&' ? (syscallsOf(left) ?? syscallsOf(right)) : undefined
}

function union(
  sets: readonly (ReadonlySet<string> | undefined)[]
): ReadonlySet<string> | undefined {
  const all = new Set<string>()
  for (const set of sets) {
    if (set === undefined) return undefined
    for (const one of set) all.add(one)
  }
  return all
}
