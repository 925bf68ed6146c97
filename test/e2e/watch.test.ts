import { expect, it } from 'vitest'
import { launch, picture } from './harness'
import { connected, turn } from './words'

it('watches a monitor in three ways, and says which wherever its state is shown', async () => {
  const panel = await launch({ args: [] })
  const { page } = panel
  await connected(page)
  await page.getByTestId('monitor-row-wip').click()
  await turn(page, 'enable-wip', true)
  const badge = page.getByTestId('watch').getByTestId('watch-badge')
  await expect.poll(() => badge.innerText()).toMatch(/^streamed/)

  // By key: transitions are counted, and go on being counted.
  await page.keyboard.press('w')
  await page.keyboard.press('c')
  await expect.poll(() => badge.innerText()).toMatch(/^counted 2 Hz/)
  await page.getByTestId('timeline-watching').waitFor()
  await page.getByTestId('tab-instances').click()
  const states = page.locator('[data-testid="instance-grid"] .inner [data-column="state"]')
  await expect.poll(async () => new Set(await states.allInnerTexts())).toEqual(new Set(['unknown']))
  const transitions = page.locator('[data-testid="instance-row-0"] [data-column="transitions"]')
  const before = Number((await transitions.innerText()).replace(/\D/g, ''))
  await expect
    .poll(async () => Number((await transitions.innerText()).replace(/\D/g, '')))
    .toBeGreaterThan(before)
  await page.getByTestId('tab-automaton').click()
  await picture(page, 'watch-counted')

  // By menu: the latest states.
  await page.getByTestId('watch').click()
  await page.getByTestId('watch-sample').click()
  await expect.poll(() => badge.innerText()).toMatch(/^sampled \d+ Hz/)
  await page.getByTestId('tab-instances').click()
  await expect.poll(async () => (await states.allInnerTexts()).includes('unknown')).toBe(false)
  await picture(page, 'watch-sampled')
  await page.keyboard.press('w')
  await page.keyboard.press('a')
  await expect.poll(() => badge.innerText()).toMatch(/^streamed/)
  await panel.close()
})
