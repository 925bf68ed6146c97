import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { parseDot } from '../../dot'
import { parseInstrumentation } from '../../instrumentation-yaml'
import type { MonitorSpec } from '../../instrumentation-yaml'
import { parseLtl } from '../../ltl/parse'
import type { MonitorHandlers } from '../handlers'
import { generateMonitor } from '../monitor'
import { completeHandlers } from './complete'
import type { CompletedHandlers } from './complete'
import { KERNEL_STUBS } from './kernel.testing'

const MODELS = join(dirname(fileURLToPath(import.meta.url)), '../../../../models')

function dot(events: readonly string[], guards = ''): MonitorSpec {
  const text = `digraph m {
"__init_a" [shape = plaintext, style = invis, label = ""]
"a" [shape = doublecircle, label = "a${guards}"]
"__init_a" -> "a"
"a" -> "a" [label = "${events.join('\\n')}"]
}`
  const { automaton, diagnostics } = parseDot(text, 'm.dot')
  if (automaton === undefined) throw new Error(JSON.stringify(diagnostics))
  return { kind: 'automaton', automaton }
}

function ltl(text: string): MonitorSpec {
  const { model, diagnostics } = parseLtl(text, 'm.ltl')
  if (model === undefined) throw new Error(JSON.stringify(diagnostics))
  return { kind: 'ltl', ltl: model }
}

function completed(spec: MonitorSpec, yaml: string, name = 'm'): CompletedHandlers {
  const { instrumentation, diagnostics } = parseInstrumentation(yaml, 'm.yaml', spec)
  if (instrumentation === undefined) throw new Error(JSON.stringify(diagnostics))
  return completeHandlers(instrumentation, spec, name, { file: 'm.yaml', text: yaml })
}

function handlers(spec: MonitorSpec, type: string, rest: string): MonitorHandlers {
  const found = completed(spec, `monitor: m\ntype: ${type}\ndescription: a test\n${rest}`)
  if (found.handlers === undefined) throw new Error(JSON.stringify(found.diagnostics))
  return found.handlers
}

/** The body of one function, without the tabs before its lines. */
function body(text: string, name: string): string[] {
  const found = new RegExp(`\\b${name}\\([^{]*\\)\\n\\{\\n([^]*?)\\n\\}`).exec(text)
  return (found?.[1] ?? `there is no ${name}()`).split('\n').map((line) => line.trim())
}

