import { describe, expect, it, vi } from 'vitest'
import type { Errno } from '../engine/errno'
import { automaton, definition } from '../engine/testing/models'
import type { AutomatonModel } from '../model/load'
import { SimulatedKernel } from './kernel'

// Seconds of virtual time take a while on a busy machine.
vi.setConfig({ testTimeout: 60_000 })

const MS = 1_000_000
const decoder = new TextDecoder()
const encoder = new TextEncoder()

const drawing = automaton('wip', [
  'preemptive preempt_disable non_preemptive',
  'non_preemptive preempt_enable preemptive',
  'non_preemptive sched_waking non_preemptive'
])
const wip: AutomatonModel = {
  kind: 'automaton',
  name: 'wip',
  automaton: drawing,
  source: '',
  instrumentation: definition(drawing, 'per_cpu', [
    'preempt_disable handle_event preempt_disable',
    'preempt_enable handle_start_event preempt_enable',
    'sched_waking handle_event sched_waking'
  ]).instrumentation
}

const boot = (cpus = 4): SimulatedKernel =>
  new SimulatedKernel({ cpus, tasks: 24, seed: 1, models: [wip] })
const write = (
  kernel: SimulatedKernel,
  path: string,
  text: string,
  mode: 'truncate' | 'append' = 'truncate'
): void => kernel.tracefs.write(path, encoder.encode(text), mode)
const read = (kernel: SimulatedKernel, path: string): string =>
  decoder.decode(kernel.tracefs.read(path))

function codeOf(act: () => unknown): string {
  try {
    act()
  } catch (error) {
    return (error as Errno).code
  }
  return 'none'
}

