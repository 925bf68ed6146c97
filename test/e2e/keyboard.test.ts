import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { frames, launch } from './harness'

const press = (page: Page, ...keys: string[]): Promise<void> =>
  keys.reduce((before, key) => before.then(() => page.keyboard.press(key)), Promise.resolve())

/** Does something through the palette, as a user without a mouse does. */
async function palette(page: Page, query: string): Promise<void> {
  await press(page, 'Control+k')
  await page.getByTestId('palette-query').waitFor()
  await page.keyboard.type(query)
  await press(page, 'Enter')
  await page.getByTestId('palette').waitFor({ state: 'detached' })
}

/** What has the focus, as a selector would say it. */
const focused = (page: Page): Promise<string> =>
  page.evaluate(() => document.activeElement?.id ?? '')

describe('the window by keyboard alone', () => {
  it('enables a monitor, shows its automaton and instances, and goes to another one', async () => {
    const panel = await launch()
    const { page } = panel
    await page.getByTestId('monitor-row-wip').waitFor()

    await palette(page, 'enable wip')
    await page.locator('[data-live="true"]').waitFor()
    await press(page, 'g', 'i')
    await page.locator('[data-testid="tab-instances"][data-state="active"]').waitFor()
    await press(page, 'Alt+1')
    await page.locator('[data-testid="tab-automaton"][data-state="active"]').waitFor()

    await palette(page, 'go sched:sssw')
    await page.getByRole('heading', { level: 1, name: 'sched:sssw' }).waitFor()
    await press(page, '[')
    await page.getByRole('heading', { level: 1, name: 'sched:sssw' }).waitFor({ state: 'detached' })

    await palette(page, 'theme light')
    await page.locator('html[data-theme="light"]').waitFor()
    await palette(page, 'motion off')
    await page.locator('html[data-motion="off"]').waitFor()
    expect(panel.problems).toEqual([])
  })

  it('hides and shows panes, and the search takes what is typed', async () => {
    const { page } = await launch()
    const tree = page.getByTestId('monitor-row-wip')
    await tree.waitFor()
    await press(page, 'Control+b')
    await tree.waitFor({ state: 'detached' })
    await press(page, '/')
    await tree.waitFor()
    await frames(page, 2)
    expect(await focused(page)).toBe('monitor-search')
    // Letters that are typed are no shortcuts.
    await page.keyboard.type('g?wi')
    expect(await page.locator('#monitor-search').inputValue()).toBe('g?wi')
    expect(await page.getByTestId('shortcuts').count()).toBe(0)
  })

  it('lists its shortcuts, none of which means two things, and gives the focus back', async () => {
    const { page } = await launch()
    const row = page.getByTestId('monitor-row-wip')
    await row.waitFor()
    await row.focus()
    await press(page, '?')
    const list = page.getByTestId('shortcuts')
    await list.waitFor()
    const lines = await list.locator('.line').evaluateAll((all) =>
      all.map((line) => ({
        id: line.getAttribute('data-id') ?? '',
        keys: [...line.querySelectorAll('.caps')].map((one) => one.textContent)
      }))
    )
    const keys = lines.flatMap((line) => line.keys)
    expect(keys.length).toBeGreaterThan(20)
    expect(keys.filter((one, i) => keys.indexOf(one) !== i)).toEqual([])
    await press(page, 'Escape')
    await list.waitFor({ state: 'detached' })
    expect(await row.evaluate((one) => one === document.activeElement)).toBe(true)
  })
})
