import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import type { MonitorModel } from '../../model/load'
import { loadModels } from '../../target/load-models'
import { createTraceDecoder } from '../../trace'
import { Replay, type ReplayOptions } from './replay'

const MODELS = fileURLToPath(new URL('../../../models', import.meta.url))
let models: readonly MonitorModel[] = []
beforeAll(async () => {
  models = (await loadModels(MODELS)).models
})

/** A replay whose verdicts are lines. */
class Bench {
  readonly said: string[] = []
  readonly replay: Replay
  private readonly decoder = createTraceDecoder()

  constructor(options: Partial<ReplayOptions> = {}) {
    const word = (monitor: number, list: 'states' | 'events', index: number): string =>
      index < 0 ? 'none' : (this.replay.monitors[monitor]?.automaton?.[list][index] ?? '?')
    const head = (monitor: number, id: number): string =>
      `${this.replay.monitors[monitor]?.name ?? '?'} ${id}`
    this.replay = new Replay({
      models,
      cpus: 4,
      tick: 1_000_000,
      printk: (level, text) => this.said.push(`printk ${level} ${text.trim()}`),
      trace: {
        event: (m, id, state, event, next) => {
          const [from, by, to] = [word(m, 'states', state), word(m, 'events', event), next]
          this.said.push(`${head(m, id)}: ${from} x ${by} -> ${word(m, 'states', to)}`)
        },
        error: (m, id, state, event) =>
          this.said.push(
            `${head(m, id)}: ${word(m, 'states', state)} refuses ${word(m, 'events', event)}`
          ),
        errorEnv: (m, id, state, event, env) =>
          this.said.push(
            `${head(m, id)}: ${word(m, 'states', state)} refuses ${word(m, 'events', event)} with ${env}`
          ),
        retries: () => this.said.push('retries'),
        ltlEvent: (m, task, states, atoms, next) =>
          this.said.push(`${head(m, this.replay.pidOf(task))}: ${states} x ${atoms} -> ${next}`),
        ltlError: (m, task) =>
          this.said.push(
            `${head(m, this.replay.pidOf(task))} ${this.replay.commOf(task)}: violated`
          )
      },
      ...options
    })
  }

  /** Gives it lines of a trace, and takes what it said. */
  feed(...lines: readonly string[]): string[] {
    const bytes = new TextEncoder().encode(lines.map((line) => `${line}\n`).join(''))
    this.decoder.decode(bytes, (batch) => this.replay.feed(batch))
    return this.said.splice(0)
  }
}

/** A line of a task on CPU 1. */
const line = (time: string, rest: string, { pid = 7, flags = 'd..2.', cpu = 1 } = {}): string =>
  `              sh-${pid}       [00${cpu}] ${flags} ${time}: ${rest}`
const switched = (from: string, to: string): string => `sched_switch: ${from} ==> ${to}`
const out = (pid: number, state: string, prio = 120): string =>
  `prev_comm=a b prev_pid=${pid} prev_prio=${prio} prev_state=${state}`
const into = (pid: number, prio = 120): string =>
  `next_comm=x ==> y next_pid=${pid} next_prio=${prio}`
const woken = (pid: number, prio = 120): string =>
  `sched_wakeup: comm=c pid=${pid} prio=${prio} target_cpu=001`

