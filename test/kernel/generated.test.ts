import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { runInKernel } from './machine'
import type { Sections } from './machine'
import { compare, sequencesOf } from './sequences'
import { KernelTree, MODELS, MONITORS } from './tree'

/*
 * The generated code in a kernel: built without a warning, booted, listed, run and violated; and for
 * each monitor of the kernel's own, ours of the same model beside it, saying the same.
 */

/** Monitors that exist in no kernel, with their class and what of the load violates them. */
const OWN = [
  { name: 'swake', kind: 'da', registered: 'swake', load: 'processes signals rt' },
  { name: 'setpol', kind: 'da', registered: 'setpol', load: 'policy' },
  { name: 'onrun', kind: 'ha', registered: 'onrun', load: 'hog' },
  { name: 'rtsig', kind: 'ltl', registered: 'rtsig', load: 'rtsignal' },
  { name: 'lockuse', kind: 'da', registered: 'lockuse', load: 'maps' },
  { name: 'usr1', kind: 'da', registered: 'ours:usr1', load: 'signals' }
] as const

const ALL_PARTS = 'signals rtsignal policy rt faults locks epoll deadline hog processes'

/** The kernel's own monitors, and what they watch. `brief`: of what happens all the time, a little. */
const UPSTREAM = [
  { name: 'wip', kind: 'da', parent: '', load: 'brief' },
  { name: 'wwnr', kind: 'da', parent: '', load: ALL_PARTS },
  { name: 'sco', kind: 'da', parent: 'sched', load: ALL_PARTS },
  { name: 'snroc', kind: 'da', parent: 'sched', load: ALL_PARTS },
  { name: 'scpd', kind: 'da', parent: 'sched', load: 'brief' },
  { name: 'snep', kind: 'da', parent: 'sched', load: 'brief' },
  { name: 'sts', kind: 'da', parent: 'sched', load: 'brief' },
  { name: 'nrp', kind: 'da', parent: 'sched', load: ALL_PARTS },
  { name: 'sssw', kind: 'da', parent: 'sched', load: ALL_PARTS },
  { name: 'opid', kind: 'ha', parent: 'sched', load: ALL_PARTS },
  { name: 'stall', kind: 'ha', parent: '', load: `${ALL_PARTS} hog` },
  { name: 'nomiss', kind: 'ha', parent: 'deadline', load: 'deadline hog processes' },
  { name: 'pagefault', kind: 'ltl', parent: 'rtapp', load: 'faults processes rt' },
  { name: 'sleep', kind: 'ltl', parent: 'rtapp', load: ALL_PARTS },
  { name: 'wakeup', kind: 'ltl', parent: 'rtapp', load: ALL_PARTS }
] as const

const path = (parent: string, name: string): string => (parent === '' ? name : `${parent}:${name}`)
const spec = (folder: string, name: string, kind: string): string =>
  join(folder, `${name}.${kind === 'ltl' ? 'ltl' : 'dot'}`)

let tree: KernelTree

beforeAll(() => {
  tree = new KernelTree()
})

