import { describe, expect, it } from 'vitest'
import { launch, type Panel } from './harness'

interface Entry {
  readonly id: string
  readonly label: string
  readonly keys: string
  readonly enabled: boolean
}

/** What the application's menu shows now, but for the roles. */
const entries = ({ app }: Panel): Promise<Entry[]> =>
  app.evaluate(({ Menu }) =>
    (Menu.getApplicationMenu()?.items.flatMap((one) => one.submenu?.items ?? []) ?? [])
      .filter((one) => /^[a-z]+\./.test(one.id))
      .map((one) => ({
        id: one.id,
        label: one.label,
        keys: one.accelerator ?? '',
        enabled: one.enabled
      }))
  )

const choose = ({ app }: Panel, id: string): Promise<void> =>
  app.evaluate(({ Menu }, id) => {
    Menu.getApplicationMenu()?.getMenuItemById(id)?.click()
  }, id)

describe('the menu', () => {
  it('has the commands of the palette with their keys, and follows what is possible', async () => {
    const panel = await launch()
    const { page } = panel
    await page.getByTestId('monitor-row-wip').waitFor()
    const of = async (id: string): Promise<Entry | undefined> =>
      (await entries(panel)).find((one) => one.id === id)
    await expect
      .poll(() => of('monitors.toggle'))
      .toMatchObject({
        label: 'Enable wip',
        keys: 'Ctrl+E',
        enabled: true
      })
    expect(await of('models.save')).toMatchObject({ keys: 'Ctrl+S', enabled: false })

    await choose(panel, 'monitors.toggle')
    await page.locator('[data-live="true"]').waitFor()
    await expect.poll(() => of('monitors.toggle')).toMatchObject({ label: 'Disable wip' })

    await choose(panel, 'views.pane.left')
    await page.getByTestId('monitor-row-wip').waitFor({ state: 'detached' })
    await choose(panel, 'models.editor')
    await page.getByTestId('editor').waitFor()
    await expect.poll(async () => (await of('views.automaton'))?.enabled).toBe(false)
    await choose(panel, 'window.settings')
    await page.getByTestId('settings').waitFor()
    expect(panel.problems).toEqual([])
  })

  it('leaves its keys to the page: one press does a thing once', async () => {
    const panel = await launch()
    const { page } = panel
    const row = page.getByTestId('monitor-row-wip')
    await row.waitFor()
    await page.keyboard.press('Control+b')
    await row.waitFor({ state: 'detached' })
    await page.keyboard.press('Control+b')
    await row.waitFor()
    expect(panel.problems).toEqual([])
  })
})
