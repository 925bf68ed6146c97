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
    const [before] = (await listed(page)).slice(-2)
    expect((await moment(page)) ?? 0).toBeGreaterThan(0)
    await picture(page, 'violations-moment')
    // Everything stands at that moment: the automaton follows the CPU that violated.
    await expect.poll(() => page.getByText(/^Following/).count()).toBe(1)
    expect(Math.abs(((await moment(page)) ?? 0) / 1e9 - (before ?? 0))).toBeLessThan(1e-6)

    // The path leads back through the automaton, step by step.
    await page.getByTestId('violation-path').getByRole('button').first().click()
    await expect.poll(async () => ((await moment(page)) ?? 0) / 1e9).toBeLessThan(before ?? 0)
    await page.getByTestId('violation-moment').click()
    await expect
      .poll(async () => Math.abs(((await moment(page)) ?? 0) / 1e9 - (before ?? 0)))
      .toBeLessThan(1e-6)

    await page.getByTestId('preview-report').click()
    const report = await page.getByTestId('report-text').innerText()
    await picture(page, 'violations-report')
    expect(report).toContain('sched_waking')
    expect(report.replace(/ \\\n +/g, ' ')).toContain('--scenario wakeup-with-preemption-on')
    expect(Math.max(...report.split('\n').map((one) => one.length))).toBeLessThanOrEqual(78)
    await page.keyboard.press('Escape')
    await page.getByTestId('report-dialog').waitFor({ state: 'detached' })

    // Looked at, and left: the group is not new any more.
    await page.keyboard.press('l')
    await page.getByTestId('violation-filter').fill('')
    await page.locator('.card.open .head').click()
    await expect
      .poll(() => violationCards(page, 'wip').getByTestId('violation-new').count())
      .toBe(0)
    expect(await violationCards(page, 'opid').getByTestId('violation-new').count()).toBe(1)
    await page.getByTestId('violations-seen').click()
    expect(await page.getByTestId('violation-new').count()).toBe(0)

    await page.getByTestId('violation-filter').fill('monitor:nosuch cpu:x')
    await picture(page, 'violations-problems')
    expect(await page.getByTestId('violation-filter-problems').innerText()).toContain('nosuch')
    await page.getByTestId('violation-filter').fill('nothing_is_called_so')
    await page.getByTestId('violations-none').getByRole('button').click()
    await expect.poll(() => violationCards(page, 'wip').count()).toBe(1)
    expect(panel.problems).toEqual([])
  })
  it('are reached from the kernel log and from the event log', async () => {
    const { page, problems } = await violated()
    await page.keyboard.press('v')
    await page.keyboard.press('l')
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('log-filter')
    await page.getByTestId('log-rv-only').click()
    await page.getByTestId('log-level').selectOption({ label: 'warn and above' })
    expect(await page.getByTestId('log-filter').inputValue()).toBe('is:rv level<=warn')
    await page.getByTestId('log-violation').last().waitFor()
    await picture(page, 'violations-log')
    await page.getByTestId('log-violation').last().click()
    await page.getByTestId('violation-reaction').waitFor()
    expect(await page.getByTestId('violation-reaction').innerText()).toContain('printk')

    await page.keyboard.press('Escape')
    await page.getByTestId('bottom-events').click()
    await page.getByTestId('event-filter').fill('monitor:wip is:violation')
    // A violation is rare among the events: those that match gather while the others go by.
    await page.getByTestId('sim-pause').click()
    await page.getByTestId('event-violation').nth(1).waitFor({ timeout: sooner })
    await page.getByTestId('sim-pause').click()
    await page.getByTestId('event-filter').press('ArrowDown')
    await picture(page, 'violations-events')
    await page.getByTestId('event-violation').last().click()
    await page.locator('.card.open').filter({ hasText: 'wip' }).waitFor()

    // Scrolled away the list stands still, and says what has come since.
    await page.getByTestId('event-filter').fill('')
    await page.getByTestId('sim-pause').click()
    await page.getByTestId('event-table').getByRole('grid').press('Home')
    await expect.poll(() => page.getByTestId('tail-paused').innerText()).toMatch(/Paused · [1-9]/)
    await picture(page, 'violations-events-paused')
    await page.getByTestId('tail-follow').click()
    await expect.poll(() => page.getByTestId('tail-paused').count()).toBe(0)
    expect(problems).toEqual([])
  })

  it('of a formula are one cause for each task, also in a dark and narrow window', async () => {
    const panel = await launch({
      args: ['--cpus', '4', '--tasks', '40', '--scenario', 'sleep-in-wrong-call']
    })
    const { app, page } = panel
    await connected(page)
    await page.emulateMedia({ colorScheme: 'dark' })
    await expect.poll(() => isOn(page, 'enable-rtapp:sleep')).toBe(true)
    await page.getByTestId('sim-speed').press('End')
    const card = violationCards(page, 'rtapp:sleep').first()
    await expect
      .poll(async () => Number((await card.getByTestId('violation-count').innerText()).slice(1)), {
        timeout: sooner
      })
      .toBeGreaterThan(2)
    await page.getByTestId('sim-pause').click()
    await card.getByRole('button').first().click()
    await page.getByTestId('violation-path').waitFor()
    await picture(page, 'violations-ltl-dark')
    await app.evaluate(({ BrowserWindow }) => {
      BrowserWindow.getAllWindows()[0]?.setSize(820, 700)
    })
    // A narrow window closes its drawers when it becomes one.
    await page.getByTestId('violations').waitFor({ state: 'detached' })
    await page.keyboard.press('v')
    await page.keyboard.press('f')
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.id))
      .toBe('violation-filter')
    await frames(page, 20)
    await picture(page, 'violations-narrow-dark')
    expect(panel.problems).toEqual([])
  })
})