describe('generated into a kernel tree', () => {
  test('a container and monitors that exist in no kernel', () => {
    expect(tree.generate('ours', 'container', '-D', 'monitors of this test').code).toBe(0)
    for (const { name, kind } of OWN) {
      const { code, output } = tree.generate(
        name,
        ...['monitor', '-c', kind, '-s', spec(MONITORS, name, kind)]
      )
      expect(code, output).toBe(0)
      expect(readFileSync(tree.file(name, `${name}.c`), 'utf8')).not.toContain('XXX')
    }
  })

  test('a skeleton, filled as its author would', () => {
    const { code, output } = tree.generate(
      'forks',
      ...['monitor', '-c', 'da', '-s', spec(MONITORS, 'forks', 'da'), '-t', 'global', '--skeleton']
    )
    expect(code, output).toBe(0)
    const file = tree.file('forks', 'forks.c')
    writeFileSync(file, filled(readFileSync(file, 'utf8')))
  })

  test("a second monitor of each of the kernel's models", () => {
    for (const { name, kind } of UPSTREAM) {
      const { code, output } = tree.generate(
        `my_${name}`,
        ...['monitor', '-c', kind, '-s', spec(MODELS, name, kind)]
      )
      expect(code, output).toBe(0)
    }
  })

  test('a second time, the tree stays as it is', () => {
    const before = tree.shared()
    for (const { name, kind } of OWN) {
      tree.generate(name, 'monitor', '-c', kind, '-s', spec(MONITORS, name, kind), '-f')
    }
    expect(tree.shared()).toEqual(before)
  })

  test('a KUnit test of one of them, filled as its author would', () => {
    const { code, output } = tree.generate('setpol', 'kunit')
    expect(code, output).toBe(0)
    const file = tree.file('setpol', 'setpol_kunit.c')
    writeFileSync(file, filledKunit(readFileSync(file, 'utf8')))
    tree.addKunit('setpol')
  })
})

describe('built', () => {
  test('the configuration takes every monitor', () => {
    expect(tree.configure()).toEqual([])
  })

  test('the kernel builds, warnings being errors', async () => {
    const { code, output, seconds } = await tree.make()
    expect(code, tail(output)).toBe(0)
    console.log(`built in ${seconds.toFixed(0)} s`)
  })

  test('the generated files give no warning, also of those that W=1 adds', async () => {
    const { code, output } = await tree.makeStrict()
    expect(code, tail(output)).toBe(0)
    expect(output).not.toMatch(/warning/i)
  })
})

describe('booted', () => {
  let own: Sections

  beforeAll(async () => {
    const parts = OWN.map(
      ({ name, registered, load }) => `
begin ${registered}
echo printk > rv/monitors/${registered.replace(':', '/')}/reactors
load ${load}
end ${registered}
lines | packed ${name}
`
    )
    own = await runInKernel(
      tree.image,
      `section listed
cat rv/available_monitors
begin forks
load processes
end forks
lines | packed forks
echo 30000000 > /sys/module/onrun/parameters/limit_ns
${parts.join('')}
dmesg | packed log`
    )
  })

  test('every monitor is listed, a child behind its container', () => {
    const listed = (own.get('listed') ?? '').trim().split('\n')
    for (const { registered } of OWN) expect(listed).toContain(registered)
    for (const { name, parent } of UPSTREAM) expect(listed).toContain(path(parent, `my_${name}`))
    expect(listed.slice(listed.indexOf('ours'))[1]).toBe('ours:usr1')
  })

  test.each(OWN)('$name runs, and reports its violation', ({ name }) => {
    const text = own.get(name) ?? ''
    expect(text).toMatch(new RegExp(` event_${name} `))
    expect(text).toMatch(new RegExp(` error(_env)?_${name} `))
  })

  test.each(OWN)('$name: the printk reactor says so', ({ name }) => {
    expect(own.get('log')).toMatch(new RegExp(`rv: (monitor )?${name}\\b`))
  })

  test('the filled skeleton runs', () => {
    expect(own.get('forks')).toMatch(/ event_forks some x fork -> some/)
  })

  test('the KUnit test ran when the kernel started', () => {
    expect(own.get('log')).toMatch(/ok \d+ rv_test_setpol/)
  })

  test('nothing went wrong in the kernel', () => {
    expect(own.get('log')).not.toMatch(/WARNING:|BUG:|Oops|KASAN|not ok /)
  })
})

