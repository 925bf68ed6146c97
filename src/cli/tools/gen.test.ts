import { cp, mkdir, mkdtemp, readFile, readdir, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { MODELS as models, rvpanel as runRvpanel } from './testing'
import type { Outcome } from './testing'

const home = process.cwd()

/* The commands write into the current folder, so each test has one of its own. */
let folder: string
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'rvpanel-gen-')))
  await cp(join(models, 'wip.dot'), join(folder, 'wip.dot'))
  process.chdir(folder)
})
afterEach(async () => {
  process.chdir(home)
  await rm(folder, { recursive: true })
})

const rvpanel = (args: readonly string[], answer?: string): Promise<Outcome> =>
  runRvpanel(args, { ask: () => Promise.resolve(answer) })

const gen = (args: string): Promise<Outcome> => rvpanel(['gen', ...args.split(' ')])
const DA = 'monitor -c da -s wip.dot -t per_cpu'

/** A kernel tree as far as monitors are concerned. */
async function makeTree(): Promise<string> {
  const rv = join(folder, 'linux/kernel/trace/rv')
  await mkdir(join(rv, 'monitors'), { recursive: true })
  await writeFile(
    join(rv, 'rv_trace.h'),
    '// Add new monitors based on CONFIG_DA_MON_EVENTS_IMPLICIT here\n'
  )
  await writeFile(join(rv, 'Makefile'), '# Add new monitors here\n')
  await writeFile(join(rv, 'Kconfig'), '# Add new monitors here\n')
  return rv
}

/** Every file below the folder with its text. */
async function snapshot(path = folder): Promise<Record<string, string>> {
  const names = await readdir(path, { recursive: true, withFileTypes: true })
  const files = names.filter((one) => one.isFile()).map((one) => join(one.parentPath, one.name))
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8')))
  return Object.fromEntries(files.map((file, i) => [file, texts[i] ?? '']))
}

