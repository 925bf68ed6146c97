import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { compileExpression } from '../../expression-compiler'
import { parseExpression } from '../../expression-parser'
import { CONTEXT_VARIABLES, TASK_ATTRIBUTES, findTracepoint, fieldIndex } from '../../tracepoints'
import type { Tracepoint } from '../../tracepoints'
import { boolToC, conditionToC, expressionToC } from './expression'
import { PROBES, parameterValue } from './probes'
import { bareScope } from './scope'
import type { CScope } from './scope'
import { flat } from './text'
import { CUses } from './uses'

const NAMES = { instance: undefined, parameters: ['limit'] } as const

function scopeOf(tracepoint: string, nullable = false): CScope {
  const probe = PROBES[tracepoint]
  if (probe === undefined) throw new Error(tracepoint)
  return bareScope(new CUses(), {
    field: (name) => {
      const value = parameterValue(probe, name)
      if (value === undefined) throw new Error(name)
      return value
    },
    task: (of) => ({ pointer: of.kind === 'field' ? of.name : 'running', nullable })
  })
}

function known(name: string): Tracepoint {
  const found = findTracepoint(name)
  if (found === undefined) throw new Error(name)
  return found
}

function parsed(text: string, tracepoint: string): Parameters<typeof expressionToC>[0] {
  const result = parseExpression(text, { ...NAMES, tracepoint: known(tracepoint) })
  if ('error' in result) throw new Error(`${text}: ${result.error.message}`)
  return result.expression
}

const c = (text: string, tracepoint = 'sched_switch'): string =>
  flat(expressionToC(parsed(text, tracepoint), scopeOf(tracepoint)).text)

describe('expressions in C', () => {
  test.each([
    ['prev_state == TASK_INTERRUPTIBLE', 'prev_state == TASK_INTERRUPTIBLE'],
    ['!preempt && prev_state != TASK_RUNNING', '!preempt && prev_state != TASK_RUNNING'],
    ['prev_state & ~TASK_NOLOAD', '(int)prev_state & ~TASK_NOLOAD'],
    ['preempt || prev_state && prev.idle', 'preempt || (prev_state && is_idle_task(prev))'],
    ['(preempt || prev_state) && 1', '(preempt || prev_state) && 1'],
    // Not unsigned arithmetic: what is below 0 stays there.
    ['prev_state - 1 < 0', '(s64)prev_state - 1 < 0'],
    ['prev_state > -1', '(s64)prev_state > -1'],
    ['-prev_state', '-(s64)prev_state'],
    ['prev.pid + next.pid', '(s64)prev->pid + next->pid'],
    ['limit - 5', '(s64)limit - 5'],
    ['prev.prio - (next.prio - 1)', 'prev->prio - (next->prio - 1)'],
    ['-cpu - nr_cpus', '-raw_smp_processor_id() - (int)nr_cpu_ids'],
    ['(prev_state == 1) == preempt', '(prev_state == 1) == preempt'],
    ['!(current.pid == 0)', '!(running->pid == 0)'],
    ['next.has_dl_server && in_hardirq', 'next->dl_server && in_hardirq()'],
    ['next.has_dl_server == in_hardirq', '!!next->dl_server == !!in_hardirq()'],
    ['!next.kthread', '!(next->flags & PF_KTHREAD)'],
    [
      'preempt_off == 1',
      '(!IS_ENABLED(CONFIG_PREEMPTION) || (preempt_count() & PREEMPT_MASK) > 0) == 1'
    ]
  ])('%s', (text, expected) => {
    expect(c(text)).toBe(expected)
  })

  test('registers of a system call are compared as an int where the instrumentation says 32 bits', () => {
    expect(c('(arg1 & FUTEX_CMD_MASK) == FUTEX_LOCK_PI', 'sys_enter')).toBe(
      '((int)args[1] & FUTEX_CMD_MASK) == FUTEX_LOCK_PI'
    )
  })

  test('an attribute of no task is -1, whatever its type', () => {
    const text = flat(
      expressionToC(parsed('target.policy >= 0', 'sys_enter'), scopeOf('sys_enter', true)).text
    )
    expect(text).toBe('(target ? (int)target->policy : -1) >= 0')
  })

  test('a condition asks only for truth, a value is 0 or 1', () => {
    const of = parsed('in_nmi', 'sched_switch')
    expect(flat(conditionToC(of, scopeOf('sched_switch')))).toBe('in_nmi()')
    expect(flat(expressionToC(of, scopeOf('sched_switch')).text)).toBe('!!in_nmi()')
  })

  test('values of atoms: numbers are words, wide ones are not cut', () => {
    const bool = (text: string): string =>
      flat(boolToC(parsed(text, 'sys_enter'), scopeOf('sys_enter')))
    expect([bool('1'), bool('0'), bool('arg0'), bool('id == 3')]).toEqual([
      'true',
      'false',
      '!!args[0]',
      'id == 3'
    ])
  })

  test('every tracepoint passes every field, or its number', () => {
    for (const [name, probe] of Object.entries(PROBES)) {
      for (const { name: field, kind } of known(name).fields) {
        if (kind === 'int') expect(parameterValue(probe, field), `${name}.${field}`).toBeDefined()
        else if (name !== 'sys_enter') {
          expect(
            probe.params.some((p) => p.endsWith(`*${field}`)),
            `${name}.${field}`
          ).toBe(true)
        }
      }
    }
  })
})