describe("beside the kernel's own", () => {
  let both: Sections

  beforeAll(async () => {
    const parts = UPSTREAM.map(({ name, parent, load }) => {
      const pair = `${path(parent, name)} ${path(parent, `my_${name}`)}`
      return `
begin ${pair}
sh -c 'section() { echo "@@ $*"; }; section ${name}.first; echo $$'
${load === 'brief' ? 'sleep 0.2' : `load ${load}`}
end ${pair}
section ${name}.lost
lost
lines | packed ${name}
`
    })
    both = await runInKernel(
      tree.image,
      `echo 16384 > buffer_size_kb
echo 50 > /sys/module/stall/parameters/threshold_jiffies
echo 50 > /sys/module/my_stall/parameters/threshold_jiffies
${parts.join('')}
dmesg | packed log`
    )
  })

  test.each(UPSTREAM)('$name: ours says what the kernel’s says', ({ name, kind }) => {
    const text = both.get(name) ?? ''
    expect(Number(both.get(`${name}.lost`))).toBe(0)
    let [theirs, ours] = [sequencesOf(text, name), sequencesOf(text, `my_${name}`)]
    if (kind === 'ltl') {
      // The kernel's was enabled first: of older tasks it may know more.
      const first = Number(both.get(`${name}.first`))
      const young = (all: typeof theirs): typeof theirs =>
        new Map([...all].filter(([pid]) => Number(pid) > first))
      ;[theirs, ours] = [young(theirs), young(ours)]
    }
    const { instances, lines, violations, apart, differences } = compare(theirs, ours)
    console.log(
      `${name}: ${lines} lines of ${instances} instances, ${violations} violations, ${apart} lines apart`
    )
    expect(differences).toEqual([])
    expect(lines).toBeGreaterThan(10)
    // Interrupts are seldom where they matter, but for sts, which is about them: 6 % were seen.
    expect(apart / (lines + apart)).toBeLessThan(name === 'sts' ? 0.1 : 0.05)
  })

  test('nothing went wrong in the kernel', () => {
    expect(both.get('log')).not.toMatch(/WARNING:|BUG:|Oops/)
  })
})

/** The skeleton of forks.c with its marks replaced. */
function filled(skeleton: string): string {
  const tracepoints = ['task_newtask', 'sched_process_exit']
  const handlers = ['handle_fork', 'handle_exit']
  let text = skeleton
    .replace(
      /\/\* XXX: the headers[^\n]*\n/,
      '#include <trace/events/sched.h>\n#include <trace/events/task.h>\n'
    )
    .replace(
      /handle_fork\(void \*data, \/\* XXX[^\n]*\*\/\)/,
      'handle_fork(void *data, struct task_struct *task, u64 flags)'
    )
    .replace(
      /handle_exit\(void \*data, \/\* XXX[^\n]*\*\/\)/,
      'handle_exit(void *data, struct task_struct *p, bool group_dead)'
    )
  handlers.forEach((handler, i) => {
    text = text.replaceAll(
      `/* XXX: tracepoint */, ${handler}`,
      `${tracepoints[i] ?? ''}, ${handler}`
    )
  })
  // Every task's start and end leads to the one state that there is.
  return text.replaceAll('da_handle_event(', 'da_handle_start_event(')
}

/** setpol_kunit.c with a test: setting the policy twice is a violation. */
function filledKunit(skeleton: string): string {
  return skeleton
    .replace(
      /\/\* XXX: the headers[^\n]*/,
      '#include <linux/sched.h>\n#include <asm/ptrace.h>\n#include <asm/unistd.h>'
    )
    .replace(
      /(\tstruct rv_kunit_ctx[^\n]*\n)/,
      '$1\tstruct task_struct *task = rv_kunit_alloc_mock_task(test);\n\tstruct pt_regs regs = { .si = SCHED_FIFO };\n'
    )
    .replace(
      /\t\/\*\n\t \* XXX[^]*?\*\/\n/,
      `\trv_mock_current(task);
	rv_setpol_ops.handle_sched_switch(NULL, false, task, task, TASK_RUNNING);
	rv_setpol_ops.handle_sys_enter(NULL, &regs, __NR_sched_setscheduler);
	RV_KUNIT_EXPECT_REACTION_HERE(test, ctx)
		rv_setpol_ops.handle_sys_enter(NULL, &regs, __NR_sched_setscheduler);
`
    )
}

const tail = (output: string): string => output.split('\n').slice(-40).join('\n')
