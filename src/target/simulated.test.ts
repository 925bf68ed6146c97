import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeEach, describe, expect, it } from 'vitest'

import type { MonitorModel } from '../model/load'
import { loadModels } from './load-models'
import { openSimulated } from './simulated-kernel'
import type { HostClock, SimulatedPort } from './simulator-control'

const MODELS = join(dirname(fileURLToPath(import.meta.url)), '../../models')
const SETTINGS = { cpus: 4, tasks: 20, seed: 7 }
const MS = 1_000_000

let models: readonly MonitorModel[]
let port: SimulatedPort

const text = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString('latin1')

/** A host on which time passes when the test says so. */
class TestClock implements HostClock {
  time = 0
  /** Host ms that each look at the clock costs: a slow machine. */
  cost = 0
  ticks: (() => void) | undefined
  now(): number {
    this.time += this.cost
    return this.time
  }
  every(_ms: number, tick: () => void): () => void {
    this.ticks = tick
    return () => {
      this.ticks = undefined
    }
  }
  pass(ms: number): void {
    this.time += ms
    this.ticks?.()
  }
}

const seconds = ({ simulator }: SimulatedPort): number => simulator.now[0] + simulator.now[1] / 1e9

/** Turns wip's events on in an instance and opens its trace_pipe. */
async function traceWip(): Promise<Awaited<ReturnType<SimulatedPort['stream']>>> {
  await port.mkdir('instances/test')
  await port.write('instances/test/events/rv/event_wip/enable', '1\n', 'truncate')
  await port.write('rv/monitors/wip/enable', '1\n', 'truncate')
  return port.stream('instances/test/trace_pipe')
}

beforeEach(async () => {
  models = (await loadModels(MODELS)).models
  port = openSimulated(SETTINGS, models, 'manual')
})

