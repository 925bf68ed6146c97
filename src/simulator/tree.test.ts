import { fileURLToPath } from 'node:url'
import { describe, expect, it, vi } from 'vitest'
import type { Errno } from '../engine/errno'
import { loadModels } from '../target/load-models'
import { SimulatedKernel } from './kernel'

vi.setConfig({ testTimeout: 60_000 })

const MS = 1_000_000
const { models } = await loadModels(fileURLToPath(new URL('../../models', import.meta.url)))

/** A machine with files, driven by hand. */
class World {
  readonly kernel = new SimulatedKernel({ cpus: 2, tasks: 30, seed: 5, models })

  write(path: string, text: string, mode: 'truncate' | 'append' = 'append'): string {
    try {
      this.kernel.tracefs.write(path, new TextEncoder().encode(`${text}\n`), mode)
      return 'ok'
    } catch (error) {
      return (error as Errno).code
    }
  }

  read(path: string): string {
    return new TextDecoder().decode(this.kernel.tracefs.read(path))
  }

  count(word: string, path = 'trace'): number {
    return this.read(path)
      .split('\n')
      .filter((line) => line.includes(word)).length
  }
}

describe('the tree of the simulated tracefs', () => {
  it('numbers and lists the rv events as Linux 7.3 does', () => {
    const world = new World()
    const listed = world
      .read('available_events')
      .split('\n')
      .filter((line) => line.startsWith('rv:'))
      .map((line) => line.slice(3))
    // As its tracefs shows them, from id 477.
    const kernel =
      'rv_retries_error error_wakeup event_wakeup error_sleep event_sleep error_pagefault event_pagefault ' +
      'error_env_nomiss error_nomiss event_nomiss error_env_stall error_stall event_stall error_sssw event_sssw ' +
      'error_nrp event_nrp error_snroc event_snroc error_wwnr event_wwnr error_env_opid error_opid event_opid ' +
      'error_sts event_sts error_snep event_snep error_scpd event_scpd error_sco event_sco error_wip event_wip'
    expect(listed).toEqual(kernel.split(' '))
    for (const [index, name] of listed.entries()) {
      expect(world.read(`events/rv/${name}/id`)).toBe(`${477 + index}\n`)
      expect(world.read(`events/rv/${name}/format`)).toContain(`ID: ${477 + index}\n`)
    }
  })

  it('stops and starts tracing at an event, so often as it was told', () => {
    const world = new World()
    world.write('events/sched/sched_switch/enable', '1')
    expect(world.write('events/irq_vectors/local_timer_entry/trigger', 'traceoff:1')).toBe('ok')
    expect(world.read('events/irq_vectors/local_timer_entry/trigger')).toBe('traceoff:count=1\n')
    expect(world.write('events/irq_vectors/local_timer_entry/trigger', 'traceoff')).toBe('EEXIST')
    expect(world.write('events/irq_vectors/local_timer_entry/trigger', 'nonsense')).toBe('EINVAL')
    world.kernel.advance(20 * MS)
    expect(world.read('tracing_on')).toBe('0\n')
    const before = world.count('sched_switch')
    expect(before).toBeGreaterThan(0)
    world.kernel.advance(20 * MS)
    expect(world.count('sched_switch')).toBe(before)
    // It has acted once: tracing that is switched on stays on.
    world.write('tracing_on', '1')
    world.kernel.advance(20 * MS)
    expect(world.read('tracing_on')).toBe('1\n')
    world.write('tracing_on', '0')
    world.write('events/sched/sched_waking/trigger', 'traceon if pid > 0')
    world.kernel.advance(20 * MS)
    expect(world.read('tracing_on')).toBe('1\n')
    expect(world.write('events/sched/sched_waking/trigger', '!traceon')).toBe('ok')
    // As a kernel does: what is not there needs no removing.
    expect(world.write('events/sched/sched_waking/trigger', '!traceon')).toBe('ok')
    expect(world.read('show_event_triggers')).toBe(
      'irq_vectors:local_timer_entry\ttraceoff:count=0\n'
    )
  })

  it('records the stack behind an event, in the same instance and so often as it was told', () => {
    const world = new World()
    world.kernel.tracefs.mkdir('instances/mine')
    const trigger = 'instances/mine/events/rv/event_wwnr/trigger'
    expect(world.write(trigger, 'stacktrace:2')).toBe('ok')
    expect(world.write(trigger, 'stacktrace')).toBe('EEXIST')
    expect(world.read(trigger)).toBe('stacktrace:count=2\n')
    world.write('instances/mine/events/rv/event_wwnr/enable', '1')
    world.write('rv/enabled_monitors', 'wwnr')
    world.kernel.advance(20 * MS)
    expect(world.count('event_wwnr', 'instances/mine/trace')).toBeGreaterThan(2)
    expect(world.count('<stack trace>', 'instances/mine/trace')).toBe(2)
    expect(world.count('<stack trace>')).toBe(0)
    const lines = world.read('instances/mine/trace').split('\n')
    const at = lines.findIndex((line) => line.includes('<stack trace>'))
    // Behind the event, of the same task on the same CPU.
    expect(lines[at - 1]).toContain('event_wwnr: ')
    expect(lines[at]?.slice(0, 30)).toBe(lines[at - 1]?.slice(0, 30))
    expect(lines[at + 1]).toBe(' => trace_event_buffer_commit')
    expect(lines[at + 2]).toBe(' => trace_event_raw_event_event_da_monitor_id')
    expect(world.read(trigger)).toBe('stacktrace:count=0\n')
    expect(world.write(trigger, '!stacktrace')).toBe('ok')
    expect(world.read(trigger)).toBe('# Available triggers:\n# traceon traceoff stacktrace hist\n')
  })

  it('counts by key, keeps what the latest of a key had, and holds its instance then', () => {
    const world = new World()
    world.kernel.tracefs.mkdir('instances/mine')
    const folder = 'instances/mine/events/rv/event_wip'
    const count = 'hist:keys=common_cpu,state:size=64 if event=="preempt_disable"'
    expect(world.write(`${folder}/trigger`, 'hist:keys=common_cpu,state,event,next_state')).toBe(
      'EINVAL'
    )
    expect(world.write(`${folder}/trigger`, count)).toBe('EINVAL')
    expect(world.write(`${folder}/trigger`, count.replace('64', '100'), 'append')).toBe('ok')
    expect(world.write(`${folder}/trigger`, count.replace('64', '100'), 'append')).toBe('EEXIST')
    const latest =
      'hist:keys=common_cpu:t=common_timestamp:onmax($t).save(state,event,next_state):size=128:clock=local'
    expect(world.write(`${folder}/trigger`, latest, 'append')).toBe('ok')
    expect(world.read(`${folder}/trigger`)).toBe(
      'hist:keys=common_cpucommon_cpu,state:vals=hitcount:sort=hitcount:size=128 if event=="preempt_disable" [active]\n' +
        'hist:keys=common_cpucommon_cpu:vals=hitcount:t=common_timestamp:sort=hitcount:size=128:clock=local:onmax($t).save(state,event,next_state) [active]\n'
    )
    world.write('events/rv/event_wip/enable', '1')
    world.write('rv/enabled_monitors', 'wip')
    world.kernel.advance(20 * MS)
    const lines = world
      .read('trace')
      .split('\n')
      .filter((line) => line.includes(': event_wip: ') && line.includes(' [000] '))
    const hist = world.read(`${folder}/hist`)
    const disabled = lines.filter((line) => line.includes(' x preempt_disable -> ')).length
    expect(hist).toContain(
      `{ common_cpu:          0, state: ${'preemptive'.padEnd(50)} } hitcount: ${String(disabled).padStart(10)}\n`
    )
    const [, us = '', state = '', event = '', next = ''] =
      /([\d.]+): event_wip: (\w+) x (\w+) -> (\w+)/.exec(lines.at(-1) ?? '') ?? []
    const [, max = '', ...saved] =
      /\{ common_cpu: {10}0 \} hitcount: +\d+\n\tmax: +(\d+) {2}state: (\w+) +event: (\w+) +next_state: (\w+) *\n/.exec(
        hist
      ) ?? []
    expect(saved).toEqual([state, event, next])
    expect((Number(max) / 1e9).toFixed(6)).toBe(us)
    // Nothing of it was recorded in its instance.
    expect(world.count('event_wip', 'instances/mine/trace')).toBe(0)
    expect(() => world.kernel.tracefs.rmdir('instances/mine')).toThrow()
    expect(world.write(`${folder}/trigger`, `!${latest}`, 'append')).toBe('ok')
    world.kernel.tracefs.rmdir('instances/mine')
  })

  it('says what is wrong with a filter where it was written, and filters nothing then', () => {
    const world = new World()
    const filter = 'events/rv/event_wip/filter'
    expect(world.write(filter, 'state==foo')).toBe('EINVAL')
    // The kernel's words, and its arrow.
    expect(world.read(filter)).toBe(
      'state==foo\n        ^\nparse_error: Invalid value (did you forget quotes)?\n\n'
    )
    expect(world.write(filter, 'foo==1')).toBe('EINVAL')
    expect(world.read(filter)).toBe('foo==1\n    ^\nparse_error: Field not found\n\n')
    expect(world.write(filter, '0')).toBe('ok')
    expect(world.read(filter)).toBe('none\n')
    expect(world.write('events/rv/filter', 'id == 1')).toBe('ok')
    expect(world.read('events/rv/event_wwnr/filter')).toBe('id == 1\n')
    expect(world.read(filter)).toContain(
      "Couldn't find or set field in one of a subsystem's events"
    )
    expect(world.write('events/rv/filter', '0')).toBe('ok')
    expect(world.read('events/rv/event_wwnr/filter')).toBe('none\n')
  })

  it('keeps only what globs, formulas and CPUs ask for', () => {
    const world = new World()
    world.write('events/sched/sched_switch/enable', '1')
    expect(
      world.write('events/sched/sched_switch/filter', 'next_comm ~ "k*" || prev_state == 0x100')
    ).toBe('ok')
    world.write('events/rv/event_sleep/enable', '1')
    world.write('events/rv/event_sleep/filter', 'comm ~ "*c*" && pid > 0')
    world.write('rv/enabled_monitors', 'rtapp:sleep')
    expect(world.write('tracing_cpumask', '2')).toBe('ok')
    expect(world.write('tracing_cpumask', '8')).toBe('EINVAL')
    world.kernel.advance(100 * MS)
    const lines = world
      .read('trace')
      .split('\n')
      .filter((line) => line.includes(': '))
    expect(lines.filter((line) => line.includes('sched_switch')).length).toBeGreaterThan(0)
    for (const line of lines.filter((one) => /sched_switch|event_/.test(one))) {
      expect(line).toMatch(/ \[001\] .*(next_comm=k|prev_state=R\+|event_sleep: \S*c\S*\[)/)
    }
  })

  it('sizes buffers in sub-buffers, and without overwrite keeps the oldest', () => {
    const world = new World()
    expect(world.read('buffer_size_kb')).toBe('1410\n')
    expect(world.write('buffer_size_kb', '5')).toBe('ok')
    expect(world.read('buffer_size_kb')).toBe('7\n')
    expect(world.read('buffer_total_size_kb')).toBe('14\n')
    expect(world.write('per_cpu/cpu0/buffer_size_kb', '8')).toBe('ok')
    expect([world.read('per_cpu/cpu0/buffer_size_kb'), world.read('buffer_size_kb')]).toEqual([
      '11\n',
      'X\n'
    ])
    expect(world.write('buffer_size_kb', '0')).toBe('EINVAL')
    expect(world.write('trace_options', 'nooverwrite')).toBe('ok')
    expect(world.read('options/overwrite')).toBe('0\n')
    world.write('events/preemptirq/enable', '1')
    world.kernel.advance(20 * MS)
    const first = world.read('per_cpu/cpu0/trace').split('\n').at(-2)
    world.kernel.advance(20 * MS)
    expect(world.read('per_cpu/cpu0/trace').split('\n').at(-2)).toBe(first)
    expect(world.read('per_cpu/cpu0/stats')).toMatch(/overrun: 0\n[^]*dropped events: [1-9]/)
  })

  it('refuses options, clocks and tracers that it does not have', () => {
    const world = new World()
    for (const path of [
      'trace_options',
      'trace_clock',
      'current_tracer',
      'set_event',
      'buffer_percent'
    ]) {
      expect([path, world.write(path, 'nonsense')]).toEqual([path, 'EINVAL'])
    }
    expect(world.write('options/overwrite', '2')).toBe('EINVAL')
    expect(world.write('trace_clock', 'global')).toBe('ok')
    expect(world.read('trace_clock')).toMatch(/^local \[global\] counter/)
    expect(world.write('tracing_on', '2')).toBe('ok')
    expect(world.read('tracing_on')).toBe('1\n')
  })

  it('knows the names of the tasks that it recorded', () => {
    const world = new World()
    expect(world.read('saved_cmdlines')).toBe('')
    world.write('events/sched/sched_switch/enable', '1')
    world.kernel.advance(50 * MS)
    const saved = new Set(world.read('saved_cmdlines').trim().split('\n'))
    const seen = [...world.read('trace').matchAll(/^ *(\S+)-([1-9]\d*) /gm)]
    expect(seen.length).toBeGreaterThan(0)
    for (const [, comm, pid] of seen) expect(saved).toContain(`${pid!} ${comm!}`)
  })
})
