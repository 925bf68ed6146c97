import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { frames, launch, picture, type Panel } from './harness'
import { chooseReactor, connected, isOn, turn, violationCards } from './words'

/** A machine whose driver wakes tasks in the wrong context again and again: wip and opid report it. */
const faulty = [
  '--cpus',
  '4',
  '--tasks',
  '40',
  '--seed',
  '7',
  '--scenario',
  'wakeup-with-preemption-on'
]
/** How long some violations may take to happen by themselves. */
const sooner = 60_000

const count = (page: Page): Promise<string> => page.getByTestId('violations-count').innerText()

/** Times of the violations in the open group's list that are on the screen, s. */
async function listed(page: Page): Promise<number[]> {
  const rows = await page.locator('[data-testid^="occurrence-"]').allInnerTexts()
  return rows.map((row) => Number(/(\d+\.\d+(?:\u202f\d+)?)/.exec(row)?.[1]?.replace('\u202f', '')))
}

/** The moment that the window shows, ns since boot; null: now. */
async function moment(page: Page): Promise<number | null> {
  const bar = page.getByTestId('moment-bar')
  if ((await bar.count()) === 0) return null
  const text = await bar.getAttribute('data-moment')
  return text === null || text === '' ? null : Number(text)
}

/** The panel on the faulty machine, paused after wip and opid have reported several wakeups. */
async function violated(): Promise<Panel> {
  const panel = await launch({ args: faulty })
  const { page } = panel
  await connected(page)
  await page.getByTestId('monitor-row-wip').click()
  // The program itself enables the monitor that reports the fault.
  await expect.poll(() => isOn(page, 'enable-wip')).toBe(true)
  await chooseReactor(page, 'wip', 'printk')
  await turn(page, 'enable-sched:opid', true)
  await turn(page, 'switch-stacks', true)
  await page.getByTestId('sim-speed').press('End')
  await expect
    .poll(
      async () =>
        Math.max(
          0,
          ...(await violationCards(page, 'wip').getByTestId('violation-count').allInnerTexts()).map(
            (n) => Number(n.slice(1))
          )
        ),
      { timeout: sooner }
    )
    .toBeGreaterThan(6)
  await page.getByTestId('sim-pause').click()
  await frames(page, 20)
  return panel
}

describe('the violations', () => {
  it('are found, grouped, walked through and reported as a user does', async () => {
    const panel = await violated()
    const { page } = panel
    await picture(page, 'violations')

    await page.getByTestId('violation-filter').fill('monitor:wip')
    await expect.poll(() => violationCards(page, 'opid').count()).toBe(0)
    expect(await count(page)).toMatch(/^\d+ of \d+$/)
    await page.getByTestId('violation-grouping').selectOption('edge')
    await expect.poll(() => violationCards(page, 'wip').count()).toBe(1)

    await page.getByTestId('violation-filter').press('ArrowDown')
    await page.keyboard.press('Enter')
    await page.getByTestId('violation-list').waitFor()
    await picture(page, 'violations-open')
    const times = await listed(page)
    expect(times.length).toBeGreaterThan(3)
    expect([...times].sort((a, b) => a - b)).toEqual(times)

    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('ArrowUp')
    await page.keyboard.press('Enter')
    await expect.poll(() => moment(page)).not.toBeNull()
    await picture(page, 'violations-moment')
    expect(panel.problems).toEqual([])
  })
})