const hasGcc = spawnSync('gcc', ['--version']).status === 0

/** What the kernel's headers have, as far as expressions name it. */
const STUBS = `
#include <stdbool.h>
#include <stdio.h>
typedef long long s64; typedef unsigned long long u64;
struct task_struct { int pid, prio; unsigned int policy, flags; void *dl_server; };
#define PF_KTHREAD 0x00200000
#define IS_ENABLED(x) 1
#define PREEMPT_MASK 0xff
#define TASK_NOLOAD 0x400
#define TASK_INTERRUPTIBLE 1
static int raw_smp_processor_id(void) { return 3; }
static unsigned int nr_cpu_ids = 8;
static int irqs_disabled(void) { return 512; }
static int preempt_count(void) { return 0x101; }
static int in_hardirq(void) { return 0x10000; }
static int in_task(void) { return 0; }
static int in_serving_softirq(void) { return 0; }
static int in_nmi(void) { return 0; }
static int is_idle_task(const struct task_struct *p) { return p->pid == 0; }
static int rt_or_dl_task(struct task_struct *p) { return p->prio < 100; }
static int dl_server_id(struct task_struct *p) { return -3; }
`

const folder = mkdtempSync(join(tmpdir(), 'rvpanel-c-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const CONTEXT: Record<string, number> = {
  cpu: 3,
  nr_cpus: 8,
  irqs_disabled: 1,
  preempt_off: 1,
  in_hardirq: 1
}

interface Task {
  readonly pid: number
  readonly prio: number
  readonly policy: number
  readonly kthread: number
  readonly served: number
}

function attribute(t: Task, name: string): number {
  switch (name) {
    case 'pid':
    case 'prio':
    case 'policy':
    case 'kthread':
      return t[name]
    case 'rt_or_dl':
      return t.prio < 100 ? 1 : 0
    case 'idle':
      return t.pid === 0 ? 1 : 0
    case 'has_dl_server':
      return t.served
    default:
      return -3
  }
}

/** Expression texts that say of themselves what binds what. */
const { expression } = fc.letrec<{ expression: string; operand: string }>((tie) => ({
  operand: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom(
      ...['preempt', 'prev_state', 'limit', 'TASK_NOLOAD', '~TASK_INTERRUPTIBLE', '-5', '7'],
      ...['4294967295', '4294967296', '2147483648', '0'],
      ...CONTEXT_VARIABLES.map((v) => v.name),
      ...['prev', 'next', 'current'].flatMap((t) => TASK_ATTRIBUTES.map((a) => `${t}.${a.name}`))
    ),
    fc.tuple(fc.constantFrom('!', '-', '~'), tie('operand')).map(([op, of]) => `(${op}(${of}))`),
    tie('expression').map((e) => `(${e})`)
  ),
  expression: fc
    .tuple(
      tie('operand'),
      fc.constantFrom('||', '&&', '&', '|', '==', '!=', '<', '<=', '>', '>=', '+', '-'),
      tie('operand')
    )
    .map(([a, op, b]) => `${a} ${op} ${b}`)
}))

