import { expect, it } from 'vitest'
import { launch, picture } from './harness'

const STEPS = [
  'welcome',
  'tree',
  'enable',
  'automaton',
  'slow',
  'fault',
  'red',
  'timeline',
  'tasks',
  'reactor',
  'end'
]

it('shows the window step by step on a machine of its own, and goes back to the one before', async () => {
  const { page } = await launch({ args: ['--seed', '7', '--cpus', '2'] })
  await page.keyboard.press('Control+k')
  await page.keyboard.type('tour')
  await page.keyboard.press('Enter')
  const card = page.getByTestId('tour')
  for (const step of STEPS) {
    await card.and(page.locator(`[data-step="${step}"]`)).waitFor()
    // What the step waits for has happened.
    await card.getByRole('status').waitFor({ state: 'detached' })
    // By keyboard: the next button has the focus.
    expect(await page.evaluate(() => document.activeElement?.getAttribute('data-testid'))).toBe(
      'tour-next'
    )
    const box = await card.boundingBox()
    expect(box !== null && box.x >= 0 && box.y >= 0).toBe(true)
    await picture(page, `tour-${step}`)
    if (step === 'automaton') {
      await page.keyboard.press('ArrowLeft')
      await card.and(page.locator('[data-step="enable"]')).waitFor()
      await page.keyboard.press('ArrowRight')
      await card.and(page.locator('[data-step="automaton"]')).waitFor()
    }
    if (step === 'fault') {
      expect(await page.getByTestId('violation-count').count()).toBeGreaterThan(0)
    }
    await page.keyboard.press('Enter')
  }
  await card.waitFor({ state: 'detached' })
  // The machine that was there before.
  await page.locator('[data-testid="status-phase"][data-phase="connected"]').waitFor()
  await page.getByTestId('machine').filter({ hasText: '2 CPUs, 24 tasks, seed 7' }).waitFor()
})
