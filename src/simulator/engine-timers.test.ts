import { describe, expect, it, vi } from 'vitest'
import { assembleModel } from '../model/load'
import type { SimulatedKernel } from './kernel'
import { machine, run, SECOND, write, type Line } from './testing/machine'

// Seconds of virtual time take a while on a busy machine.
vi.setConfig({ testTimeout: 120_000 })

const TICK_US = 4_000

/** A monitor that a task violates by sleeping for too long, with a timer of this kind. */
function kernelWith(
  timer: 'wheel' | 'hrtimer',
  limit: string,
  options: { cpus?: number; tasks?: number } = {}
): SimulatedKernel {
  const dot = `digraph slept {
	"__init_awake" [shape = plaintext, style = invis, label = ""]
	"awake" [shape = doublecircle, label = "awake"]
	"asleep" [shape = circle, label = "asleep\\nclk < ${limit}"]

	"__init_awake" -> "awake"
	"awake" -> "asleep" [label = "sleeps;reset(clk)"]
	"asleep" -> "awake" [label = "wakes"]
}`
  const yaml = `monitor: slept
type: per_task
description: tasks do not sleep long.
timer: ${timer}

tracepoints:
  sched_switch:
    - event: sleeps
      call: handle_start_run_event
      on: prev
      when: '!preempt && prev_state != TASK_RUNNING && !prev.idle'
  sched_wakeup:
    - event: wakes
      call: handle_event
      on: p
`
  const { models, diagnostics } = assembleModel([
    { name: 'slept.dot', text: dot },
    { name: 'slept.yaml', text: yaml }
  ])
  expect(diagnostics).toEqual([])
  const kernel = machine(models, options)
  for (const event of ['rv/error_env_slept', 'sched/sched_switch', 'sched/sched_wakeup']) {
    write(kernel, `events/${event}/enable`, '1')
  }
  write(kernel, 'rv/enabled_monitors', 'slept')
  return kernel
}

interface Sleep {
  readonly since: Line
  until: number
  /** What the monitor said while the task slept. */
  timeout: Line | undefined
}

/** Sleeps that ended, from the scheduler's events beside the monitor's. */
function sleeps(kernel: SimulatedKernel, ns: number): readonly Sleep[] {
  const asleep = new Map<string, Sleep>()
  const ended: Sleep[] = []
  run(kernel, ns, (line) => {
    const { event, text } = line
    if (event === 'sched_switch') {
      const [, pid = '', state = ''] = /prev_pid=(\d+) .*prev_state=(\S+)/.exec(text) ?? []
      if (!state.startsWith('R')) asleep.set(pid, { since: line, until: NaN, timeout: undefined })
    } else if (event === 'sched_wakeup') {
      const pid = / pid=(\d+)/.exec(text)?.[1] ?? ''
      const sleep = asleep.get(pid)
      asleep.delete(pid)
      if (sleep !== undefined) ended.push({ ...sleep, until: line.time })
    } else if (!text.includes(': event wakes ')) {
      // (The wakeup itself may find the limit passed before the wheel's bucket expires.)
      expect(text).toMatch(/event none not expected in the state asleep with env clk=/)
      const sleep = asleep.get(text.slice(0, text.indexOf(':')))
      // Every timeout belongs to a task that sleeps, once.
      expect(sleep?.timeout).toBeUndefined()
      expect(sleep).toBeDefined()
      if (sleep !== undefined) sleep.timeout = line
    }
  })
  return ended
}

describe('timers of hybrid automata', () => {
  it('high-resolution ones expire in the hardirq of the CPU that armed them, on time', () => {
    const limit = 5_000
    const ended = sleeps(kernelWith('hrtimer', '5 ms'), 5 * SECOND)
    const late = ended.filter(({ timeout }) => timeout !== undefined)
    expect(late.length).toBeGreaterThan(200)
    for (const { since, timeout } of late) {
      if (timeout === undefined) continue
      expect(timeout.flags[2]).toMatch(/[hH]/)
      expect(timeout.cpu).toBe(since.cpu)
      expect(timeout.time - since.time).toBeGreaterThanOrEqual(limit - 1)
      expect(timeout.time - since.time).toBeLessThan(limit + 60)
    }
    // Whoever woke earlier has cancelled its timer; whoever did not was reported.
    const long = ended.filter(({ since, until }) => until - since.time > limit + 60)
    expect(long.every(({ timeout }) => timeout !== undefined)).toBe(true)
    expect(ended.length).toBeGreaterThan(long.length + 200)
  })

  it.each([
    { jiffies: 6, granularity: 1 },
    { jiffies: 70, granularity: 8 }
  ])(
    'those of the wheel expire in a softirq, at a tick, $granularity jiffies late at most, also on idle CPUs ($jiffies jiffies)',
    ({ jiffies, granularity }) => {
      const kernel = kernelWith('wheel', `${jiffies} j`)
      const ended = sleeps(kernel, jiffies > 60 ? 12 * SECOND : 5 * SECOND)
      const late = ended.filter(({ timeout }) => timeout !== undefined)
      expect(late.length).toBeGreaterThan(30)
      const limit = jiffies * TICK_US
      const latest = limit + (granularity + 1) * TICK_US + 200
      for (const { since, timeout } of late) {
        if (timeout === undefined) continue
        expect(timeout.flags[2]).toBe('s')
        expect(timeout.cpu).toBe(since.cpu)
        // Ticks of a CPU come at multiples of a jiffy from its own offset.
        const offset = (TICK_US * timeout.cpu) / 4
        expect((timeout.time - offset) % TICK_US).toBeLessThan(200)
        expect(timeout.time - since.time).toBeGreaterThanOrEqual(limit)
        expect(timeout.time - since.time).toBeLessThan(latest)
      }
      const long = ended.filter(({ since, until }) => until - since.time > latest)
      expect(long.every(({ timeout }) => timeout !== undefined)).toBe(true)
      expect(late.some(({ timeout }) => timeout?.pid === 0)).toBe(true)
    }
  )

  it('ten thousand tasks that arm one at every sleep do not slow the machine down', () => {
    const kernel = kernelWith('wheel', '250 j', { cpus: 64, tasks: 10_000 })
    write(kernel, 'events/enable', '0')
    expect(kernel.advance(100_000_000)).toBeGreaterThan(10_000)
  })
})
