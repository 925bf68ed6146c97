import { describe, expect, it } from 'vitest'
import type { Page } from 'playwright-core'
import { launch, picture } from './harness'

async function openModel(page: Page, name: string): Promise<void> {
  await page.getByTestId('models').click()
  await page.getByTestId(`shelf-${name}`).click()
  await page.getByTestId('editor').waitFor()
}

describe('the tools beside the editor', () => {
  it('explores a hybrid automaton until its invariant runs out', async () => {
    const panel = await launch()
    const { page } = panel
    await openModel(page, 'stall')
    await page.getByTestId('side-explore').click()
    await page.getByTestId('walk-state-dequeued').waitFor()
    const state = () => page.getByTestId('walk-state').innerText()
    await expect.poll(state).toBe('dequeued')
    await page.getByTestId('walk-event').fill('sched_wakeup')
    await page.keyboard.press('Enter')
    await expect.poll(state).toBe('enqueued')
    await page.getByTestId('walk-time').fill('600j')
    await page.getByTestId('walk-wait').click()
    const limit = () => page.getByTestId('walk-limit').getAttribute('aria-valuetext')
    await expect.poll(limit).toBe('400j left of 1000j')
    await picture(page, 'tools-explore')
    await page.getByTestId('walk-until').click()
    await expect.poll(() => page.getByTestId('walk-printed').innerText()).toContain(
      'rv: monitor stall does not allow event none on state enqueued with env clk=1000'
    )
    await picture(page, 'tools-violation')
    await page.getByTestId('history-1').click()
    await expect.poll(state).toBe('enqueued')
    for (const tab of ['paths', 'words', 'coverage']) {
      await page.getByTestId(`explore-${tab}`).click()
      if (tab === 'words') {
        await page.getByTestId('words-list').click()
        await page.getByTestId('words-total').waitFor()
      }
      if (tab === 'paths') await page.getByTestId('walk-random').click()
      await picture(page, `tools-${tab}`)
    }
    await panel.close()
    expect(panel.problems).toEqual([])
  })
})
