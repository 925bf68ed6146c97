import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { frames, launch, picture } from './harness'
import { chips, connected, moves, transitions, turn } from './words'

/** A machine with enough going on that wip's violation does not keep a test waiting. */
const busy = ['--cpus', '8', '--tasks', '80']
/** How long a violation may take to happen by itself. */
const sooner = 100_000

/** The moment that the window shows, ns since boot; empty: none, or it has not arrived yet. */
async function moment(page: Page): Promise<string> {
  const bar = page.getByTestId('moment-bar')
  return (await bar.count()) === 0 ? '' : ((await bar.getAttribute('data-moment')) ?? '')
}

/** Does something that leads to another moment, and waits until every view shows it. */
async function goes(page: Page, act: () => Promise<void>): Promise<number> {
  const before = await moment(page)
  await act()
  await expect.poll(() => moment(page)).not.toMatch(new RegExp(`^(${before})?$`))
  await frames(page, 3)
  return Number(await moment(page))
}

const press = (page: Page, key: string): Promise<void> => page.getByTestId('timeline').press(key)

/** From when to when the timeline shows, s. */
async function shown(page: Page): Promise<{ from: number; to: number; span: number }> {
  const label = (await page.getByTestId('timeline-canvas').getAttribute('aria-label')) ?? ''
  const [, from = '', to = ''] = /from ([\d.]+) s to ([\d.]+) s/.exec(label) ?? []
  return { from: Number(from), to: Number(to), span: Number(to) - Number(from) }
}

/** An event as the event log shows it. */
interface Row {
  readonly ns: number
  readonly cpu: string
  readonly from: string
  readonly to: string
}

/** The newest events of wip in the log, oldest first. */
async function eventRows(page: Page): Promise<Row[]> {
  const texts = await page
    .getByText(/event_wip: /)
    .evaluateAll((found) => found.map((one) => one.parentElement?.innerText ?? ''))
  return texts.flatMap((text) => {
    const found = /(\d+)\.([\d\u202f]+)\s+(\d+)\s[\s\S]*event_wip: (\w+) x \w+ -> (\w+)/.exec(text)
    if (!found) return []
    const [, sec = '', rest = '', cpu = '', from = '', to = ''] = found
    const ns = Number(sec) * 1e9 + Number(rest.replaceAll('\u202f', '').padEnd(9, '0'))
    return [{ ns, cpu, from, to }]
  })
}