describe('rules of automata', () => {
  test('rules run in their order; of a choose group the first that holds', () => {
    const { functions, probes, includes } = handlers(
      dot(['x', 'y', 'z']),
      'per_task',
      `tracepoints:
  sched_switch:
    - choose:
        - {when: preempt, event: x, call: handle_event, on: prev}
        - {when: prev_state == TASK_RUNNING, event: y, call: handle_start_event, on: prev}
        - {event: z, call: handle_start_run_event, on: prev}
    - {event: x, call: handle_event, on: next}
`
    )
    expect(body(functions, 'handle_sched_switch')).toEqual([
      'if (preempt)',
      'da_handle_event(prev, x_m);',
      'else if (prev_state == TASK_RUNNING)',
      'da_handle_start_event(prev, y_m);',
      'else',
      'da_handle_start_run_event(prev, z_m);',
      'da_handle_event(next, x_m);'
    ])
    expect(probes).toEqual([{ tracepoint: 'sched_switch', handler: 'handle_sched_switch' }])
    expect(includes).toContain('<trace/events/sched.h>')
  })

  test('neighbours that ask the same are asked once', () => {
    const { functions } = handlers(
      dot(['x', 'y']),
      'per_cpu',
      `tracepoints:
  sched_entry_tp:
    - {when: preempt, event: x, call: handle_start_event}
    - {when: preempt, event: y, call: handle_event}
`
    )
    expect(body(functions, 'handle_sched_entry')).toEqual([
      'if (preempt) {',
      'da_handle_start_event(x_m);',
      'da_handle_event(y_m);',
      '}'
    ])
  })

  test('the running task is one that KUnit can replace; a task that is not there has no instance', () => {
    const { functions, before } = handlers(
      dot(['x', 'y']),
      'per_task',
      `tracepoints:
  signal_deliver:
    - {event: x, call: handle_start_event, on: current}
  sys_enter:
    - {when: id == __NR_sched_setattr && target.prio < 100, event: y, call: handle_event, on: target}
`
    )
    expect(body(functions, 'handle_signal_deliver')).toEqual([
      'da_handle_start_event(rv_get_current(), x_m);'
    ])
    expect(body(functions, 'handle_sys_enter')).toEqual([
      'unsigned long args[6];',
      'struct task_struct *target;',
      '',
      'if (id != __NR_sched_setattr)',
      'return;',
      'syscall_get_arguments(rv_get_current(), regs, args);',
      'guard(rcu)();',
      'target = args[0] ? find_task_by_vpid(args[0]) : rv_get_current();',
      '',
      'if (id == __NR_sched_setattr && (target ? target->prio : -1) < 100) {',
      'if (target)',
      'da_handle_event(target, y_m);',
      '}'
    ])
    expect(before).toContain('#ifndef __NR_sched_setattr')
  })

  test('what user memory says is fetched only where a rule asks for it', () => {
    const policies = (when: string): string =>
      handlers(
        dot(['x']),
        'per_task',
        `tracepoints:
  sys_enter:
    - {when: '${when}', event: x, call: handle_start_event, on: current}
`
      ).functions
    expect(policies('target.policy == 1')).not.toContain('syscall_policy')
    expect(body(policies('policy == 1'), 'handle_sys_enter')).toContain(
      'policy = syscall_policy(id, args, &sched_flags);'
    )
    expect(policies('arg0 == 1')).not.toContain('target')
  })

  test('what stands behind the rule that always runs never does', () => {
    const { functions } = handlers(
      dot(['x', 'y', 'z']),
      'per_cpu',
      `tracepoints:
  sched_entry_tp:
    - choose:
        - {when: preempt, event: x, call: handle_start_event}
        - {event: y, call: handle_event}
    - {event: z, call: handle_event}
`
    )
    expect(body(functions, 'handle_sched_entry')).toEqual([
      'if (preempt)',
      'da_handle_start_event(x_m);',
      'else',
      'da_handle_event(y_m);',
      'da_handle_event(z_m);'
    ])
  })

  test('no early way out where a rule is about any call', () => {
    const { functions } = handlers(
      dot(['x', 'y']),
      'per_task',
      `tracepoints:
  sys_enter:
    - {when: id == __NR_futex && arg0 == 1, event: x, call: handle_start_event, on: current}
    - {when: arg1 == 2, event: y, call: handle_event, on: current}
`
    )
    expect(body(functions, 'handle_sys_enter').join('\n')).not.toContain('return;')
  })

  test('tracepoints that not every kernel has are attached where it has them', () => {
    const { functions, probes, enable, disable, includes, kconfig } = handlers(
      dot(['x']),
      'per_cpu',
      `tracepoints:
  irq_handler_entry, local_timer_entry, reschedule_entry, call_function_entry:
    - {event: x, call: handle_start_event}
  preempt_enable:
    - {event: x, call: handle_event}
`
    )
    expect(probes.map((p) => p.tracepoint)).toEqual(['irq_handler_entry', 'preempt_enable'])
    const guarded = /#ifdef CONFIG_X86_LOCAL_APIC\n([^]*)#else\n([^]*)#endif/.exec(functions)
    expect(guarded?.[1]).toContain('#include <asm/trace/irq_vectors.h>')
    expect(body(guarded?.[1] ?? '', 'attach_vectors')).toEqual([
      'rv_attach_trace_probe("m", local_timer_entry, handle_local_timer_entry);',
      'if (IS_ENABLED(CONFIG_SMP)) {',
      // One function does for both.
      'rv_attach_trace_probe("m", reschedule_entry, handle_local_timer_entry);',
      'rv_attach_trace_probe("m", call_function_entry, handle_local_timer_entry);',
      '}'
    ])
    expect(functions).toContain('static void __maybe_unused handle_local_timer_entry(')
    expect(guarded?.[2]).toContain('static void attach_vectors(void) { }')
    expect([enable, disable]).toEqual(['\tattach_vectors();', '\tdetach_vectors();'])
    expect(includes).not.toContain('<asm/trace/irq_vectors.h>')
    expect(kconfig).toEqual(['depends on TRACE_PREEMPT_TOGGLE'])
  })
})

