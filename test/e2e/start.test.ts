import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { frames, launch, picture, temporaryProfile, type Panel } from './harness'
import { connected, moves, phase } from './words'

const HOUR = 3_600_000

/** A profile whose panel has been used. */
function usedProfile(trace: string): string {
  const profile = temporaryProfile()
  mkdirSync(profile, { recursive: true })
  const now = Date.now()
  const ssh = { kind: 'ssh', destination: 'root@board-7' }
  const serial = { kind: 'serial', device: '/dev/ttyUSB0', baud: 115_200 }
  const sim = { cpus: 2, tasks: 40, seed: 9, scenario: 'starving-task' }
  const recent = [
    { target: { kind: 'sim', settings: sim }, at: now - 20_000, release: '7.3.0-rvpanel' },
    { target: { kind: 'recording', path: trace }, at: now - 26 * HOUR },
    { target: ssh, at: now - 2 * HOUR, release: '7.3.0-rt1', pinned: true },
    { target: serial, at: now - 90 * HOUR, release: '6.12.57' }
  ]
  writeFileSync(join(profile, 'settings.json'), JSON.stringify({ recent }))
  return profile
}

const resize = ({ app }: Panel, width: number, height: number): Promise<void> =>
  app.evaluate(
    ({ BrowserWindow }, [width, height]) => {
      BrowserWindow.getAllWindows()[0]?.setSize(width, height)
    },
    [width, height] as const
  )

const recentIn = (profile: string): unknown =>
  (JSON.parse(readFileSync(join(profile, 'settings.json'), 'utf8')) as { recent?: unknown }).recent

describe('the start page', () => {
  it('boots a kernel with a fault with one click, is come back to, and left again', async () => {
    const profile = usedProfile('/home/me/runs/monday.rvrec')
    const panel = await launch({ profile, args: ['--start'] })
    const { page } = panel
    await page.getByTestId('start-view').waitFor()
    expect(await phase(page)).toBe('none')
    expect(await page.getByTestId('monitor-tree').count()).toBe(0)
    await page.getByTestId('start-scenario-starving-task').waitFor()
    for (const scheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme: scheme })
      for (const [width, height] of [
        [1440, 900],
        [900, 760]
      ] as const) {
        await resize(panel, width, height)
        await frames(page, 20)
        const overflow = await page
          .getByTestId('start-view')
          .evaluate((one) => one.scrollWidth - one.clientWidth)
        expect(overflow).toBe(0)
        await picture(page, `start-${scheme}-${String(width)}`)
      }
    }
    await resize(panel, 1440, 900)
    await page.getByTestId('start-search').fill('preemption')
    await page.getByTestId('start-scenario-wakeup-with-preemption-on').click()
    await connected(page)
    await page.getByTestId('start-view').waitFor({ state: 'detached' })
    await page.locator('[data-testid^="violation-"]').first().waitFor()
    await page.getByTestId('sim-pause').waitFor()

    // Back to it by keyboard; the target stays connected, and one comes back to it.
    await page.keyboard.press('g')
    await page.keyboard.press('h')
    await page.getByTestId('start-view').waitFor()
    expect(await phase(page)).toBe('connected')
    await picture(page, 'start-connected')
    await page.keyboard.press('Escape')
    await page.getByTestId('start-view').waitFor({ state: 'detached' })

    // Closing the target leads to it too, and what was opened last is there.
    await page.keyboard.press('Control+k')
    await page.keyboard.type('disconnect')
    await page.keyboard.press('Enter')
    await page.getByTestId('start-view').waitFor()
    expect(await phase(page)).toBe('none')
    const names = page.getByTestId('recent-open')
    await names.first().filter({ hasText: 'root@board-7' }).waitFor()
    await names.nth(1).filter({ hasText: 'wakeup-with-preemption-on' }).waitFor()
    await names.nth(1).filter({ hasText: '4 CPUs, 24 tasks, seed 1 · just now' }).waitFor()
    await page.getByTestId('recent-forget').nth(2).click()
    await expect
      .poll(() => JSON.stringify(recentIn(profile)))
      .not.toContain('"scenario":"starving-task"')
    await names.nth(1).click()
    await connected(page)
    await moves(page)
    expect(panel.problems).toEqual([])
  })

  it('tells why a target cannot be had, tries again, and has the tour lead back to it', async () => {
    const missing = join(temporaryProfile(), 'gone.rvrec')
    const { page } = await launch({ args: [missing] })
    await page.getByTestId('start-error').filter({ hasText: 'gone.rvrec' }).waitFor()
    await picture(page, 'start-failed')
    const generation = page.getByTestId('start-error')
    await page.getByTestId('start-retry').click()
    await generation.filter({ hasText: 'gone.rvrec' }).waitFor()
    await page.getByTestId('start-tour').click()
    await page.getByTestId('tour').waitFor()
    await connected(page)
    await page.getByTestId('monitor-tree').waitFor()
    await page.getByTestId('tour-end').click()
    await page.getByTestId('start-view').waitFor()
    expect(await phase(page)).toBe('none')
  })

  it('is not in the way of who has said what to look at', async () => {
    const { page } = await launch()
    await page.getByTestId('monitor-row-wip').waitFor()
    expect(await page.getByTestId('start-view').count()).toBe(0)
  })
})
