import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ElectronApplication } from 'playwright-core'
import { expect, it, onTestFinished } from 'vitest'
import { launch, observerPid, picture, type Panel } from './harness'

/** Presses a key as somebody at the kiosk's keyboard would. */
function press(app: ElectronApplication, keyCode: string, ...modifiers: Key[]): Promise<void> {
  return app.evaluate(
    ({ BrowserWindow }, key) => {
      const [window] = BrowserWindow.getAllWindows()
      window?.webContents.sendInputEvent({ type: 'keyDown', ...key })
      window?.webContents.sendInputEvent({ type: 'keyUp', ...key })
    },
    { keyCode, modifiers }
  )
}
type Key = 'control' | 'alt' | 'shift' | 'meta'

/** A kiosk that is left at the test's end by its combination of keys, the only way. */
async function kioskOf(...args: string[]): Promise<Panel> {
  const panel = await launch({ args: ['--kiosk', ...args] })
  onTestFinished(() => leave(panel.app))
  return panel
}

async function leave(app: ElectronApplication): Promise<void> {
  const isOver = app.process().exitCode !== null || app.process().signalCode !== null
  if (isOver) return
  const over = new Promise((resolve) => app.process().once('exit', resolve))
  await press(app, 'Q', 'control', 'alt', 'shift')
  await over
}

it('tells its film to the end by itself, and again', async () => {
  const { page } = await kioskOf('--kiosk-speed', '20')
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
  const { page } = await kioskOf('--kiosk-idle', '5')
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

it('is left by its combination of keys alone', async () => {
  const { app, page } = await kioskOf()
  await page.locator('[data-testid="kiosk"][data-step="kernel"]').waitFor()
  const isKiosk = await app.evaluate(({ BrowserWindow, Menu }) => ({
    kiosk: BrowserWindow.getAllWindows().map((window) => window.isKiosk()),
    menu: Menu.getApplicationMenu() === null
  }))
  expect(isKiosk).toEqual({ kiosk: [true], menu: true })
  await press(app, 'W', 'control')
  await press(app, 'Q', 'control')
  await press(app, 'F4', 'alt')
  await press(app, 'R', 'control')
  await press(app, 'I', 'control', 'shift')
  await press(app, 'F11')
  await press(app, 'F12')
  await press(app, 'Escape')
  await app.evaluate(({ app: program, BrowserWindow }) => {
    BrowserWindow.getAllWindows()[0]?.close()
    program.quit()
  })
  expect(
    await app.evaluate(({ BrowserWindow }) => {
      const [window] = BrowserWindow.getAllWindows()
      return [window?.isKiosk(), window?.webContents.isDevToolsOpened()]
    })
  ).toEqual([true, false])
  await leave(app)
  expect(app.process().exitCode).toBe(0)
})

it('goes on when its page or its observer has died, and writes that down', async () => {
  const panel = await kioskOf('--kiosk-speed', '20')
  const { app, page, profile } = panel
  const tells = page.locator('[data-testid="kiosk"][data-phase="staying"]')
  await tells.waitFor()
  const observer = (await observerPid(panel)) ?? 0
  process.kill(observer, 'SIGKILL')
  await expect.poll(() => observerPid(panel), { timeout: 30_000 }).not.toBe(observer)
  // Told to its end, on the machine of the next observer.
  await page.locator('[data-testid="kiosk"][data-told="1"]').waitFor({ timeout: 90_000 })
  await app.evaluate(({ BrowserWindow }) => {
    BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer()
  })
  const title = (): Promise<string> =>
    app.evaluate(async ({ BrowserWindow }) => {
      const [window] = BrowserWindow.getAllWindows()
      const script = `document.querySelector('[data-testid="kiosk"]')?.dataset.phase ?? ''`
      // A page that is gone answers nothing at all.
      const late = new Promise((resolve) => setTimeout(resolve, 1000, ''))
      const asked = window?.webContents.executeJavaScript(script).catch(() => '')
      const phase: unknown = await Promise.race([asked, late])
      return String(phase)
    })
  await expect.poll(title, { timeout: 60_000 }).toBe('staying')
  const log = join(profile, 'kiosk.log')
  expect(existsSync(log) && readFileSync(log, 'utf8')).toContain('the page is gone: ')
})
