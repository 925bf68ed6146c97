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

  it('leaves the target as it was', async () => {
    const names = (await panel.witness.list('instances')).map(({ name }) => name)
    expect(names.filter((name) => name.endsWith('-hist'))).toHaveLength(1)
    await panel.ask({ op: 'disconnect' })
    expect(await panel.witness.list('instances')).toEqual([])
    expect(panel.window.notices().filter((text) => text.includes('put back'))).toEqual([])
  })
})
