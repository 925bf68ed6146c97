import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { launch, picture } from './harness'
import { connected, turn } from './words'

const patience = 20_000

/** Opens the table of wwnr on a simulated kernel with many tasks, and waits for enough of them. */
async function wwnr(page: Page): Promise<void> {
  await connected(page)
  await page.getByTestId('monitor-row-wwnr').click()
  await turn(page, 'enable-wwnr', true)
  await page.getByTestId('tab-instances').click()
  await expect.poll(() => total(page), { timeout: 60_000 }).toBeGreaterThan(300)
}

/** Instances of the monitor, as the table counts them. */
async function total(page: Page): Promise<number> {
  return Number((await counts(page))[1])
}

/** Listed, and all. */
async function counts(page: Page): Promise<string[]> {
  const text = await page.getByTestId('instance-count').innerText()
  return text.replace(/[^0-9of ]/g, '').split(' of ')
}

/** Texts of a column's cells on the screen. */
function cells(page: Page, column: string): Promise<string[]> {
  return page
    .locator(`[data-testid="instance-grid"] .inner [data-column="${column}"]`)
    .allInnerTexts()
}

const numbers = (texts: readonly string[]): number[] =>
  texts.map((text) => Number(text.replace(/[^0-9.-]/g, '')))

describe('the table of instances', () => {
  it('lists 2,000 tasks: sorted, filtered, pinned, followed, by mouse and by keyboard', async () => {
    const panel = await launch({ args: ['--tasks', '2000'] })
    const { page } = panel
    await wwnr(page)
    // Only what is on the screen has elements.
    expect(await page.locator('[data-testid^="instance-row-"]').count()).toBeLessThan(80)

    // Sort.
    await page.getByTestId('instance-sort-transitions').click()
    const most = numbers(await cells(page, 'transitions'))
    expect(most[0]).toBeGreaterThan(1)
    await page.getByTestId('instance-sort-id').click()
    const ids = numbers(await cells(page, 'id'))
    expect(ids).toEqual([...ids].sort((a, b) => a - b))
    await page.emulateMedia({ colorScheme: 'dark' })
    await picture(page, 'instances-dark')

    // Filter as one types; what is wrong is said.
    const field = page.getByTestId('instance-filter')
    await field.fill('state:running')
    // A row that has left the state meanwhile says so until the list is made anew.
    const states = page.locator('.inner .row:not(.left) [data-column="state"]')
    await expect
      .poll(async () => new Set(await states.allInnerTexts()))
      .toEqual(new Set(['running']))
    await field.fill('pid:x')
    await expect
      .poll(() => page.getByTestId('instance-problems').innerText())
      .toContain('expected a number')
    await picture(page, 'instances-problem')
    await field.fill('nothing-is-called-so')
    await page.getByTestId('instances-empty').waitFor()
    await page.getByTestId('instances-empty').getByRole('button').click()
    await expect.poll(async () => (await counts(page))[0]).not.toBe('0')

    // The keyboard goes along the rows and follows one.
    const grid = page.getByTestId('instance-grid')
    await field.focus()
    await field.press('ArrowDown')
    await grid.press('End')
    await expect.poll(() => page.locator('.row.active').count()).toBe(1)
    const last = await page.locator('.row.active').getAttribute('aria-rowindex')
    expect(Number(last)).toBeGreaterThan(300)
    await grid.press('Enter')
    await expect.poll(() => page.locator('.row.active').getAttribute('aria-current')).toBe('true')

    // Pinned rows stand first, also after scrolling.
    const id = await page.locator('.row.active').getAttribute('data-testid')
    await grid.press('p')
    const pinned = page.locator(`.pinned [data-testid="${id ?? ''}"]`)
    await pinned.waitFor({ timeout: patience })
    await grid.press('Home')
    await pinned.waitFor()
    await grid.hover({ position: { x: 300, y: 200 } })
    await page.getByTestId('instance-held').waitFor()
    await picture(page, 'instances-pinned')

    await page.emulateMedia({ colorScheme: 'light' })
    await picture(page, 'instances-light')
    await panel.app.evaluate(({ BrowserWindow }) => {
      BrowserWindow.getAllWindows()[0]?.setSize(900, 760)
    })
    await picture(page, 'instances-narrow')
    await panel.close()
    expect(panel.problems).toEqual([])
  })
})
