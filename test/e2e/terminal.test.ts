import { describe, expect, it } from 'vitest'
import type { Page } from 'playwright-core'
import { launch, picture } from './harness'
import { connected, isOn } from './words'

/** Rows of the terminal that are on the screen, as text. */
const screen = (page: Page): Promise<string> =>
  page
    .getByTestId('terminal')
    .locator('.xterm-rows > div')
    .evaluateAll((rows) => rows.map((row) => row.textContent.trimEnd()).join('\n'))

const shows = (page: Page, pattern: RegExp): Promise<void> =>
  expect.poll(() => screen(page), { timeout: 15_000 }).toMatch(pattern)

describe('the terminal', () => {
  it('changes the target, which the tree shows, and keeps its screen while another tab is shown', async () => {
    const panel = await launch()
    const { page } = panel
    await connected(page)
    await page.getByTestId('bottom-terminal').click()
    await shows(page, /\/sys\/kernel\/tracing#\s*$/)
    await page.keyboard.type('echo wip > rv/enabled_monitors')
    await page.keyboard.press('Enter')
    await expect.poll(() => isOn(page, 'enable-wip'), { timeout: 10_000 }).toBe(true)
    await page.keyboard.type('cat rv/en')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await shows(page, /cat rv\/enabled_monitors\s+wip\n/)
    await page.getByTestId('bottom-log').click()
    await page.getByTestId('bottom-terminal').click()
    await shows(page, /cat rv\/enabled_monitors\s+wip\n/)
    await picture(page, 'terminal')
    await panel.close()
    expect(panel.problems).toEqual([])
  })

  it('asks before several lines are pasted', async () => {
    const panel = await launch()
    const { app, page } = panel
    await connected(page)
    await page.getByTestId('bottom-terminal').click()
    await shows(page, /#\s*$/)
    await app.evaluate(({ clipboard }) => {
      clipboard.writeText('echo one\necho two\n')
    })
    await page.keyboard.press('Control+Shift+V')
    await page.getByTestId('paste-lines').getByRole('button').first().click()
    await shows(page, /\none\n[\s\S]*\ntwo\n/)
    await panel.close()
    expect(panel.problems).toEqual([])
  })
})
