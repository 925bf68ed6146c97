import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import type { Panel } from './harness'
import { launch, picture, temporaryProfile } from './harness'
import { chips, connected, isOn, moves, turn } from './words'

/** What the dialogs of the system answer from here on. */
function choose(panel: Panel, path: string): Promise<void> {
  return panel.app.evaluate(({ dialog }, chosen) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath: chosen })
  }, path)
}

async function save(panel: Panel, file: string, format: 'svg' | 'png'): Promise<Buffer> {
  await choose(panel, file)
  await panel.page.getByTestId('picture-menu').click()
  await panel.page.getByTestId(`save-${format}`).click()
  await panel.page.getByText(`Saved as ${file}.`).waitFor()
  return readFileSync(file)
}

/** How warm the edges are, by their attribute. */
function warmth(page: Page): Promise<(string | null)[]> {
  return page
    .locator('.edge')
    .evaluateAll((edges) => edges.map((edge) => edge.getAttribute('data-heat')))
}

describe('the live automaton', () => {
  it('moves chips, shows heat, follows a CPU, and becomes a picture', async () => {
    const profile = temporaryProfile()
    const panel = await launch({ profile, args: ['--cpus', '4'] })
    const { page } = panel
    await connected(page)
    await page.getByTestId('monitor-row-wip').click()
    if (!(await isOn(page, 'enable-wip'))) await turn(page, 'enable-wip', true)
    await moves(page)
    const before = JSON.stringify(await chips(page))
    await expect.poll(async () => JSON.stringify(await chips(page))).not.toBe(before)

    await page.getByTestId('heat-rate').click()
    await expect
      .poll(async () => (await warmth(page)).some((heat) => heat !== null && heat !== '0%'))
      .toBe(true)
    await page.getByTestId('heat-off').click()
    await expect.poll(async () => new Set(await warmth(page))).toEqual(new Set(['0%']))
    await page.getByTestId('heat-count').click()
    await page.getByTestId('heat-legend').waitFor()

    await page.getByTestId('chip-2').dispatchEvent('click')
    await expect.poll(() => page.getByTestId('following').innerText()).toContain('CPU 2')
    await picture(page, 'automaton-wip')

    // Larger than the pane: a map of the whole appears, and goes when the drawing fits again.
    await page.getByTestId('automaton').focus()
    for (let i = 0; i < 6; i++) await page.keyboard.press('+')
    await page.keyboard.press('ArrowLeft')
    await page.getByTestId('minimap').waitFor()
    await picture(page, 'automaton-minimap')
    await page.keyboard.press('0')
    await page.getByTestId('minimap').waitFor({ state: 'detached' })

    const svg = (await save(panel, join(profile, 'wip.svg'), 'svg')).toString()
    expect(svg).toMatch(/^<svg [^>]*viewBox=/)
    expect(svg).toContain('preempt_disable')
    expect(svg).not.toMatch(/var\(|color-mix|class=|data-/)
    const png = await save(panel, join(profile, 'wip.png'), 'png')
    expect(png.subarray(1, 4).toString()).toBe('PNG')
    expect(png.readUInt32BE(16)).toBeGreaterThan(400)
    await page.getByTestId('picture-menu').click()
    await page.getByTestId('copy-png').click()
    await page.getByText('The picture is in the clipboard.').waitFor()
    const copied = await panel.app.evaluate(({ clipboard }) => clipboard.readImage().getSize())
    expect(copied.width).toBe(png.readUInt32BE(16))

    await page.getByTestId('automaton').focus()
    await page.keyboard.press('Escape')
    await page.getByTestId('following').waitFor({ state: 'detached' })
    await panel.close()
    expect(panel.problems).toEqual([])
  })

  it('opens a state into a list that is searched, of which one is followed', async () => {
    const panel = await launch({ args: ['--tasks', '500'] })
    const { page } = panel
    await connected(page)
    await turn(page, 'enable-sched:sssw', true)
    await page.getByTestId('monitor-row-sched:sssw').click()
    await moves(page)
    await page.getByTestId('state-sleeping').dispatchEvent('click')
    const members = page.getByTestId('state-members')
    const rows = members.locator('[data-testid^="member-"][aria-pressed]')
    await rows.first().waitFor()
    await picture(page, 'automaton-sssw')
    await page.getByTestId('member-search').fill('no such task')
    await expect.poll(() => members.innerText()).toContain('No instance matches.')
    await page.getByTestId('member-search').fill('')
    // By its own name: the list is sorted by time, and goes on.
    const row = page.getByTestId((await rows.first().getAttribute('data-testid')) ?? '')
    const name = (await row.innerText()).split('\n')[0] ?? ''
    await row.click()
    await expect.poll(() => page.getByTestId('following').innerText()).toContain(name)
    await picture(page, 'automaton-members')
    await page.keyboard.press('Escape')
    await panel.close()
    expect(panel.problems).toEqual([])
  })

  it('runs the clock of stall towards its limit, and draws where it broke', async () => {
    const panel = await launch({
      args: ['--scenario', 'starving-task', '--param', 'stall.threshold_jiffies=50']
    })
    const { page } = panel
    await connected(page)
    await expect.poll(() => isOn(page, 'enable-stall'), { timeout: 20_000 }).toBe(true)
    const bar = page.getByTestId('clock-nearest').getByTestId('clock-bar')
    await expect
      .poll(async () => Number(await bar.getAttribute('aria-valuenow')), { timeout: 60_000 })
      .toBeGreaterThan(50)
    expect(await bar.getAttribute('aria-valuetext')).toMatch(/^≈ \d+ of 50 jiffies/)
    await picture(page, 'automaton-stall')
    const refused = page.getByTestId('refused').first()
    await refused.waitFor({ timeout: 60_000 })
    expect(await refused.getAttribute('data-from')).toBe('enqueued')
    // As many as the tree counts, once both have the newest.
    await page.getByTestId('sim-pause').click()
    await expect
      .poll(async () => {
        const drawn = await page
          .getByTestId('refused')
          .evaluateAll((all) => all.map((one) => Number(one.getAttribute('data-count'))))
        const row = await page.getByTestId('monitor-row-stall').innerText()
        return row.split('\n').includes(String(drawn.reduce((a, b) => a + b, 0)))
      })
      .toBe(true)
    await picture(page, 'automaton-stall-violated')
    await panel.close()
    expect(panel.problems).toEqual([])
  })
})
