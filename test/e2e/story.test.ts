import { expect, it } from 'vitest'
import { launch, picture } from './harness'

it('tells its film to the end by itself, and again', async () => {
  const { page } = await launch({ args: ['--kiosk', '--kiosk-speed', '20'] })
  const kiosk = page.getByTestId('kiosk')
  const seen: string[] = []
  const at = async (step: string): Promise<void> => {
    await kiosk
      .and(page.locator(`[data-step="${step}"][data-phase="staying"]`))
      .waitFor({ timeout: 90_000 })
    seen.push(step)
    await picture(page, `kiosk-${step}`)
  }
  await at('kernel')
  await at('refused')
  expect(await page.getByTestId('refused').count()).toBeGreaterThan(0)
  await at('end')
  await page.locator('[data-testid="kiosk"][data-told="1"]').waitFor({ timeout: 60_000 })
  await at('kernel')
  expect(seen).toEqual(['kernel', 'refused', 'end', 'kernel'])
})

it('explains what is touched, stands still meanwhile, and begins anew when the visitor has gone', async () => {
  const { page } = await launch({ args: ['--kiosk', '--kiosk-idle', '5'] })
  await page.getByTestId('chapter-cpus').click()
  await page.locator('[data-testid="kiosk"][data-step="four"][data-phase="staying"]').waitFor()
  await page.getByTestId('state-non_preemptive').click()
  const explanation = page.getByTestId('explanation')
  expect(await explanation.textContent()).toContain('State non_preemptive of wip')
  expect(await page.getByTestId('kiosk').getAttribute('data-paused')).toBe('true')
  await picture(page, 'kiosk-explanation')
  // Nobody touches it any more.
  await page.locator('[data-testid="kiosk"][data-step="kernel"][data-paused="false"]').waitFor()
  expect(await explanation.count()).toBe(0)
})
