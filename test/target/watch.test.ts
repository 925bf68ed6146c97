import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { realTarget, type RealTarget } from './boot'
import { runOn } from './remote-shell'
import { PATIENCE, WatchedTarget } from './watched'

const target = await realTarget({ cpus: 2 })
if ('skip' in target) console.warn(`skipped: no real kernel to test on: ${target.skip}`)

describe.skipIf('skip' in target)('watching on a real kernel', { timeout: 4 * PATIENCE }, () => {
  const real = target as RealTarget
  let panel: WatchedTarget

  beforeAll(async () => {
    panel = await WatchedTarget.begin(real)
    await panel.connect()
  }, 2 * PATIENCE)

  afterAll(async () => {
    await panel.end()
  })

  const load = (): Promise<string> =>
    runOn(real, panel.home, 'i=0; while [ $i -lt 100 ]; do usleep 1000; i=$((i + 1)); done')

  it('counts transitions by edge with hist triggers, and streams none', async () => {
    await panel.ask({ op: 'watch', monitor: 'wip', way: 'count' })
    await panel.ask({ op: 'enable', monitor: 'wip', on: true })
    const { window } = panel
    await panel.until('three edges', () => window.monitor('wip').edges.size === 3)
    await load()
    await panel.ask({ op: 'enable', monitor: 'wip', on: false })
    const hist = `${await panel.instance('-hist')}/events/rv/event_wip`
    expect((await panel.read(`${hist}/trigger`)).split('\n')).toHaveLength(4)
    // Nothing counts any more: the panel comes to have what the kernel has.
    const text = await panel.read(`${hist}/hist`)
    const hits = [...text.matchAll(/hitcount: +(\d+)/g)].reduce((sum, [, n]) => sum + Number(n), 0)
    const edges = (): number => [...window.monitor('wip').edges.values()].reduce((a, b) => a + b, 0)
    await panel.until(`${String(hits)} transitions`, () => edges() === hits)
    expect(hits).toBeGreaterThan(1000)
    expect(window.rows.filter((row) => row.text.includes('event_wip'))).toEqual([])
    expect(window.batch.watching).toMatchObject([{ way: 'count', chosen: 'count' }])
    await panel.ask({ op: 'watch', monitor: 'wip', way: 'auto' })
    await panel.until('no trigger', async () =>
      (await panel.read(`${hist}/trigger`)).startsWith('# Available')
    )
  })

  it('samples the latest state of each task and of each CPU', async () => {
    const counted = new Map(panel.window.monitor('wip').edges)
    await panel.ask({ op: 'watch', monitor: 'wwnr', way: 'sample' })
    await panel.ask({ op: 'watch', monitor: 'wip', way: 'sample' })
    await panel.ask({ op: 'enable', monitor: 'wwnr', on: true })
    await panel.ask({ op: 'enable', monitor: 'wip', on: true })
    await load()
    const { window } = panel
    await panel.until('tasks', () => window.monitor('wwnr').rows.size > 3)
    await panel.until('both CPUs', () => window.monitor('wip').rows.size === 2)
    await panel.ask({ op: 'enable', monitor: 'wwnr', on: false })
    await panel.ask({ op: 'enable', monitor: 'wip', on: false })
    for (const view of [window.monitor('wwnr'), window.monitor('wip')]) {
      expect(view.eventCount).toBeGreaterThan(100)
      for (const row of view.rows.values()) expect(row.event).toMatch(/^[a-z_]+$/)
    }
    // Their edges are not counted.
    expect(window.monitor('wwnr').edges.size).toBe(0)
    expect(window.monitor('wip').edges).toEqual(counted)
  })

  /** Dozens of thousands of events, on both CPUs. */
  const flood = (times: number): Promise<string> => {
    const one = `i=0; while [ $i -lt ${String(times)} ]; do dd if=/dev/zero of=/dev/null bs=1 count=20000 2>/dev/null; i=$((i + 1)); done`
    return runOn(real, panel.home, `(${one}) & (${one}) & wait`)
  }
  interface Stats {
    readonly entries: number
    readonly overrun: number
    readonly read: number
  }
  const stats = async (instance: string, cpu: number): Promise<Stats> => {
    const text = await panel.read(`${instance}/per_cpu/cpu${String(cpu)}/stats`)
    const of = (name: string): number => Number(new RegExp(`^${name}: (\\d+)`, 'm').exec(text)?.[1])
    return { entries: of('entries'), overrun: of('overrun'), read: of('read events') }
  }
  const ring = (instance: 'events' | 'raw', cpu: number) =>
    panel.window.batch.hops?.rings.find((one) => one.instance === instance && one.cpu === cpu)

  /**
   * Waits until the rings of an instance are empty and the panel's account says of them what the
   * kernel's counters say, and gives what each has lost.
   */
  const settledLosses = async (role: 'events' | 'raw', instance: string): Promise<number[]> => {
    const lost: number[] = []
    for (const cpu of [0, 1]) {
      await panel.until(`the ring of CPU ${String(cpu)} to be empty`, async () => {
        return (await stats(instance, cpu)).entries === 0
      })
      const now = await stats(instance, cpu)
      await panel.until(`the account of CPU ${String(cpu)}`, () => {
        const account = ring(role, cpu)
        return account?.overrun === now.overrun && account.arrived === now.read
      })
      expect(ring(role, cpu)).toMatchObject({ ...now, arrived: now.read })
      lost.push(now.overrun)
    }
    return lost
  }

  it('finds a known loss of text in its account, to the event', async () => {
    await panel.ask({ op: 'watch', monitor: 'wip', way: 'stream' })
    const instance = await panel.instance('-ev')
    const event = `${instance}/events/rv/event_wip`
    // Two pages, and a count of what is written into them beside the rings' own counters.
    await panel.witness.write(`${instance}/buffer_size_kb`, '8', 'truncate')
    await panel.witness.write(`${event}/trigger`, 'hist:keys=common_cpu:size=128', 'append')
    const before = await settledLosses('events', instance)
    const reads = [(await stats(instance, 0)).read, (await stats(instance, 1)).read]
    const violations = panel.window.batch.accounts?.violations ?? 0
    await panel.ask({ op: 'enable', monitor: 'wip', on: true })
    await flood(2)
    await panel.ask({ op: 'enable', monitor: 'wip', on: false })
    const after = await settledLosses('events', instance)
    const hist = await panel.read(`${event}/hist`)
    let lost = 0
    let written = 0
    for (const cpu of [0, 1]) {
      lost += (after[cpu] ?? 0) - (before[cpu] ?? 0)
      written += (await stats(instance, cpu)).read - (reads[cpu] ?? 0)
    }
    const hits = Number(/Hits: (\d+)/.exec(hist)?.[1])
    const errors = (panel.window.batch.accounts?.violations ?? 0) - violations
    console.info(
      `${String(hits)} events, ${String(errors)} violations; read ${String(written)}, lost ${String(lost)}`
    )
    expect(lost).toBeGreaterThan(1000)
    expect(written + lost).toBe(hits + errors)
    expect(panel.window.batch.accounts?.lostKernel).toBeGreaterThanOrEqual(lost)
    await panel.witness.write(`${event}/trigger`, '!hist:keys=common_cpu:size=128', 'append')
  })

  it('leaves the target as it was', async () => {
    await panel.ask({ op: 'watch', monitor: 'wwnr', way: 'sample' })
    const names = (await panel.witness.list('instances')).map(({ name }) => name)
    expect(names.filter((name) => name.endsWith('-hist'))).toHaveLength(1)
    await panel.ask({ op: 'disconnect' })
    expect(await panel.witness.list('instances')).toEqual([])
    expect(panel.window.notices().filter((text) => text.includes('put back'))).toEqual([])
  })
})