describe('the simulated tracefs', () => {
  it('has the files of a kernel, at the top and in instances', () => {
    const kernel = boot()
    kernel.tracefs.mkdir('instances/panel')
    const names = (path: string): string[] => kernel.tracefs.list(path).map(({ name }) => name)
    expect(names('')).toEqual(
      expect.arrayContaining(['rv', 'events', 'instances', 'trace', 'trace_pipe', 'tracing_on'])
    )
    expect(names('instances')).toEqual(['panel'])
    expect(names('instances/panel')).toEqual(
      expect.arrayContaining([
        'events',
        'trace',
        'trace_pipe',
        'per_cpu',
        'set_event_notrace_pid',
        'buffer_size_kb'
      ])
    )
    // rv/ is at the top only.
    expect(names('instances/panel')).not.toContain('rv')
    // A linker section is filled from its end: the last event that is defined comes first.
    expect(names('events/rv')).toEqual([
      'enable',
      'filter',
      'rv_retries_error',
      'error_wip',
      'event_wip'
    ])
    expect(read(kernel, 'events/rv/event_wip/format')).toContain(
      '\tfield:__data_loc char[] next_state;'
    )
    expect(read(kernel, 'rv/monitors/wip/enable')).toBe('0\n\0')
  })

  it('refuses as a kernel does', () => {
    const kernel = boot()
    const { tracefs } = kernel
    expect(codeOf(() => tracefs.read('nothing'))).toBe('ENOENT')
    expect(codeOf(() => tracefs.read('rv'))).toBe('EISDIR')
    expect(codeOf(() => tracefs.list('trace'))).toBe('ENOTDIR')
    expect(codeOf(() => write(kernel, 'tracing_on', 'yes'))).toBe('EINVAL')
    expect(codeOf(() => tracefs.mkdir('rv/x'))).toBe('EPERM')
    expect(codeOf(() => tracefs.rmdir('instances/x'))).toBe('ENOENT')
    tracefs.mkdir('instances/x')
    expect(codeOf(() => tracefs.mkdir('instances/x'))).toBe('EEXIST')
    const pipe = tracefs.openPipe('instances/x/trace_pipe')
    expect(codeOf(() => tracefs.rmdir('instances/x'))).toBe('EBUSY')
    pipe.close()
    tracefs.rmdir('instances/x')
    expect(codeOf(() => tracefs.list('instances/x'))).toBe('ENOENT')
  })

  it('writes the lines of a kernel', () => {
    const kernel = boot()
    write(kernel, 'rv/monitors/wip/enable', '1')
    for (const system of ['rv', 'sched', 'preemptirq', 'irq'])
      write(kernel, `events/${system}/enable`, '1')
    kernel.advance(100 * MS)
    const lines = read(kernel, 'trace')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
    expect(lines.length).toBeGreaterThan(1_000)
    for (const line of lines) {
      expect(line).toMatch(
        /^.{16}-\d+ +\[\d{3}\] [dDb.][N.][hHs.][1-9a-f.][1-9.] {1,5}\d+\.\d{6}: \w+: \S/
      )
    }
    const some = (pattern: RegExp): void =>
      expect(
        lines.some((line) => pattern.test(line)),
        String(pattern)
      ).toBe(true)
    some(/ \.\.\.11 .*: event_wip: preemptive x preempt_disable -> non_preemptive$/)
    some(/ \.\.\.11 .*: event_wip: non_preemptive x preempt_enable -> preemptive \(final\)$/)
    some(/ \.\.\.1\. .*: preempt_enable: caller=preempt_count_sub\+0x15\/0x20 parent=/)
    some(
      /^ {10}<idle>-0 {7}\[\d{3}\] d\.\.2\. .*: sched_switch: prev_comm=swapper\/\d prev_pid=0 prev_prio=120 prev_state=R ==> next_comm=/
    )
    some(/: sched_wakeup: comm=stress-ng-pipe pid=\d+ prio=120 target_cpu=00\d$/)
    some(/ d\.h1?\.?.*: irq_handler_entry: irq=\d+ name=(nvme0q|eth0-rx-)\d$/)
  })

  it('counts every record that was overwritten, and says so in trace_pipe', () => {
    const kernel = boot(2)
    const full = boot(2)
    write(full, 'buffer_size_kb', '65536')
    write(kernel, 'buffer_size_kb', '8')
    for (const one of [kernel, full]) {
      write(one, 'events/sched/enable', '1')
      one.advance(500 * MS)
    }
    const text = read(full, 'trace')
    const stats = (cpu: number, name: string): number =>
      Number(
        new RegExp(`^${name}: (\\d+)$`, 'm').exec(read(kernel, `per_cpu/cpu${cpu}/stats`))?.[1]
      )
    const overruns = [0, 1].map((cpu) => stats(cpu, 'overrun'))
    for (const cpu of [0, 1]) {
      const all = text.split('\n').filter((line) => line.includes(` [00${cpu}] `))
      expect(overruns[cpu]).toBeGreaterThan(0)
      expect(stats(cpu, 'entries') + (overruns[cpu] ?? 0)).toBe(all.length)
      // The newest ones are kept.
      expect(read(kernel, `per_cpu/cpu${cpu}/trace`).trimEnd().split('\n').at(-1)).toBe(all.at(-1))
    }
    const pipe = kernel.tracefs.openPipe('trace_pipe')
    const lost = decoder
      .decode(pipe.read(1 << 20))
      .split('\n')
      .filter((line) => line.startsWith('CPU:'))
    expect(lost.sort()).toEqual(overruns.map((count, cpu) => `CPU:${cpu} [LOST ${count} EVENTS]`))
    pipe.close()
  })

  it('reads trace_pipe in any pieces, and once', () => {
    const kernel = boot()
    kernel.tracefs.mkdir('instances/other')
    for (const path of ['', 'instances/other/']) write(kernel, `${path}events/sched/enable`, '1')
    kernel.advance(30 * MS)
    const whole = kernel.tracefs.openPipe('trace_pipe')
    const pieces = kernel.tracefs.openPipe('instances/other/trace_pipe')
    let text = ''
    for (let i = 0; pieces.readable(); i++)
      text += decoder.decode(pieces.read(1 + ((i * 37) % 500)))
    expect(text).toBe(decoder.decode(whole.read(1 << 22)))
    expect(whole.readable()).toBe(false)
    expect(whole.read(100)).toHaveLength(0)
    whole.close()
    pieces.close()
  })

  it('leaves out what a pid, a filter or tracing_on excludes', () => {
    const kernel = boot()
    write(kernel, 'events/sched/enable', '1')
    write(kernel, 'set_event_notrace_pid', '0')
    kernel.advance(50 * MS)
    expect(read(kernel, 'trace')).not.toContain('<idle>-0')
    write(kernel, 'trace', '')
    write(kernel, 'set_event_notrace_pid', '')
    write(kernel, 'events/sched/sched_switch/filter', 'next_comm == "nginx" || next_prio < 100')
    write(kernel, 'set_event', 'sched:sched_switch')
    kernel.advance(100 * MS)
    const lines = read(kernel, 'trace')
      .split('\n')
      .filter((line) => line.includes('sched_switch'))
    expect(lines.length).toBeGreaterThan(0)
    for (const line of lines) expect(line).toMatch(/next_comm=nginx|next_prio=-?\d{1,2}$/)
    expect(codeOf(() => write(kernel, 'events/sched/sched_switch/filter', 'nonsense ~~'))).toBe(
      'EINVAL'
    )
    write(kernel, 'tracing_on', '0')
    const before = read(kernel, 'trace')
    kernel.advance(100 * MS)
    expect(read(kernel, 'trace')).toBe(before)
  })

  it('begins the kernel log with the boot', () => {
    const log = boot().tracefs.openKmsg()
    expect(decoder.decode(log.read(4096))).toMatch(
      /^5,0,0,-;Linux version .*\n(\d,\d+,\d+,-;.*\n){5,}$/
    )
    expect(log.readable()).toBe(false)
  })
})