describe('a replay', () => {
  it('runs what a stock kernel can record, and names what is missing for the others', () => {
    const { replay } = new Bench()
    const names = replay.monitors.map(({ name }) => name).sort()
    expect(names).toEqual(['pagefault', 'stall', 'wakeup', 'wip', 'wwnr'])
    const left = new Map(replay.notReplayed.map(({ monitor, missing }) => [monitor, missing]))
    expect([...left.keys()].sort()).toEqual([
      'nomiss',
      'nrp',
      'opid',
      'sco',
      'scpd',
      'sleep',
      'snep',
      'snroc',
      'sssw',
      'sts'
    ])
    for (const missing of left.values()) {
      for (const tracepoint of missing) expect(tracepoint).toMatch(/_tp$/)
    }
  })

  it('follows a task through sleep, wakeup and run', () => {
    const bench = new Bench()
    expect(bench.feed(line('1.000001', switched(out(7, 'S'), into(0))))).toEqual([])
    expect(bench.feed(line('1.000002', woken(7), { pid: 0 }))).toEqual([
      'wwnr 7: not_running x wakeup -> not_running',
      'stall 7: dequeued x sched_wakeup -> enqueued'
    ])
    expect(bench.feed(line('1.000003', switched(out(0, 'R'), into(7)), { pid: 0 }))).toEqual([
      'wwnr 7: not_running x switch_in -> running',
      'stall 7: enqueued x sched_switch_in -> running'
    ])
    expect(bench.feed(line('1.000004', woken(7), { pid: 9 }))).toContain(
      'wwnr 7: running refuses wakeup'
    )
    expect(bench.feed(line('1.000005', switched(out(7, 'R+'), into(9))))).toEqual([
      'stall 7: running x sched_switch_preempt -> enqueued'
    ])
  })

  it('lets timers expire at their time, before the next record', () => {
    const bench = new Bench({ parameters: new Map([['stall.threshold_jiffies', '5']]) })
    bench.feed(line('1.000001', switched(out(7, 'S'), into(0))))
    bench.feed(line('1.000500', woken(7), { pid: 0 }))
    expect(bench.feed(line('1.004900', woken(8)))).toEqual([])
    expect(bench.feed(line('1.007000', woken(8)))).toEqual([
      'stall 7: enqueued refuses none with clk=5'
    ])
  })

  it('checks the clock at an event too', () => {
    const bench = new Bench({ parameters: new Map([['stall.threshold_jiffies', '5']]) })
    bench.feed(line('1.000001', switched(out(7, 'S'), into(0))))
    bench.feed(line('1.000500', woken(7), { pid: 0 }))
    expect(bench.feed(line('1.003000', switched(out(0, 'R'), into(7)), { pid: 0 }))).toContain(
      'stall 7: enqueued x sched_switch_in -> running'
    )
    expect(bench.feed(line('1.900000', woken(8)))).toEqual([])
  })

  it('keeps CPUs apart', () => {
    const bench = new Bench()
    bench.feed(line('1.000001', 'preempt_enable: caller=a parent=b', { cpu: 1 }))
    expect(
      bench.feed(line('1.000002', 'sched_waking: comm=c pid=9 prio=120 target_cpu=001'))
    ).toEqual(['wip -1: preemptive refuses sched_waking'])
    expect(bench.feed(line('1.000003', 'preempt_disable: caller=a parent=b', { cpu: 2 }))).toEqual(
      []
    )
  })

  it('reads priorities, and tells the atoms of a real-time task', () => {
    const bench = new Bench()
    const fork = 'sched_process_fork: comm=sh pid=7 child_comm=sh child_pid=20'
    const fault = 'page_fault_user: address=0x7f1 ip=main error_code=0x6'
    bench.feed(line('1.000000', fork))
    // The first fault of a task that is not real-time starts it.
    bench.feed(line('1.000001', fault, { pid: 20, flags: '.....' }))
    bench.feed(line('1.000002', switched(out(7, 'S'), into(20, 89)), { pid: 7 }))
    expect(bench.feed(line('1.000003', fault, { pid: 20, flags: '.....' }))).toContain(
      'pagefault 20 sh: violated'
    )
  })

  it('takes the waker’s context from the flags', () => {
    const waking = 'sched_waking: comm=rt pid=30 prio=89 target_cpu=001'
    const prepare = (bench: Bench): void => {
      bench.feed(line('1.000000', 'task_newtask: pid=30 comm=rt clone_flags=0 oom_score_adj=0'))
      bench.feed(line('1.100000', 'sys_exit: NR 1 = 0', { pid: 30, flags: '.....' }))
    }
    const fromTask = new Bench()
    prepare(fromTask)
    // The waker's own priority is known from its last switch.
    fromTask.feed(line('1.200000', switched(out(30, 'S', 89), into(7, 120)), { pid: 30 }))
    expect(fromTask.feed(line('1.300000', waking, { flags: 'd..3.' }))).toContain(
      'wakeup 30 sh: violated'
    )
    const fromHardirq = new Bench()
    prepare(fromHardirq)
    fromHardirq.feed(line('1.200000', switched(out(30, 'S', 89), into(7, 120)), { pid: 30 }))
    expect(fromHardirq.feed(line('1.300000', waking, { flags: 'd.h3.' }))).toEqual([])
  })

  it('begins anew where the kernel lost records', () => {
    const bench = new Bench()
    bench.feed(line('1.000001', switched(out(7, 'S'), into(0))))
    bench.feed('CPU:1 [LOST 12 EVENTS]')
    expect(bench.feed(line('1.000002', woken(7), { pid: 0 }))).toEqual([])
  })

  it('passes over what it cannot place, and counts it', () => {
    const bench = new Bench({ cpus: 2 })
    expect(
      bench.feed(
        line('1.000000', 'sched_switch: prev_comm=x'),
        line('1.100000', 'sched_wakeup: comm=c pid=x prio=120 target_cpu=001'),
        line('1.200000', 'unknown_event: a=b'),
        line('1.300000', woken(7), { cpu: 3 }),
        'no line at all'
      )
    ).toEqual([])
    expect([bench.replay.malformed, bench.replay.skipped]).toEqual([2, 1])
  })

  it('is not confused by a comm', () => {
    const comm = fc
      .string({ unit: 'binary-ascii', maxLength: 15 })
      .map((text) => text.replace(/\n/g, ' '))
    const known = fc.constantFrom(' prev_pid=5', ' ==> next_comm=', 'x prev_prio=1', ' pid=9 prio=')
    fc.assert(
      fc.property(fc.oneof(comm, known), fc.oneof(comm, known), (a, b) => {
        const bench = new Bench()
        bench.feed(
          line(
            '1.000000',
            `sched_switch: prev_comm=${a} prev_pid=7 prev_prio=120 prev_state=S ==> next_comm=${b} next_pid=8 next_prio=120`
          ),
          line('1.100000', `sched_wakeup: comm=${a} pid=7 prio=120 target_cpu=000`, { pid: 8 })
        )
        expect(bench.replay.malformed).toBe(0)
        expect(bench.feed(line('1.200000', woken(7), { pid: 8 }))).toContain(
          'wwnr 7: not_running x wakeup -> not_running'
        )
      })
    )
  })

  it('survives any text', () => {
    const events = fc.constantFrom(
      'sched_switch',
      'sched_wakeup',
      'sched_process_fork',
      'sys_enter',
      'contention_begin',
      'page_fault_user',
      'task_newtask'
    )
    const payload = fc.string({ unit: 'binary', maxLength: 120 })
    fc.assert(
      fc.property(fc.array(fc.tuple(events, payload), { maxLength: 20 }), (records) => {
        const bench = new Bench()
        const lines = records.map(([event, text]) =>
          line('1.000000', `${event}: ${text.replace(/\n/g, ' ')}`)
        )
        bench.feed(...lines)
        expect(bench.replay.malformed).toBeLessThanOrEqual(records.length)
      })
    )
  })
})
