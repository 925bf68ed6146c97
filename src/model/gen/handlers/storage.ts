import type { StorageSeed } from '../../instrumentation'
import { conditionToC } from './expression'
import { bareScope } from './scope'
import { subjectToC } from './subject'
import type { ObjectKind } from './subject'
import { layout, layoutList } from './text'
import type { CUses } from './uses'

/** Statements of enable_NAME() that make what seedFunction() says, or give up. */
export const SEED_CALL = '\tretval = init_storage();\n\tif (retval)\n\t\treturn retval;'

/**
 * init_storage(): the instances that enabling makes. Those of a CPU get their object with the first
 * event that passes it; a task is its own.
 *
 * @param destroy function that frees all of them
 */
export function seedFunction(
  seeds: readonly StorageSeed[],
  objects: ObjectKind,
  uses: CUses,
  destroy: string
): string | undefined {
  if (seeds.length === 0) return undefined
  const [cpus, tasks] = (['cpu', 'task'] as const).map((each) =>
    seeds.filter((seed) => seed.each === each)
  )
  const declared: string[] = []
  const body: string[] = []
  if (tasks?.length !== undefined && tasks.length > 0) {
    declared.push('\tstruct task_struct *g, *task;')
    uses.header('<linux/sched/signal.h>', '<linux/sched/task.h>')
  }
  if (cpus !== undefined && cpus.length > 0) {
    declared.push('\tint cpu;')
    uses.header('<linux/cpumask.h>')
    const made = cpus.flatMap((seed) => seedLines(seed, objects, uses, 2))
    body.push('', '\tfor_each_possible_cpu(cpu) {', ...made, '\t}')
  }
  if (tasks !== undefined && tasks.length > 0) {
    const made = tasks.flatMap((seed) => seedLines(seed, objects, uses, 3))
    body.push('', '\tscoped_guard(read_lock, &tasklist_lock) {')
    body.push('\t\tfor_each_process_thread(g, task) {', ...made, '\t\t}', '\t}')
  }
  const text = [
    '/* The instances that there are from the start. */',
    'static int init_storage(void)',
    '{',
    ...declared,
    ...body,
    '',
    '\treturn 0;',
    '',
    'fail:',
    `\t${destroy}();`,
    '\treturn -ENOMEM;',
    '}'
  ]
  return text.join('\n')
}

function seedLines(
  { each, id, when }: StorageSeed,
  objects: ObjectKind,
  uses: CUses,
  depth: number
): string[] {
  const scope = bareScope(uses, {
    task: () => ({ pointer: 'task', nullable: false }),
    cpu: each === 'cpu' ? 'cpu' : undefined
  })
  const { args } = subjectToC({ kind: 'id', of: id }, scope, objects)
  const make = layoutList(0, '!da_create_storage(', [...args, 'NULL'], ')').join(' ')
  const parts =
    when === undefined
      ? [make]
      : [{ op: '&&', parts: [conditionToC(when, scope), make], parentheses: false }]
  const condition = parts[0] ?? make
  return [...layout(depth, 'if (', condition, ')'), `${'\t'.repeat(depth + 1)}goto fail;`]
}
