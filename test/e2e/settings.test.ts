import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { launch, picture, temporaryProfile } from './harness'

/** A profile whose settings file has this text. */
function profileWith(text: string): { profile: string; file: string } {
  const profile = temporaryProfile()
  const file = join(profile, 'settings.json')
  mkdirSync(profile, { recursive: true })
  writeFileSync(file, text)
  return { profile, file }
}

const html = (attribute: string, value: string): string => `html[data-${attribute}="${value}"]`

describe('the settings file', () => {
  it('is there at the first paint, acts in the open window when it is edited, and tells the line of a mistake', async () => {
    const { profile, file } = profileWith('// mine\n{ "theme": "light", "leftOpen": false }\n')
    const { page, app, problems } = await launch({ profile })
    await page.locator(html('theme', 'light')).waitFor()
    await page.getByTestId('automaton').or(page.locator('main')).first().waitFor()
    expect(await page.getByTestId('monitor-row-wip').count()).toBe(0)
    // The frame of the window and the menus have the theme as well.
    expect(await app.evaluate(({ nativeTheme }) => nativeTheme.shouldUseDarkColors)).toBe(false)

    writeFileSync(file, '// mine\n{ "theme": "dark", "density": "compact" }\n')
    await page.locator(`${html('theme', 'dark')}[data-density="compact"]`).waitFor()
    await page.getByTestId('monitor-row-wip').waitFor()

    writeFileSync(
      file,
      '// mine\n{\n  "theme": "light",\n  "density": "tiny",\n  "colours": "lightness"\n}\n'
    )
    const banner = page.getByTestId('settings-banner')
    await banner.waitFor()
    expect(await banner.textContent()).toContain(
      `${file}:4:14: density: expected "comfortable" or "compact", found "tiny".`
    )
    // The rest counts.
    await page.locator(`${html('theme', 'light')}[data-colours="lightness"]`).waitFor()
    await page.locator(html('density', 'comfortable')).waitFor()

    // What is no JSON at the moment is never written over; the change waits.
    const broken = '// mine\n{\n  "theme": "light"\n  "motion": "off"\n}\n'
    writeFileSync(file, broken)
    await page.getByText(`${file}:4:3: expected a comma before this.`).waitFor()
    await page.keyboard.press('Control+Shift+L')
    await page.locator(html('motion', 'off')).waitFor()
    await page.getByText('Changed in this window, and written as soon').waitFor()
    expect(readFileSync(file, 'utf8')).toBe(broken)
    await picture(page, 'settings-broken')
    writeFileSync(file, broken.replace('"light"', '"light",'))
    await banner.waitFor({ state: 'detached' })
    await expect
      .poll(() => readFileSync(file, 'utf8'))
      .toMatch(/^\/\/ mine\n\{\n {2}"theme": "system",\n {2}"motion": "off"\n\}\n$/)
    expect(problems).toEqual([])
  })

  it('has what is chosen in the dialog, and the next start has it too', async () => {
    const { profile, file } = profileWith('{\n  "theme": "dark" // at night\n}\n')
    const first = await launch({ profile })
    const { page } = first
    await page.getByTestId('monitor-row-wip').waitFor()
    await page.keyboard.press('Control+,')
    await page.getByTestId('settings').waitFor()
    await page.getByTestId('setting-density-compact').check({ force: true })
    await page.locator(html('density', 'compact')).waitFor()
    await page.getByTestId('setting-motion-off').check({ force: true })
    await picture(page, 'settings-dialog')
    // The last change is a moment old when the window goes.
    await page.getByTestId('setting-times-relative').check({ force: true })
    await first.close()
    expect(readFileSync(file, 'utf8')).toBe(
      '{\n  "theme": "dark", // at night\n  "density": "compact",\n  "motion": "off",\n  "times": "relative"\n}\n'
    )
    const second = await launch({ profile })
    await second.page.locator(`${html('density', 'compact')}[data-motion="off"]`).waitFor()
  })

  it('closes panes that their edge opens again, and a narrow window has drawers', async () => {
    const { profile, file } = profileWith('{\n  "theme": "dark"\n}\n')
    const { page, app, problems } = await launch({ profile })
    const row = page.getByTestId('monitor-row-wip')
    await row.waitFor()
    const border = page.getByTestId('side-pane-left').getByRole('separator')
    await border.focus()
    await page.keyboard.press('ArrowRight')
    await expect.poll(() => readFileSync(file, 'utf8')).toContain('"leftWidth": 344')
    await border.dblclick()
    await expect.poll(() => readFileSync(file, 'utf8')).toContain('"leftWidth": 328')
    await page.keyboard.press('Control+b')
    await page.getByTestId('edge-left').click()
    await row.waitFor()
    await picture(page, 'panes-1440')

    await app.evaluate(({ BrowserWindow }) => {
      BrowserWindow.getAllWindows()[0]?.setSize(900, 700)
    })
    await row.waitFor({ state: 'detached' })
    await picture(page, 'panes-900')
    await page.keyboard.press('/')
    await row.waitFor()
    await picture(page, 'panes-900-drawer')
    await page.keyboard.press('Escape')
    await row.waitFor({ state: 'detached' })
    await page.getByTestId('edge-right').click()
    await page.getByTestId('side-pane-right').waitFor()
    await page.getByTestId('drawer-behind').click({ position: { x: 200, y: 200 } })
    await page.getByTestId('side-pane-right').waitFor({ state: 'detached' })
    // What is remembered is the arrangement of the wide window.
    await app.evaluate(({ BrowserWindow }) => {
      BrowserWindow.getAllWindows()[0]?.setSize(1440, 900)
    })
    await row.waitFor()
    expect(problems).toEqual([])
  })

  it('is opened in the desktop’s editor, made if it is not there; a desktop without one says where it is', async () => {
    const { page, app, profile } = await launch()
    await page.getByTestId('monitor-row-wip').waitFor()
    await app.evaluate(({ shell }) => {
      // No desktop in a test: what it is asked for is noted, and answered once with success.
      const asked: string[] = []
      Reflect.set(globalThis, 'asked', asked)
      shell.openPath = (path) => Promise.resolve(asked.push(path) === 1 ? '' : 'no application')
    })
    const open = async (): Promise<void> => {
      await page.keyboard.press('Control+k')
      await page.keyboard.type('open settings file')
      await page.keyboard.press('Enter')
    }
    await open()
    const file = join(profile, 'settings.json')
    await page.getByText(`${file} was opened`).waitFor()
    expect(readFileSync(file, 'utf8')).toContain('docs/settings.md')
    expect(await app.evaluate(() => Reflect.get(globalThis, 'asked') as string[])).toEqual([file])
    await open()
    await page.getByText(`${file} cannot be opened: no application`).waitFor()
  })

  it('takes over what an earlier version kept in the page', async () => {
    const profile = temporaryProfile()
    const first = await launch({ profile })
    await first.page.getByTestId('monitor-row-wip').waitFor()
    await first.page.evaluate(() => {
      localStorage.setItem('rvpanel.settings', '{"theme":"light","leftWidth":260}')
    })
    await first.close()
    const second = await launch({ profile })
    await second.page.locator(html('theme', 'light')).waitFor()
    await expect
      .poll(() => readFileSync(join(profile, 'settings.json'), 'utf8'))
      .toContain('"leftWidth": 260')
    expect(await second.page.evaluate(() => localStorage.getItem('rvpanel.settings'))).toBeNull()
  })
})