describe('the port of the simulated kernel', () => {
  it('serves the files of a kernel', async () => {
    expect(port.info).toMatchObject({ kind: 'sim', name: 'simulated kernel', cpus: 4 })
    expect(text(await port.read('rv/monitoring_on'))).toBe('1\n\0')
    expect(await port.list('rv')).toContainEqual({ name: 'monitors', directory: true })
    expect((await port.tasks()).size).toBeGreaterThan(SETTINGS.tasks)
    await expect(port.write('rv/enabled_monitors', 'x\n', 'append')).rejects.toMatchObject({
      code: 'EINVAL',
      message: 'The target refused "x" in rv/enabled_monitors: Invalid argument.'
    })
    await expect(port.read('rv/nothing')).rejects.toMatchObject({ code: 'ENOENT' })
    await expect(port.read('../etc')).rejects.toMatchObject({ code: 'EINVAL' })
  })

  it('wakes a stream that waits, as soon as there is something', async () => {
    const stream = await traceWip()
    const next = stream.next()
    port.simulator.advance(MS)
    expect(text(await next)).toMatch(/event_wip: (non_)?preemptive x/)
    const waiting = stream.next()
    await stream.close()
    expect(await waiting).toBeUndefined()
    await port.rmdir('instances/test')
  })

  it('gives the same bytes for the same settings', async () => {
    const run = async (): Promise<string> => {
      port = openSimulated(SETTINGS, models, 'manual')
      const stream = await traceWip()
      let all = ''
      for (let i = 0; i < 5; i++) {
        const next = stream.next()
        port.simulator.advance(5 * MS)
        all += text(await next)
      }
      return all
    }
    expect(await run()).toBe(await run())
  })

  it('steps from one traced event to the next', async () => {
    const stream = await traceWip()
    let last = seconds(port)
    for (let i = 0; i < 10; i++) {
      const next = stream.next()
      port.simulator.step()
      expect(
        text(await next)
          .trim()
          .split('\n').length
      ).toBe(1)
      expect(seconds(port)).toBeGreaterThanOrEqual(last)
      last = seconds(port)
    }
    expect(port.simulator.paused).toBe(true)
  })

  it('stops in a panic: streams end, reads refuse, and a reboot brings the machine back', async () => {
    const log = await port.kernelLog()
    await port.write('rv/monitors/wip/reactors', 'panic\n', 'truncate')
    await port.write('rv/monitors/wip/enable', '1\n', 'truncate')
    // A machine that has panicked does not move any more.
    for (let i = 0, last = -1; i < 600 && seconds(port) !== last; i++) {
      last = seconds(port)
      port.simulator.advance(100 * MS)
    }
    expect(await port.ended).toEqual({
      reason: 'panic',
      message: expect.stringMatching(
        /^Kernel panic - not syncing: rv: monitor wip does not allow event \w+ on state \w+$/
      ) as string
    })
    let all = ''
    for (let chunk = await log.next(); chunk; chunk = await log.next()) all += text(chunk)
    expect(all).toContain('Kernel panic - not syncing: rv: monitor wip')
    await expect(port.read('rv/monitoring_on')).rejects.toMatchObject({ code: 'PANIC' })
    const before = port.simulator.now
    port.simulator.advance(MS)
    expect(port.simulator.now).toEqual(before)

    const again = await port.simulator.reboot()
    expect(text(await again.read('rv/monitors/wip/enable'))).toBe('0\n\0')
    expect(seconds(again)).toBeLessThan(before[0] + before[1] / 1e9)
    again.simulator.advance(MS)
  })

  it('has the parameters of its monitors', async () => {
    expect(await port.readParameter('stall', 'threshold_jiffies')).toBe('1000\n')
    await port.writeParameter('stall', 'threshold_jiffies', '0x46\n')
    expect(await port.readParameter('stall', 'threshold_jiffies')).toBe('70\n')
    await port.writeParameter('stall', 'threshold_jiffies', '')
    for (const [data, code] of [
      ['-1', 'EINVAL'],
      ['18446744073709551616', 'ERANGE']
    ] as const) {
      const write = port.writeParameter('stall', 'threshold_jiffies', data)
      await expect(write).rejects.toMatchObject({
        code,
        path: 'stall/parameters/threshold_jiffies'
      })
    }
    expect(await port.readParameter('stall', 'threshold_jiffies')).toBe('70\n')
    await expect(port.readParameter('stall', 'other')).rejects.toMatchObject({ code: 'ENOENT' })
    await expect(port.readParameter('..', 'x')).rejects.toMatchObject({ code: 'EINVAL' })
  })

  it('puts parameters back on close that are still its own', async () => {
    const [stall, nomiss] = [
      'stall/parameters/threshold_jiffies',
      'nomiss/parameters/deadline_thresh'
    ]
    await port.writeParameter('stall', 'threshold_jiffies', '70')
    await port.writeParameter('nomiss', 'deadline_thresh', '5')
    await port.setRestorePlan([
      { kind: 'parameter', path: stall, ours: '70', original: '1000' },
      { kind: 'parameter', path: nomiss, ours: '6', original: '1000000' }
    ])
    const outcomes = (await port.close()).map(({ outcome }) => outcome)
    expect(outcomes).toEqual(['restored', 'changed-by-others'])
  })

  it('puts back on close what is still its own', async () => {
    await port.mkdir('instances/test')
    await port.write('rv/monitors/wip/enable', '1\n', 'truncate')
    await port.write('rv/monitors/wwnr/enable', '1\n', 'truncate')
    await port.setRestorePlan([
      { kind: 'file', path: 'rv/monitors/wip/enable', ours: '1', original: '0' },
      { kind: 'file', path: 'rv/monitors/wwnr/enable', ours: '0', original: '1' },
      { kind: 'rmdir', path: 'instances/test' },
      { kind: 'rmdir', path: 'instances/gone' }
    ])
    const results = await port.close()
    expect(results.map((result) => result.outcome)).toEqual([
      'restored',
      'changed-by-others',
      'restored',
      'changed-by-others'
    ])
    expect(await port.close()).toBe(results)
    await expect(port.read('rv/monitoring_on')).rejects.toMatchObject({ code: 'LINK' })
  })
})

describe('the clock of the simulated kernel', () => {
  let clock: TestClock

  beforeEach(() => {
    clock = new TestClock()
    port = openSimulated(SETTINGS, models, clock)
  })

  const passed = (work: () => void): number => {
    const before = seconds(port)
    work()
    return seconds(port) - before
  }

  it('follows the host, at the speed that was asked for', () => {
    expect(passed(() => clock.pass(8))).toBeCloseTo(0.008, 6)
    port.simulator.setSpeed(0.25)
    expect(passed(() => clock.pass(8))).toBeCloseTo(0.002, 6)
  })

  it('stands still while paused, and does not make up for it', () => {
    port.simulator.pause()
    expect(passed(() => clock.pass(1_000))).toBe(0)
    expect(port.simulator.achieved).toBe(0)
    port.simulator.resume()
    expect(passed(() => clock.pass(8))).toBeCloseTo(0.008, 6)
  })

  it('does not run after a host that was asleep', () => {
    expect(passed(() => clock.pass(3_600_000))).toBeLessThan(0.1)
  })

  it('falls behind on a slow host, within its budget, and says so', () => {
    clock.cost = 1
    port.simulator.setSpeed(100)
    for (let i = 0; i < 100; i++) {
      const start = clock.time
      clock.pass(8)
      expect(clock.time - start).toBeLessThan(8 + 10)
    }
    expect(port.simulator.achieved).toBeLessThan(50)
    expect(port.simulator.achieved).toBeGreaterThan(0)
  })

  it('stops with the port', async () => {
    await port.close()
    expect(clock.ticks).toBeUndefined()
  })
})
