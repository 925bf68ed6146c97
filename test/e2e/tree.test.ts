import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { launch, picture, temporaryProfile } from './harness'
import { connected, isOn, turn } from './words'

const models = join(dirname(dirname(dirname(fileURLToPath(import.meta.url)))), 'models')

/** A folder with one more per-task monitor than a kernel with eight slots takes. */
function oneMoreTaskMonitor(): string {
  const folder = join(temporaryProfile(), 'models')
  mkdirSync(folder)
  const renamed = (file: string): string =>
    readFileSync(join(models, file), 'utf8').replaceAll('wwnr', 'woken')
  writeFileSync(join(folder, 'woken.dot'), renamed('wwnr.dot'))
  writeFileSync(join(folder, 'woken.yaml'), renamed('wwnr.yaml'))
  return folder
}

describe('the tree of monitors', () => {
  it('is searched by states, walked by keys, and its changes are undone', async () => {
    const panel = await launch()
    const { page } = panel
    await connected(page)
    await page.getByTestId('search').fill('scheduling_context')
    await expect
      .poll(() => page.getByTestId('monitor-tree').getByRole('row').allInnerTexts())
      .toEqual([
        expect.stringMatching(/^sched\b/),
        expect.stringMatching(/snep[\s\S]*state non_scheduling_context/),
        expect.stringMatching(/sco[\s\S]*scheduling_context/)
      ])
    await picture(page, 'tree-search')
    await page.keyboard.press('Enter')
    await page.keyboard.press('End')
    await page.keyboard.press('Space')
    await expect.poll(() => isOn(page, 'enable-sched:sco')).toBe(true)
    await page.getByTestId('search').fill('')
    // Into the container: its other monitors come on, and undo leaves the one that was on.
    await turn(page, 'enable-sched', true)
    await expect.poll(() => isOn(page, 'enable-sched:sts')).toBe(true)
    await page.getByTestId('undo').click()
    await expect.poll(() => isOn(page, 'enable-sched:sts')).toBe(false)
    // The container goes off on the way, and with it for a moment this one.
    await expect.poll(() => isOn(page, 'enable-sched:sco')).toBe(true)
    await page.getByTestId('redo').click()
    await expect.poll(() => isOn(page, 'enable-sched:sts')).toBe(true)
    await panel.close()
    expect(panel.problems).toEqual([])
  })

  it('says who has the slots where a monitor is refused, and makes room', async () => {
    const panel = await launch({ args: ['--models', oneMoreTaskMonitor()] })
    const { page } = panel
    await connected(page)
    for (const name of ['sched', 'rtapp', 'wwnr', 'stall']) await turn(page, `enable-${name}`, true)
    await page.getByTestId('enable-woken').click()
    const row = page.getByTestId('monitor-row-woken')
    await expect.poll(() => row.innerText()).toMatch(/all per-task monitor slots[\s\S]*stall/)
    expect(await isOn(page, 'enable-woken')).toBe(false)
    await picture(page, 'tree-refused')
    await page.getByTestId('make-room-stall').click()
    await expect.poll(() => isOn(page, 'enable-woken')).toBe(true)
    expect(await isOn(page, 'enable-stall')).toBe(false)
    await panel.close()
    expect(panel.problems).toEqual([])
  })

  it('the account of what was seen adds up', async () => {
    const panel = await launch()
    const { page } = panel
    await connected(page)
    await turn(page, 'enable-wip', true)
    await page.getByTestId('account-open').click()
    const row = page.getByTestId('account-events')
    const value = async (column: string): Promise<number> => {
      const text = await row.locator(`[data-column="${column}"]`).innerText()
      return Number(text.replaceAll(/\s/g, ''))
    }
    await expect.poll(() => value('arrived'), { timeout: 20_000 }).toBeGreaterThan(100)
    const [written, read, entries, overrun, dropped] = await row
      .locator('td')
      .allInnerTexts()
      .then((cells) => cells.map((cell) => Number(cell.replaceAll(/\s/g, ''))))
    expect(written).toBe((read ?? 0) + (entries ?? 0) + (overrun ?? 0) + (dropped ?? 0))
    await picture(page, 'account')
    await panel.close()
    expect(panel.problems).toEqual([])
  })
})
