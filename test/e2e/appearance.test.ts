import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { frames, launch, picture, temporaryProfile } from './harness'

/** A window whose settings are these. */
async function withSettings(settings: Record<string, unknown>) {
  const profile = temporaryProfile()
  mkdirSync(profile, { recursive: true })
  writeFileSync(join(profile, 'settings.json'), JSON.stringify(settings))
  const panel = await launch({ profile })
  await panel.page.getByTestId('monitor-row-wip').waitFor()
  return panel
}

async function enable(page: Page, name: string): Promise<void> {
  await page.getByTestId(`monitor-row-${name}`).getByRole('switch').click()
  await page.locator('[data-live="true"]').waitFor()
}

const height = (page: Page, id: string): Promise<number> =>
  page.getByTestId(id).evaluate((one) => one.getBoundingClientRect().height)

describe('the appearance', () => {
  it('compact has more rows in the tree, in tables and in logs, without a restart', async () => {
    const { page, problems } = await withSettings({ theme: 'dark', density: 'comfortable' })
    await enable(page, 'wwnr')
    await page.getByTestId('monitor-row-wwnr').click()
    await page.getByTestId('tab-instances').click()
    const rows = page.locator('[data-testid^="instance-row-"]')
    await rows.nth(5).waitFor()
    await picture(page, 'density-comfortable')
    const tall = {
      tree: await height(page, 'monitor-row-wip'),
      row: await rows.first().evaluate((one) => one.getBoundingClientRect().height)
    }
    await page.keyboard.press('Control+k')
    await page.keyboard.type('density compact')
    await page.keyboard.press('Enter')
    await page.locator('html[data-density="compact"]').waitFor()
    await frames(page, 30)
    expect(await height(page, 'monitor-row-wip')).toBeLessThan(tall.tree)
    // Rows stand one below the other without a gap, at the new height.
    const boxes = await rows.evaluateAll((all) =>
      all
        .map((one) => one.getBoundingClientRect())
        .map(({ top, height }) => ({ top, height }))
        .sort((a, b) => a.top - b.top)
    )
    expect(boxes[0]?.height).toBeLessThan(tall.row)
    for (let i = 1; i < boxes.length; i++) {
      expect((boxes[i]?.top ?? 0) - (boxes[i - 1]?.top ?? 0)).toBeCloseTo(boxes[0]?.height ?? 0, 0)
    }
    await picture(page, 'density-compact')
    expect(problems).toEqual([])
  })

  it('of states changes with the set of colours, and stays in forced colours', async () => {
    const { page, problems } = await withSettings({ theme: 'light' })
    await enable(page, 'wwnr')
    await page.getByTestId('monitor-row-wwnr').click()
    // The table of the model has every state, whatever the tasks do.
    await page.getByTestId('tab-model').click()
    await page.getByTestId('model-table').click()
    const swatch = page.locator('.chip-state.sc-1').first()
    await swatch.waitFor()
    const shown = (): Promise<string> =>
      swatch.evaluate((one) => getComputedStyle(one, '::before').backgroundColor)
    const hue = await shown()
    await picture(page, 'states-hues')
    await page.keyboard.press('Control+k')
    await page.keyboard.type('state colours lightness')
    await page.keyboard.press('Enter')
    await page.locator('html[data-colours="lightness"]').waitFor()
    await expect.poll(shown).not.toBe(hue)
    await frames(page, 60)
    await picture(page, 'states-lightness')
    const step = await shown()
    await page.emulateMedia({ forcedColors: 'active' })
    expect(await shown()).toBe(step)
    // The colour is not alone: there is a sign in front of the name.
    const sign = await swatch.evaluate((one) => getComputedStyle(one, '::before').backgroundImage)
    expect(sign).toContain('gradient')
    await frames(page, 60)
    await picture(page, 'states-forced-colours')
    await page.getByTestId('tab-automaton').click()
    await frames(page, 60)
    await picture(page, 'automaton-forced-colours')
    await page.emulateMedia({ forcedColors: 'none', contrast: 'more' })
    await frames(page, 60)
    await picture(page, 'automaton-more-contrast')
    expect(problems).toEqual([])
  })

  it('has motion that the system’s wish switches off, unless the user wants it', async () => {
    const { page } = await withSettings({})
    await page.emulateMedia({ reducedMotion: 'reduce' })
    await page.locator('html[data-motion="off"]').waitFor()
    await page.keyboard.press('Control+,')
    await page.getByTestId('setting-motion-on').check({ force: true })
    await page.locator('html[data-motion="on"]').waitFor()
  })
})
