import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { frames, launch, picture } from './harness'
import { connected, turn } from './words'

/** Whether the count of S0 is the number of tasks that its list has. */
async function same(page: Page): Promise<boolean> {
  const count = await page.getByTestId('state-S0').getAttribute('data-count')
  return (await page.getByTestId('buchi-members').locator('li').count()) === Number(count)
}

describe('a formula, live', () => {
  it('has its atoms’ values, the tasks in each state, and what of it failed', async () => {
    const panel = await launch({ args: ['--scenario', 'sleep-in-wrong-call'] })
    const { page } = panel
    await connected(page)
    await turn(page, 'enable-rtapp', true, 20_000)
    await page.getByTestId('monitor-row-rtapp:sleep').click()
    const formula = page.getByTestId('ltl-formula')
    await formula.waitFor()
    expect(await formula.innerText()).toContain('always')
    // Sets of a running machine: some task is in the state that asks for nothing.
    await expect
      .poll(async () => Number(await page.getByTestId('state-S0').getAttribute('data-count')), {
        timeout: 20_000
      })
      .toBeGreaterThan(0)
    await expect
      .poll(
        async () =>
          Number(await formula.locator('[data-atom="RT"]').first().getAttribute('data-value')),
        { timeout: 20_000 }
      )
      .toBeGreaterThan(0)
    const violated = page.getByTestId('ltl-violated')
    await violated.waitFor({ timeout: 60_000 })
    expect(await violated.innerText()).toMatch(/imply[\s\S]*RT ✓/)
    await picture(page, 'ltl-sleep')
    await page.getByTestId('buchi-size').click()
    await frames(page, 4)
    await picture(page, 'ltl-sleep-large')
    await page.getByTestId('buchi-size').click()
    // Follow a task: its atoms are true or false, and its states are marked.
    await page.getByTestId('state-S0').click()
    await page.getByTestId('buchi-members').getByRole('button').nth(1).click()
    await expect
      .poll(() => formula.locator('[data-atom="USER_THREAD"]').first().getAttribute('data-value'))
      .toMatch(/^(true|false)$/)
    await expect.poll(() => page.locator('.state.in-set').count()).toBeGreaterThan(0)
    await frames(page, 4)
    await picture(page, 'ltl-sleep-followed')
    // Where the machine stands still, each state has as many tasks as its list.
    await page.getByTestId('sim-pause').click()
    await expect.poll(() => same(page)).toBe(true)
    await page.emulateMedia({ colorScheme: 'dark' })
    await panel.app.evaluate(({ BrowserWindow }) => {
      BrowserWindow.getAllWindows()[0]?.setBounds({ x: 0, y: 0, width: 900, height: 760 })
    })
    await expect.poll(() => page.evaluate(() => innerWidth)).toBe(900)
    await frames(page, 4)
    await picture(page, 'ltl-sleep-narrow')
    await page.getByTestId('tab-model').click()
    await page.getByTestId('model-definition').click()
    await page.getByTestId('model-tuple').waitFor()
    await picture(page, 'model-sleep-narrow')
    await panel.close()
    expect(panel.problems).toEqual([])
  })
})

describe('the model of a monitor', () => {
  it.each([
    ['wip', 'non_preemptive', 'G = {', 'preempt_disable', 'handle_start_event', 'enum states_wip'],
    ['stall', 'clk', 'H = {', 'threshold_jiffies', 'sched_switch', 'MODULE_NAME'],
    ['rtapp:sleep', 'RULE', 'B = {', 'FUTEX_WAIT', 'sys_exit', 'MODULE_NAME']
  ])('of %s has five parts', async (monitor, source, tuple, table, rules, code) => {
    const panel = await launch()
    const { page } = panel
    const name = monitor.split(':').pop() ?? ''
    await connected(page)
    await page.getByTestId(`monitor-row-${monitor}`).click()
    await page.getByTestId('tab-model').click()
    const model = page.getByTestId('model')
    await page.getByTestId('code-view').getByText(source).first().waitFor()
    await picture(page, `model-${name}-source`)
    await page.getByTestId('model-definition').click()
    await model.getByText(tuple).waitFor()
    await picture(page, `model-${name}-definition`)
    await page.getByTestId('model-table').click()
    await model.locator('table').getByText(table).first().waitFor()
    if (monitor !== 'rtapp:sleep') {
      await model.locator('table button').first().click()
      await model.locator('.edge.taken').waitFor()
    }
    await picture(page, `model-${name}-table`)
    await page.getByTestId('model-instrumentation').click()
    await page.getByTestId('model-rules').getByText(rules).first().waitFor()
    await page.getByTestId('code-view').getByText(`monitor`).first().waitFor()
    await picture(page, `model-${name}-instrumentation`)
    await page.getByTestId('model-code').click()
    await page.getByTestId(`model-c-${name}.c`).waitFor()
    if (code.startsWith('enum')) await page.getByTestId(`model-c-${name}.h`).click()
    await page.getByTestId('code-view').getByText(code).first().waitFor()
    await picture(page, `model-${name}-code`)
    await panel.close()
    expect(panel.problems).toEqual([])
  })
})
