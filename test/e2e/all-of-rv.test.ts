import { describe, expect, it } from 'vitest'
import { launch, picture } from './harness'
import { connected, isOn, moves, turn, violationCards } from './words'

/** How long a fault may take to be reported. */
const sooner = 60_000

describe('all of RV on the simulated kernel', () => {
  it('has every monitor of the kernel in the tree, and runs a whole container', async () => {
    const panel = await launch()
    const { page } = panel
    await connected(page)
    for (const name of ['sched', 'rtapp', 'stall', 'deadline']) {
      await page.getByTestId(`monitor-row-${name}`).waitFor()
    }
    await turn(page, 'enable-sched', true, 20_000)
    for (const child of ['opid', 'sssw', 'nrp', 'sts', 'snep', 'scpd', 'snroc', 'sco']) {
      await expect.poll(() => isOn(page, `enable-sched:${child}`), { timeout: 10_000 }).toBe(true)
    }
    await page.getByTestId('monitor-row-sched:sssw').click()
    await moves(page)
    await picture(page, 'sched-sssw')
    await turn(page, 'enable-rtapp', true, 20_000)
    await page.getByTestId('monitor-row-rtapp:sleep').click()
    await picture(page, 'rtapp-sleep')
    await turn(page, 'enable-deadline', true, 20_000)
    await page.getByTestId('monitor-row-deadline:nomiss').click()
    await moves(page)
    await picture(page, 'deadline-nomiss')
    await panel.close()
    expect(panel.problems).toEqual([])
  })

  it('boots with a fault from the list, and the monitor that it is for reports it', async () => {
    const panel = await launch()
    const { page } = panel
    await connected(page)
    await page.getByTestId('sim-scenario').click()
    await page.getByTestId('scenario-search').fill('scheduler')
    await page.getByTestId('scenario-state-set-in-schedule').waitFor()
    await picture(page, 'scenarios')
    await page.getByTestId('scenario-state-set-in-schedule').click()
    await page.getByTestId('scenario-dialog').waitFor({ state: 'detached' })
    await expect.poll(() => isOn(page, 'enable-sched:sco'), { timeout: 20_000 }).toBe(true)
    const card = violationCards(page, 'sched:sco').first()
    await card.waitFor({ timeout: sooner })
    expect(await card.innerText()).toMatch(/sched_set_state[\s\S]*scheduling_context/)
    await picture(page, 'scenario-sco')
    await panel.close()
    expect(panel.problems).toEqual([])
  })

  it('opens with a fault and a parameter of the command line', async () => {
    const panel = await launch({
      args: ['--scenario', 'starving-task', '--param', 'stall.threshold_jiffies=50']
    })
    const { page } = panel
    await connected(page)
    await expect.poll(() => isOn(page, 'enable-stall'), { timeout: 20_000 }).toBe(true)
    // What the fault is for is what the window opens on.
    await expect
      .poll(() => page.getByTestId('automaton').innerText(), { timeout: 10_000 })
      .toMatch(/enqueued/)
    const card = violationCards(page, 'stall').first()
    await card.waitFor({ timeout: sooner })
    expect(await card.innerText()).toMatch(/enqueued/)
    await picture(page, 'scenario-stall')
    await panel.close()
    expect(panel.problems).toEqual([])
  })
})