describe('the timeline', () => {
  it('scrubs back: every view shows that moment as the events tell it, and one key leads back', async () => {
    const panel = await launch()
    const { page } = panel
    await connected(page)
    await page.getByTestId('monitor-row-wip').click()
    await turn(page, 'enable-wip', true)
    await moves(page)
    await page.getByTestId('sim-pause').click()
    await page.getByTestId('tab-events').click()
    await expect.poll(async () => (await eventRows(page)).length).toBeGreaterThan(8)
    await frames(page, 20)
    const rows = await eventRows(page)
    await page.getByTestId('tab-automaton').click()
    const now = await transitions(page)
    const nowChips = await chips(page)

    // From change to change of the busiest CPU, back in time: the log has each of them. Of several
    // within the same microsecond the last one is what that moment shows.
    const count = (cpu: string): number => rows.filter((row) => row.cpu === cpu).length
    const cpu = ['0', '1', '2', '3'].reduce((a, b) => (count(b) > count(a) ? b : a))
    const changes = rows
      .filter((row) => row.cpu === cpu && row.from !== row.to)
      .reverse()
      .filter((row, i, all) => row.ns !== all[i - 1]?.ns)
    expect(changes.length).toBeGreaterThan(0)
    await page.getByTestId('timeline').focus()
    for (let lane = 0; lane <= Number(cpu); lane++) await press(page, 'ArrowDown')
    for (const change of changes) {
      const at = await goes(page, () => press(page, ','))
      expect(at).toBe(change.ns)
      const there = await chips(page)
      expect(there[cpu]).toBe(change.to)
      for (const other of ['0', '1', '2', '3'].filter((one) => one !== cpu)) {
        const last = rows.filter((row) => row.cpu === other && row.ns <= at).at(-1)
        if (last) expect(there[other]).toBe(last.to)
      }
    }
    expect(await transitions(page)).toBeLessThan(now)

    // The table of instances shows that moment too, and what time it was in its state for.
    await page.getByTestId('tab-instances').click()
    const row = page.getByTestId(`instance-row-${cpu}`)
    await row.waitFor()
    expect(await row.innerText()).toContain(changes.at(-1)?.to)
    expect(await row.innerText()).toMatch(/\b0 ns\b/)
    await picture(page, 'timeline-instances')

    await press(page, 'l')
    await page.getByTestId('moment-bar').waitFor({ state: 'detached' })
    await page.getByTestId('tab-automaton').click()
    expect(await chips(page)).toEqual(nowChips)
    await page.getByTestId('sim-pause').click()
    await moves(page)
    await panel.close()
    expect(panel.problems).toEqual([])
  })

  it('zooms, moves, measures between two cursors, and jumps to the violation', async () => {
    const panel = await launch({ args: busy })
    const { page } = panel
    await connected(page)
    await page.getByTestId('monitor-row-wip').click()
    await turn(page, 'enable-wip', true)
    await page.locator('article[data-testid^="violation-"]').first().waitFor({ timeout: sooner })
    const timeline = page.getByTestId('timeline')
    await picture(page, 'timeline-live')

    // A violation's CPU is in no state from then on; before, it was where the model refused the event.
    await goes(page, () => page.getByTestId('time.previous-violation').click())
    const at = await chips(page)
    expect(Object.values(at).filter((state) => state === '')).toHaveLength(1)
    await picture(page, 'timeline-violation')

    const box = await timeline.boundingBox()
    if (!box) throw new Error('the timeline is not there')
    const middle = { x: box.x + 138 + (box.width - 138) / 2, y: box.y + 34 + 12 }
    const wide = await shown(page)
    await page.mouse.move(middle.x, middle.y)
    for (let i = 0; i < 8; i++) await page.mouse.wheel(0, -300)
    await expect.poll(async () => (await shown(page)).span).toBeLessThan(wide.span / 10)
    const before = await shown(page)
    // Beside the line of the moment, which would be dragged itself.
    await page.mouse.move(middle.x + 60, middle.y)
    await page.mouse.down()
    await page.mouse.move(middle.x - 200, middle.y, { steps: 4 })
    await page.mouse.up()
    await expect.poll(async () => (await shown(page)).from).toBeGreaterThan(before.from)
    await page.mouse.move(middle.x - 150, middle.y)
    await page.getByTestId('timeline-tip').waitFor()

    await page.keyboard.down('Shift')
    await page.mouse.move(middle.x - 250, middle.y)
    await page.mouse.down()
    await page.mouse.move(middle.x + 100, middle.y, { steps: 4 })
    await page.mouse.up()
    await page.keyboard.up('Shift')
    const { span } = await shown(page)
    const measured = await page.getByTestId('measured').innerText()
    const [, value = '', unit = ''] = /([\d.]+) (ns|µs|ms|s)$/.exec(measured) ?? []
    const scale = { ns: 1e-9, µs: 1e-6, ms: 1e-3, s: 1 }[unit] ?? NaN
    expect(Number(value) * scale).toBeCloseTo((span * 350) / (box.width - 138 - 15), 4)
    await page.getByTestId('measured-changes').waitFor()
    await page.mouse.move(middle.x - 150, middle.y)
    await page.getByTestId('timeline-tip').waitFor()
    await picture(page, 'timeline-measure')

    // All that is kept begins where the first event was.
    await page.getByTestId('time.fit').click()
    await expect.poll(async () => (await shown(page)).span).toBeGreaterThan(wide.span)
    await frames(page, 30)
    await picture(page, 'timeline-all')
    await page.getByTestId('back-to-live').click()
    await page.getByTestId('moment-bar').waitFor({ state: 'detached' })
    await panel.close()
    expect(panel.problems).toEqual([])
  })

  it('shows tasks where they were, and begins anew with another machine', async () => {
    const panel = await launch()
    const { page } = panel
    await connected(page)
    await page.getByTestId('monitor-row-wwnr').click()
    await turn(page, 'enable-wwnr', true)
    await moves(page)
    const timeline = page.getByTestId('timeline')
    await timeline.focus()
    await press(page, 'ArrowDown')
    await goes(page, () => press(page, ','))
    await goes(page, () => press(page, ','))
    await page.getByTestId('tab-instances').click()
    await frames(page, 10)
    await picture(page, 'timeline-tasks')
    await page.getByTestId('sim-scenario').click()
    await page.getByTestId('scenario-search').fill('scheduler')
    await page.getByTestId('scenario-state-set-in-schedule').click()
    await page.getByTestId('moment-bar').waitFor({ state: 'detached' })
    await panel.close()
    expect(panel.problems).toEqual([])
  })
})
