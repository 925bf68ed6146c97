import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Page } from 'playwright-core'
import type { Panel } from './harness'
import { launch, picture, temporaryProfile } from './harness'

async function openModel(page: Page, name: string): Promise<void> {
  await page.getByTestId('models').click()
  await page.getByTestId(`shelf-${name}`).click()
  await page.getByTestId('editor').waitFor()
}

/** What the dialogs of the system answer from here on. */
function choose(panel: Panel, path: string): Promise<void> {
  return panel.app.evaluate(({ dialog }, chosen) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [chosen] })
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath: chosen })
  }, path)
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
    await expect
      .poll(() => page.getByTestId('walk-printed').innerText())
      .toContain('rv: monitor stall does not allow event none on state enqueued with env clk=1000')
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
      if (tab === 'coverage') {
        await choose(panel, join(import.meta.dirname, '../fixtures/trace/stall.trace.txt'))
        await page.getByTestId('coverage-recording').click()
        await expect
          .poll(() => page.getByTestId('coverage-sentence').innerText())
          .toMatch(/^4 of 7 transitions were taken/)
      }
      await picture(page, `tools-${tab}`)
    }
    await panel.close()
    expect(panel.problems).toEqual([])
  })

  it('compares, generates and exports', async () => {
    const profile = temporaryProfile()
    const panel = await launch({ profile })
    const { page } = panel
    const folder = join(profile, 'out')
    mkdirSync(folder)
    await openModel(page, 'wip')

    await page.getByTestId('side-compare').click()
    await page.getByTestId('compare-with').selectOption('shelf:snroc')
    await expect
      .poll(() => page.getByTestId('compare-result').innerText())
      .toBe('wip and snroc are different: each accepts what the other refuses.')
    await page.getByTestId('witness').first().getByTestId('witness-0').click()
    await page.getByTestId('walk-state-own_context').waitFor()
    await picture(page, 'tools-compare')

    await page.getByTestId('side-generate').click()
    await page.getByTestId('gen-file-wip.h').click()
    const code = page.getByTestId('code-view').locator('.cm-content')
    await expect.poll(() => code.innerText()).toContain('enum states_wip')
    await page.getByTestId('gen-name').fill('wip2')
    await page.getByTestId('gen-file-wip2.c').click()
    await expect.poll(() => code.innerText()).toContain('#define MODULE_NAME "wip2"')
    await picture(page, 'tools-generate')
    await page.getByTestId('gen-what').selectOption('kunit')
    await page.getByTestId('gen-file-wip2_kunit.c').click()
    await expect.poll(() => code.innerText()).toContain('rv_wip2_ops')
    await page.getByTestId('gen-what').selectOption('monitor')
    await page.getByTestId('gen-file-wip2_kunit.c').waitFor({ state: 'detached' })
    mkdirSync(join(folder, 'wip2'))
    writeFileSync(join(folder, 'wip2', 'Kconfig'), 'mine\n')
    await choose(panel, folder)
    await page.getByTestId('gen-save').click()
    await page.getByTestId('gen-overwrite').waitFor()
    expect(readFileSync(join(folder, 'wip2', 'Kconfig'), 'utf8')).toBe('mine\n')
    expect(existsSync(join(folder, 'wip2', 'wip2.c'))).toBe(false)
    await page.getByTestId('gen-overwrite').click()
    await page.getByTestId('gen-said').waitFor()
    expect(readFileSync(join(folder, 'wip2', 'Kconfig'), 'utf8')).toContain('config RV_MON_WIP2')

    await page.getByTestId('side-export').click()
    await page.getByTestId('export-picture').waitFor()
    await picture(page, 'tools-export')
    for (const format of ['png', 'txt']) {
      await page.getByTestId(`export-${format}`).click()
      if (format === 'txt') {
        await page.getByTestId('export-comment').check()
        await expect.poll(() => code.innerText()).toContain(' * ')
        await picture(page, 'tools-export-text')
      }
      const file = join(folder, `wip.${format}`)
      await choose(panel, file)
      await page.getByTestId('export-save').click()
      await expect.poll(() => existsSync(file)).toBe(true)
    }
    expect(readFileSync(join(folder, 'wip.png')).subarray(1, 4).toString()).toBe('PNG')
    expect(readFileSync(join(folder, 'wip.txt'), 'utf8')).toMatch(/^\/\*\n \*/)

    await page.getByTestId('side-compare').click()
    await page.getByTestId('operate-complement').click()
    await expect.poll(() => page.getByTestId('editor-name').inputValue()).toBe('wip_not')
    await picture(page, 'tools-made')
    await panel.close()
    expect(panel.problems).toEqual([])
  })
})