describe.skipIf(!hasGcc)('compiled', () => {
  test('C computes what the engine computes', { timeout: 60_000 }, () => {
    const task = fc.record<Task>({
      pid: fc.constantFrom(0, 1, 77, 4_194_304),
      prio: fc.constantFrom(-1, 0, 99, 120, 139),
      policy: fc.constantFrom(0, 1, 6),
      kthread: fc.constantFrom(0, 1),
      served: fc.constantFrom(0, 1)
    })
    const one = fc.record({
      text: expression,
      preempt: fc.constantFrom(0, 1),
      state: fc.constantFrom(0, 1, 2, 0x402, 2 ** 31, 2 ** 32 - 1),
      limit: fc.constantFrom(0, 1, 1000, 2 ** 40),
      tasks: fc.tuple(task, task, task)
    })
    const cases = fc.sample(one, { numRuns: 600, seed: 7 })
    const functions: string[] = []
    const calls: string[] = []
    const expected: number[] = []
    cases.forEach(({ text, preempt, state, limit, tasks }, i) => {
      const tree = parsed(text, 'sched_switch')
      functions.push(
        `static s64 f${i}(bool preempt, struct task_struct *prev, struct task_struct *next, struct task_struct *running, unsigned int prev_state, u64 limit)\n{\n\treturn ${flat(expressionToC(tree, scopeOf('sched_switch')).text)};\n}`,
        `static bool b${i}(bool preempt, struct task_struct *prev, struct task_struct *next, struct task_struct *running, unsigned int prev_state, u64 limit)\n{\n\tif (${flat(conditionToC(tree, scopeOf('sched_switch')))})\n\t\treturn true;\n\treturn false;\n}`
      )
      const pointers = tasks.map(
        (t) =>
          `&(struct task_struct){ ${t.pid}, ${t.prio}, ${t.policy}, ${t.kthread ? 'PF_KTHREAD | 1' : '1'}, ${t.served ? '"s"' : '0'} }`
      )
      for (const f of ['f', 'b']) {
        calls.push(
          `\tprintf("%lld\\n", (s64)${f}${i}(${preempt}, ${pointers.join(', ')}, ${state}u, ${limit}ull));`
        )
      }
      const value = compileExpression(tree, {
        field: (name) => fieldIndex(known('sched_switch'), name),
        context: (name) => () => CONTEXT[name] ?? 0,
        attribute: (name) => (t) => attribute(tasks[t as 0 | 1 | 2], name),
        objectAttribute: () => () => 0,
        current: () => 2,
        instance: () => 0,
        parameter: () => () => limit
      })(Float64Array.of(preempt, 0, 1, state))
      expected.push(value, value === 0 ? 0 : 1)
    })
    const source = join(folder, 'e.c')
    writeFileSync(
      source,
      `${STUBS}${functions.join('\n')}\nint main(void)\n{\n${calls.join('\n')}\n\treturn 0;\n}\n`
    )
    // As the kernel is built: what overflows wraps.
    execFileSync('gcc', ['-w', '-O0', '-fno-strict-overflow', '-o', join(folder, 'e'), source])
    const got = execFileSync(join(folder, 'e'), { encoding: 'utf8' }).trim().split('\n').map(Number)
    const wrong = cases.flatMap(({ text }, i) =>
      got[2 * i] === expected[2 * i] && got[2 * i + 1] === expected[2 * i + 1]
        ? []
        : [`${text}: C ${c(text)} gives ${got[2 * i] ?? ''}, expected ${expected[2 * i] ?? ''}`]
    )
    expect(wrong).toEqual([])
  })
})
