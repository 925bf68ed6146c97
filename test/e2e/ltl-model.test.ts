import { describe, expect, it } from 'vitest'
import { frames, launch, picture } from './harness'
import { connected, turn } from './words'

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
    // Follow a task: its atoms are true or false, and its states are marked.
    await page.getByTestId('state-S0').click()
    await page.getByTestId('buchi-members').getByRole('button').nth(1).click()
    await expect
      .poll(() => formula.locator('[data-atom="USER_THREAD"]').first().getAttribute('data-value'))
      .toMatch(/^(true|false)$/)
    await expect.poll(() => page.locator('.state.in-set').count()).toBeGreaterThan(0)
    await frames(page, 4)
    await picture(page, 'ltl-sleep-followed')
    await panel.close()
    expect(panel.problems).toEqual([])
  })
})
