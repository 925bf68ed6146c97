import { describe, expect, it } from 'vitest'
import { frames, launch, picture } from './harness'
import {
  chips,
  chooseReactor,
  connected,
  isOn,
  moves,
  phase,
  transitions,
  turn,
  violationCards
} from './words'

/** How long a violation may take to happen by itself. */
const sooner = 100_000
/** A machine with enough going on that wip's violation does not keep a test waiting. */
const busy = ['--cpus', '16', '--tasks', '160']

describe('a user’s first ten minutes on the simulated kernel', () => {
  it('finds four CPUs and the monitors wip and wwnr', async () => {
    const panel = await launch()
    const { page } = panel
    await connected(page)
    await page.getByTestId('monitor-row-wip').waitFor()
    await page.getByTestId('monitor-row-wwnr').waitFor()
    expect(await page.getByTestId('target-button').innerText()).toMatch(/simulated kernel.*4 CPUs/s)
    expect(await isOn(page, 'switch-monitoring_on')).toBe(true)
    await picture(page, 'first-sight')
    await panel.close()
    expect(panel.problems).toEqual([])
  })

  it('watches wip on every CPU, sees its violation and what led there', async () => {
    const panel = await launch()
    const { page } = panel
    await connected(page)
    await page.getByTestId('monitor-row-wip').click()
    await turn(page, 'enable-wip', true)
    await page.getByTestId('automaton').waitFor()
    await expect
      .poll(async () => Object.keys(await chips(page)).sort(), { timeout: 10_000 })
      .toEqual(['0', '1', '2', '3'])
    for (const state of Object.values(await chips(page))) {
      expect(state).toMatch(/^(non_)?preemptive$/)
    }
    await moves(page)
    await expect
      .poll(
        () =>
          page
            .getByTestId('edge')
            .evaluateAll((edges) => edges.every((e) => Number(e.getAttribute('data-count')) > 0)),
        { timeout: 10_000 }
      )
      .toBe(true)
    await picture(page, 'wip-live')

    const card = violationCards(page, 'wip').first()
    await card.waitFor({ timeout: sooner })
    if ((await page.getByTestId('violation-context').count()) === 0) {
      await card.getByRole('button').first().click()
    }
    const story = await card.innerText()
    expect(story).toMatch(/sched_waking/)
    expect(story).toMatch(/preemptive/)
    expect(story).toMatch(/CPU [0-3]/)
    // To the nanosecond, in groups of three.
    expect(story).toMatch(/\d+\.\d{6}(\u202f\d{3})?\s+s/)
    // The path ends where the model says no.
    expect(story).toMatch(/preempt_(en|dis)able/)
    await picture(page, 'wip-violation')
    await panel.close()
    expect(panel.problems).toEqual([])
  })

  it('lists wwnr’s tasks with their states, and sees the lost wakeup', async () => {
    const panel = await launch()
    const { page } = panel
    await connected(page)
    await page.getByTestId('monitor-row-wwnr').click()
    await turn(page, 'enable-wwnr', true)
    await page.getByTestId('tab-instances').click()
    const rows = page.locator('[data-testid^="instance-row-"]')
    await expect.poll(() => rows.count(), { timeout: 10_000 }).toBeGreaterThan(3)
    await expect
      .poll(async () => (await rows.allInnerTexts()).join(), { timeout: 10_000 })
      .toMatch(/running/)
    await picture(page, 'wwnr-instances')

    const card = violationCards(page, 'wwnr').first()
    await card.waitFor({ timeout: sooner })
    expect(await card.innerText()).toMatch(/wakeup[\s\S]*running/)
    await picture(page, 'wwnr-violation')
    await panel.close()
    expect(panel.problems).toEqual([])
  })

  it('switches monitoring off and on, and everything stands still in between', async () => {
    const { page } = await launch()
    await connected(page)
    await turn(page, 'enable-wip', true)
    await moves(page)
    await turn(page, 'switch-monitoring_on', false)
    await page.getByTestId('monitoring-off').waitFor()
    // What was on its way may still come in; after that nothing does.
    await frames(page, 60)
    const still = await transitions(page)
    await frames(page, 60)
    expect(await transitions(page)).toBe(still)
    await turn(page, 'switch-monitoring_on', true)
    await moves(page)
  })

  it('reads printk’s message in the kernel log', async () => {
    const { page } = await launch({ args: busy })
    await connected(page)
    await chooseReactor(page, 'wip', 'printk')
    await expect.poll(() => page.getByTestId('reactor-wip').innerText()).toBe('printk')
    await turn(page, 'enable-wip', true)
    await page.getByTestId('bottom-log').click()
    await expect
      .poll(() => page.getByTestId('kernel-log').innerText(), { timeout: sooner })
      .toMatch(/rv: monitor wip does not allow event sched_waking on state preemptive/)
    await picture(page, 'printk')
  })

  it('arms panic only when confirmed, sees the machine stop, and reboots it', async () => {
    const { page } = await launch({ args: busy })
    await connected(page)
    await chooseReactor(page, 'wip', 'panic')
    const name = page.getByTestId('confirm-panic')
    await name.waitFor()
    expect(await page.getByTestId('arm-panic').isDisabled()).toBe(true)
    await picture(page, 'panic-confirm')
    await name.fill('simulated kernel')
    await page.getByTestId('arm-panic').click()
    await expect.poll(() => page.getByTestId('reactor-wip').innerText()).toBe('panic')
    await page.getByTestId('enable-wip').click()
    await expect.poll(() => phase(page), { timeout: sooner }).toBe('panicked')
    // The machine stops in the reaction, before the violation's trace event: the message tells it.
    const message =
      'Kernel panic - not syncing: rv: monitor wip does not allow event sched_waking on state preemptive'
    expect(await page.getByTestId('panic-banner').innerText()).toContain(message)
    // What is drawn stays drawn.
    expect(Object.keys(await chips(page)).length).toBeGreaterThan(0)
    expect(await page.getByTestId('violations-empty').innerText()).toMatch(/stopped/)
    await page.getByTestId('bottom-log').click()
    await expect.poll(() => page.getByTestId('kernel-log').innerText()).toContain(message)
    await picture(page, 'panicked')
    await page.getByTestId('reboot').click()
    await connected(page)
    // A machine that has booted knows nothing of what was set before.
    await expect.poll(() => isOn(page, 'enable-wip')).toBe(false)
    expect(await page.getByTestId('reactor-wip').innerText()).toBe('nop')
    await turn(page, 'enable-wip', true)
    await moves(page)
  })
})