describe('objects', () => {
  test('a number that is computed has no object; what may not fit an int makes a wider id', () => {
    const { functions, before } = handlers(
      dot(['x', 'y']),
      'per_obj',
      `tracepoints:
  contention_begin:
    - {event: x, call: handle_start_event, on: lock_addr}
  irq_handler_entry:
    - {event: y, call: handle_event, on: irq + 1}
`
    )
    expect(body(functions, 'handle_contention_begin')).toEqual([
      'da_handle_start_event((unsigned long)lock, NULL, x_m);'
    ])
    expect(body(functions, 'handle_irq_handler_entry')).toEqual([
      'da_handle_event((s64)irq + 1, NULL, y_m);'
    ])
    expect(before).toBe('#define da_id_type long\ntypedef void *monitor_target;')
  })

  test('a deadline entity is known by what the tracepoint passes, by its task or by its server', () => {
    const { functions, before } = handlers(
      dot(['x', 'y']),
      'per_obj',
      `storage:
  - {each: cpu, id: -cpu}
  - {each: task, id: task.pid, when: task.policy == SCHED_DEADLINE}
tracepoints:
  sched_dl_update_tp:
    - {event: x, call: handle_start_event, on: dl_se}
  sched_switch:
    - {when: next.has_dl_server, event: y, call: handle_event, on: next.dl_server}
    - {event: y, call: handle_event, on: prev.pid}
  sched_process_exit:
    - {call: destroy, on: p.pid}
  sched_wakeup:
    - {call: reset, on: p.pid}
  task_newtask:
    - {call: create, on: task.pid}
`
    )
    expect(body(functions, 'handle_sched_dl_update')).toEqual([
      'da_handle_start_event(dl_entity_id(dl_se, cpu, type), dl_se, x_m);'
    ])
    expect(body(functions, 'handle_sched_switch')).toEqual([
      'if (next->dl_server)',
      'da_handle_event(dl_server_id(next), next->dl_server, y_m);',
      'da_handle_event(prev->pid, &prev->dl, y_m);'
    ])
    expect(body(functions, 'handle_sched_process_exit')).toEqual(['da_destroy_storage(p->pid);'])
    expect(body(functions, 'handle_sched_wakeup')).toEqual(['da_reset(p->pid, &p->dl);'])
    expect(body(functions, 'handle_task_newtask')).toEqual([
      'da_create_or_get(task->pid, &task->dl);'
    ])
    const seeds = body(functions, 'init_storage').join('\n')
    expect(seeds).toContain('if (!da_create_storage(-cpu, NULL, NULL))')
    expect(seeds).toContain('da_create_storage(task->pid, &task->dl, NULL)')
    expect(seeds).toContain('da_monitor_destroy();\nreturn -ENOMEM;')
    expect(before).toMatch(/#define DA_SKIP_AUTO_ALLOC\n.*sched_dl_entity \*monitor_target;$/)
  })

  test('an empty storage: start events make no instance, and enabling makes none', () => {
    const { functions, enable, before } = handlers(
      dot(['x']),
      'per_obj',
      `storage: []
tracepoints:
  irq_handler_entry:
    - {call: create, on: irq}
    - {event: x, call: handle_start_event, on: irq}
`
    )
    expect(before).toContain('DA_SKIP_AUTO_ALLOC')
    expect([enable, functions]).toEqual(['', expect.not.stringContaining('init_storage')])
  })

  test('a reset of a task names the task alone', () => {
    const { functions } = handlers(
      dot(['x']),
      'per_task',
      `tracepoints:
  sched_wakeup:
    - {event: x, call: handle_start_event, on: p}
  sched_process_exit:
    - {call: reset, on: p}
`
    )
    expect(body(functions, 'handle_sched_process_exit')).toEqual(['da_reset(p);'])
  })
})

describe('hybrid automata', () => {
  const timed = dot(['x;reset(clk)', 'y;mode == 1'], '\\nclk < LIMIT_NS()')
  const rest = (timer: string): string => `timer: ${timer}
parameters:
  slack: {default: tick, unit: ns, description: how late}
environment:
  mode: task.rt_or_dl
values:
  LIMIT_NS: slack + 5
tracepoints:
  sched_wakeup:
    - {event: x, call: handle_start_event, on: p}
    - {event: y, call: handle_event, on: p}
`

  test('parameters come before what is computed of them, environment variables are the task’s', () => {
    const { environment, before } = handlers(timed, 'per_task', rest('wheel'))
    expect([...environment.keys()]).toEqual(['slack', 'LIMIT_NS()', 'mode'])
    expect(environment.get('slack')).toContain('static u64 slack = TICK_NSEC;')
    expect(environment.get('LIMIT_NS()')).toBe('#define LIMIT_NS(ha_mon) (slack + 5)')
    expect(environment.get('mode')).toBe('rt_or_dl_task(ha_get_target(ha_mon))')
    expect(before).toBe('#define HA_TIMER_TYPE HA_TIMER_WHEEL')
  })

  test('without a timer there is none to start', () => {
    const { environment, before } = handlers(timed, 'per_task', rest('none'))
    expect(before).toBe('')
    expect([...environment.values()].join('\n')).toContain('ha_start_timer_ns(')
  })

  test('an object that is asked for its attributes has to be known where its instance starts', () => {
    const { handlers: none, diagnostics } = completed(
      dot(['x', 'y;mode == 1']),
      `monitor: m
type: per_obj
description: a test
timer: none
environment:
  mode: object.dl_defer
tracepoints:
  sched_switch:
    - {event: x, call: handle_start_event, on: -cpu}
    - {event: y, call: handle_event, on: -cpu}
`
    )
    expect(none).toBeUndefined()
    expect(diagnostics).toMatchObject([
      { severity: 'error', code: 'not-in-c', file: 'm.yaml', line: 8, column: 3 }
    ])
  })
})

test('a parameter may not take a name that the C has for something else', () => {
  const { handlers: none, diagnostics } = completed(
    dot(['x']),
    `monitor: m
type: per_cpu
description: a test
parameters:
  regs: {default: 1, description: some}
tracepoints:
  sched_waking:
    - {event: x, call: handle_start_event}
`
  )
  expect(none).toBeUndefined()
  expect(diagnostics).toMatchObject([{ severity: 'error', line: 5, column: 3 }])
  expect(diagnostics[0]?.message).toMatch(/^The parameter `regs` [^\n]*\.$/)
})

test('atoms are fetched, known from the start, or told by rules', () => {
  const { functions, fetch, init, probes } = handlers(
    ltl('RULE = always (RT imply (not (BAD or NEW)))'),
    'per_task',
    `fetch: {RT: task.rt_or_dl}
init: {BAD: '!task.kthread && cpu == 1'}
created: {NEW: 0}
tracepoints:
  task_newtask:
    - {atom: NEW, call: atom_pulse, on: task}
  sched_waking:
    - {atom: BAD, call: atom_set, value: current.prio > p.prio, on: p}
    - {atom: BAD, call: atom_update, value: 0, on: current}
`
  )
  expect(fetch).toBe('\tltl_atom_set(mon, LTL_RT, rt_or_dl_task(task));')
  expect(init?.split('\n')).toEqual([
    '\tltl_atom_set(mon, LTL_BAD, !(task->flags & PF_KTHREAD) && raw_smp_processor_id() == 1);',
    '\tif (task_creation)',
    '\t\tltl_atom_set(mon, LTL_NEW, false);'
  ])
  // Its name is taken by rv/ltl_monitor.h.
  expect(probes[0]).toEqual({ tracepoint: 'task_newtask', handler: 'handle_new_task' })
  expect(body(functions, 'handle_sched_waking')).toEqual([
    'ltl_atom_set(ltl_get_monitor(p), LTL_BAD, rv_get_current()->prio > p->prio);',
    'ltl_atom_update(rv_get_current(), LTL_BAD, false);'
  ])
})

const folder = mkdtempSync(join(tmpdir(), 'rvpanel-monitors-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const hasGcc = spawnSync('gcc', ['--version']).status === 0

const models = readdirSync(MODELS).filter((name) => /\.(dot|ltl)$/.test(name))

test.each(models)('%s: complete, and C by the declarations of the kernel', (file) => {
  const text = readFileSync(join(MODELS, file), 'utf8')
  const stem = file.replace(/\.\w+$/, '')
  const spec = file.endsWith('.ltl') ? ltl(text) : specOf(text)
  const yaml = join(MODELS, `${stem}.yaml`)
  const source = { file: yaml, text: readFileSync(yaml, 'utf8') }
  const { instrumentation } = parseInstrumentation(source.text, yaml, spec)
  if (instrumentation === undefined) throw new Error(yaml)
  const { handlers: made, diagnostics } = completeHandlers(instrumentation, spec, 'my', source)
  expect(diagnostics).toEqual([])
  if (made === undefined) return
  const { type, parent, description } = instrumentation
  const generated = generateMonitor(spec, { name: 'my', type, parent, description }, made)
  const main = generated.files.find((f) => f.path === 'my.c')?.text ?? ''
  expect(main).not.toContain('XXX')
  // Every tracepoint has its function, attached once and detached once.
  for (const { tracepoint } of instrumentation.tracepoints) {
    for (const verb of ['attach', 'detach']) {
      expect(main.split(`rv_${verb}_trace_probe("my", ${tracepoint}, `)).toHaveLength(2)
    }
  }
  for (const line of made.functions.split('\n')) {
    expect(line.replaceAll('\t', ' '.repeat(8)).length, line).toBeLessThanOrEqual(100)
  }
  if (hasGcc) expect(compile(generated.files, main, stem)).toBe('')
})

function specOf(text: string): MonitorSpec {
  const { automaton } = parseDot(text, 'm.dot')
  if (automaton === undefined) throw new Error('no automaton')
  return { kind: 'automaton', automaton }
}

/** What gcc says of NAME.c where every header of the kernel is the stubs. */
function compile(
  files: readonly { readonly path: string; readonly text: string }[],
  main: string,
  stem: string
): string {
  const here = join(folder, stem)
  mkdirSync(here)
  writeFileSync(join(here, 'stubs.h'), KERNEL_STUBS)
  const [before = '', after = ''] = main.split('#include "my.h"')
  const local = (text: string): string => text.replace(/^#include <[^\n]*$/gm, '')
  const header = files.find((f) => f.path === 'my.h')?.text ?? ''
  writeFileSync(
    join(here, 'my.c'),
    `#include "stubs.h"\n${local(before)}${local(header)}\n#include "stubs.h"\n${local(after)}`
  )
  const flags = ['-fsyntax-only', '-std=gnu11', '-Wall', '-Wno-unused-function', '-Werror']
  const defined = ['-DCONFIG_X86_LOCAL_APIC', '-DCONFIG_SMP']
  return spawnSync('gcc', [...flags, ...defined, 'my.c'], { cwd: here, encoding: 'utf8' }).stderr
}
