import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { frames, launch, picture } from './harness'
import { chips, connected, moves, turn } from './words'

/** A machine with enough going on that wip's violation does not keep a test waiting. */
const busy = ['--cpus', '8', '--tasks', '80']
/** How long a violation may take to happen by itself. */
const sooner = 100_000

/** The moment that the window shows, ns since boot as text; empty: it has not arrived yet. */
async function moment(page: Page): Promise<string> {
  return (await page.getByTestId('moment-bar').getAttribute('data-moment')) ?? ''
}

/** Presses a key in the timeline and waits until another moment is shown than before. */
async function press(page: Page, key: string): Promise<string> {
  const bar = page.getByTestId('moment-bar')
  const before = (await bar.count()) > 0 ? await moment(page) : ''
  await page.getByTestId('timeline').press(key)
  await expect.poll(() => moment(page)).not.toBe(before)
  return moment(page)
}

describe('the timeline', () => {
  it('scrubs back: every view shows that moment, and one key leads back to live', async () => {
    const panel = await launch({ args: busy })
    const { page } = panel
    await connected(page)
    await page.getByTestId('monitor-row-wip').click()
    await turn(page, 'enable-wip', true)
    await moves(page)
    await page.locator('article[data-testid^="violation-"]').first().waitFor({ timeout: sooner })
    await picture(page, 'timeline-live')
    await page.getByTestId('time.previous-violation').click()
    await page.getByTestId('moment-bar').waitFor()
    await expect.poll(() => moment(page)).not.toBe('')
    await frames(page, 5)
    await picture(page, 'timeline-violation')
    console.log(await moment(page), await chips(page))
    await page.getByTestId('back-to-live').click()
    await page.getByTestId('moment-bar').waitFor({ state: 'detached' })
    await moves(page)
    await panel.close()
    expect(panel.problems).toEqual([])
  })
})
void press