describe('gen monitor', () => {
  it('writes the files into a folder, and says what is left to do', async () => {
    const { code, out } = await gen(DA)
    expect(code).toBe(0)
    expect((await readdir('wip')).sort()).toEqual(['Kconfig', 'wip.c', 'wip.h', 'wip_trace.h'])
    expect(out).toContain('Opening and parsing the specification file wip.dot\n')
    expect(out).toContain('Writing the monitor into the directory wip\n')
    expect(out).toContain('obj-$(CONFIG_RV_MON_WIP) += monitors/wip/wip.o\n')
    expect(out).toContain('DA_MON_EVENTS_IMPLICIT')
  })

  it('takes the long options too', async () => {
    const { code } = await gen(
      'monitor --class da --spec wip.dot --monitor_type global --model_name other --parent box --description text'
    )
    expect(code).toBe(0)
    expect(await readFile('other/other.c', 'utf8')).toContain('.description = "text",')
  })

  it('takes a file of any name where the monitor has one', async () => {
    await cp('wip.dot', 'model.txt')
    expect((await gen('monitor -c da -s model.txt -t per_cpu -n other')).code).toBe(0)
    await cp(join(models, 'pagefault.ltl'), 'rule')
    const { code, err } = await gen('monitor -c ltl -s rule -t per_task -n pf')
    expect([code, err]).toEqual([0, ''])
    expect(await readFile('pf/pf.h', 'utf8')).toContain('LTL_PAGEFAULT,')
  })

  it('overwrites nothing unless it is told to', async () => {
    await gen(DA)
    const again = await gen(DA)
    expect(again.code).toBe(0)
    await writeFile('wip/wip.c', 'the work of a day')
    const before = await snapshot()
    const { code, err } = await gen(DA)
    expect(code).toBe(1)
    expect(err).toContain('wip/wip.c would be overwritten, and nothing was written')
    expect(await snapshot()).toEqual(before)
    expect((await gen(`${DA} --force`)).code).toBe(0)
    expect(await readFile('wip/wip.c', 'utf8')).toContain('MODULE_NAME "wip"')
  })

  it('completes the handlers from the YAML file beside the model', async () => {
    await cp(join(models, 'wip.yaml'), 'wip.yaml')
    const { code, out } = await gen('monitor -c da -s wip.dot')
    expect(code).toBe(0)
    expect(out).not.toContain('XXX')
    const main = await readFile('wip/wip.c', 'utf8')
    expect(main).not.toContain('XXX')
    expect(main).toContain('rv_attach_trace_probe("wip", preempt_disable, ')
    expect((await gen(`${DA} -n bare --skeleton`)).code).toBe(0)
    expect(await readFile('bare/bare.c', 'utf8')).toContain('XXX')
    const other = await gen('monitor -c da -s wip.dot -t per_task -n other')
    expect(other.code).toBe(1)
    expect(other.err).toContain('"wip.yaml" has handlers of a per_cpu monitor')
  })

  it.each([
    ['nomiss', 'ha', 'per_obj'],
    ['nrp', 'da', 'per_task']
  ])('says that nothing starts %s only where no handler does', async (name, kind, type) => {
    const args = `monitor -c ${kind} -s ${join(models, `${name}.dot`)}`
    expect(await gen(args)).toMatchObject({ code: 0, err: '' })
    const bare = await gen(`${args} -t ${type} -n bare --skeleton`)
    expect(bare.code).toBe(0)
    expect(bare.err).toContain('[no-start-event]')
  })

  it.each([
    ['monitor -s wip.dot -t per_cpu', 2, 'the following arguments are required: -c/--class'],
    ['monitor -c da -t per_cpu', 2, 'the following arguments are required: -s/--spec'],
    ['monitor -c da -s wip.dot', 2, 'the following arguments are required: -t/--monitor_type'],
    ['monitor -c da -s wip.dot -t per_cp', 2, '--monitor_type expects one of global, per_cpu'],
    ['monitor -c no -s wip.dot -t per_cpu', 1, 'Unknown monitor class: "no"'],
    [
      'monitor -c ha -s wip.dot -t per_cpu',
      1,
      "Detected deterministic automaton, use the 'da' class"
    ],
    ['monitor -c da -s no.dot -t per_cpu', 1, 'no.dot cannot be read: No such file or directory'],
    ['monitor -c da -s /dev/zero.dot -t per_cpu', 1, 'No such file or directory'],
    ['monitor -c da -s wip -t per_cpu', 1, 'wip is no model'],
    [`${DA} -n ../../x`, 1, 'The name `../../x` is not one the kernel can use'],
    [`${DA} -n int`, 1, 'The name `int` is a word of C'],
    [`${DA} -p $(id)`, 1, 'The parent: The name `$(id)`'],
    [`${DA} -i no.yaml`, 1, 'no.yaml cannot be read'],
    [`${DA} -i x.yaml --skeleton`, 2, 'expected one of them'],
    [`${DA} --tree linux`, 2, 'expected both'],
    [`${DA} -a --tree /proc`, 1, '--tree "/proc" is no source tree of a kernel'],
    ['container', 2, 'the following arguments are required: -n/--model_name'],
    ['container -n a/b', 1, 'The name `a/b` is not one'],
    ['kunit', 2, 'the following arguments are required: -n/--model_name'],
    ['kunit -l -n no', 1, "Could not find monitor C file for 'no'"]
  ])('gen %s: exit code %i, and nothing written', async (args, code, message) => {
    const before = await snapshot()
    const found = await gen(args)
    expect(found.err).toContain(message)
    expect(found.err).not.toMatch(/\n.*\n/)
    expect(found.code).toBe(code)
    expect(await snapshot()).toEqual(before)
  })

  it('stops at what is wrong with the model', async () => {
    await writeFile('bad.dot', 'digraph { "a" [label = "a"] }')
    const { code, err } = await gen('monitor -c da -s bad.dot -t per_cpu')
    expect(code).toBe(1)
    expect(err).toContain("bad.dot:1:1: error: The automaton doesn't have an initial state")
    expect(await readdir('.')).toEqual(['bad.dot', 'wip.dot'])
  })
})

describe('gen -a', () => {
  it('writes into the tree that the current folder is in, and nothing the second time', async () => {
    const rv = await makeTree()
    await mkdir(join(folder, 'linux/tools'))
    process.chdir(join(folder, 'linux/tools'))
    const first = await gen('monitor -c da -s ../../wip.dot -t per_cpu -a')
    expect(first.code).toBe(0)
    expect(first.out).toContain('rv_trace.h: #include <monitors/wip/wip_trace.h>\n')
    expect(await readFile(join(rv, 'Makefile'), 'utf8')).toBe(
      'obj-$(CONFIG_RV_MON_WIP) += monitors/wip/wip.o\n# Add new monitors here\n'
    )
    expect(await readdir(join(rv, 'monitors/wip'))).toHaveLength(4)
    const before = await snapshot()
    const second = await gen('monitor -c da -s ../../wip.dot -t per_cpu -a')
    expect(second.code).toBe(0)
    expect(second.out).toContain('Nothing had to change')
    expect(await snapshot()).toEqual(before)
  })

  it('writes all or nothing', async () => {
    const rv = await makeTree()
    await writeFile(join(rv, 'Kconfig'), '')
    const before = await snapshot()
    const { code, err } = await gen(`${DA} -a --tree linux`)
    expect(code).toBe(1)
    expect(err).toContain('kernel/trace/rv/Kconfig has no line `# Add new monitors here`')
    expect(await snapshot()).toEqual(before)
  })

  it('nests a monitor in a container that it made', async () => {
    const rv = await makeTree()
    expect((await gen('container -n box -a --tree linux')).code).toBe(0)
    expect((await gen(`${DA} -p box -a --tree linux`)).code).toBe(0)
    expect(await readFile(join(rv, 'Kconfig'), 'utf8')).toBe(
      'source "kernel/trace/rv/monitors/box/Kconfig"\nsource "kernel/trace/rv/monitors/wip/Kconfig"\n' +
        '# Add new box monitors here\n\n# Add new monitors here\n'
    )
  })
})

describe('gen kunit', () => {
  it('makes a test of the handlers, and keeps what it replaces', async () => {
    await gen(DA)
    const shown = await gen('kunit -l -n wip')
    expect(shown.out).toContain('Append the following to wip.c:\n\n#if IS_ENABLED(')
    const { code, out } = await gen('kunit -l -a -n wip')
    expect(code).toBe(0)
    expect(out).toContain('Now complete the test and add it to rv_monitors_test.c\n')
    expect(await readFile('wip/wip.c', 'utf8')).toContain('.handle_preempt_disable = handle_')
    await writeFile('wip/wip_kunit.c', 'the test of a day')
    const again = await gen('kunit -l -a -n wip')
    expect(again.out).toContain('KUnit file(s) already exist')
    expect(again.out).toContain('backing up existing files')
    expect(await readFile('wip/wip_kunit.c.old', 'utf8')).toBe('the test of a day')
    const main = await readFile('wip/wip.c', 'utf8')
    expect(main.match(/EXPORT_SYMBOL_IF_KUNIT/g)).toHaveLength(1)
  })

  it('keeps nothing where the answer is no', async () => {
    await gen(DA)
    await gen('kunit -l -n wip')
    await writeFile('wip/wip_kunit.c', 'old')
    await rvpanel(['gen', 'kunit', '-l', '-n', 'wip'], 'n')
    expect(await readdir('wip')).not.toContain('wip_kunit.c.old')
  })
})

describe('dot2c and c2dot', () => {
  it('are each the reverse of the other', async () => {
    const c = await rvpanel(['dot2c', 'wip.dot'])
    await writeFile('wip.h', c.out)
    const { code, out } = await rvpanel(['c2dot', 'wip.h'])
    expect(code).toBe(0)
    await writeFile('again.dot', out)
    expect((await rvpanel(['dot2c', 'again.dot'])).out).toBe(c.out)
  })

  it('read the guards of a hybrid automaton beside its header', async () => {
    await gen(`monitor -c ha -s ${join(models, 'stall.dot')} -t per_task --skeleton`)
    const whole = await rvpanel(['c2dot', 'stall/stall.h'])
    expect(whole.code).toBe(0)
    expect(whole.out).toContain('enqueued\\nclk<threshold_jiffies')
    await rm('stall/stall.c')
    const bare = await rvpanel(['c2dot', 'stall/stall.h'])
    expect(bare.code).toBe(1)
    expect(bare.err).toContain('warning: This is a hybrid automaton with `clk`')
    expect(bare.out).not.toContain('threshold_jiffies')
  })

  it('are read by the other commands too', async () => {
    await gen(`${DA} -n other`)
    const same = await rvpanel(['diff', 'wip.dot', 'other/other.h'])
    expect([same.code, same.out]).toEqual([0, 'wip.dot and other/other.h are equivalent.\n'])
    // A transition less: waking is a violation now.
    const header = await readFile('other/other.h', 'utf8')
    const changed = header.replace('non_preemptive_other },', 'INVALID_STATE },')
    expect(changed).not.toBe(header)
    await writeFile('other/other.h', changed)
    const different = await rvpanel(['diff', 'wip.dot', 'other/other.h'])
    expect(different.code).toBe(1)
    expect(different.out).toMatch(/preempt_disable .*\n +sched_waking +non_preemptive +refused\n/)
    const bad = await rvpanel(['diff', 'wip.dot', 'other/other_trace.h'])
    expect(bad.code).toBe(1)
    expect(bad.err).toContain('other_trace.h:1:1: error: The file defines no automaton')
  })

  it('say what they cannot read', async () => {
    await writeFile('x.h', '\0\u{fffd}\u{1}')
    const { code, err } = await rvpanel(['c2dot', 'x.h'])
    expect(code).toBe(1)
    expect(err).toContain('x.h:1:1: error: ')
    expect((await rvpanel(['dot2c', 'x.txt'])).err).toContain('expected a model')
  })
})
