import { existsSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { launch, picture, temporaryProfile, type Panel } from './harness'
import { connected, phase, transitions, turn } from './words'

const fixtures = fileURLToPath(new URL('../fixtures/trace', import.meta.url))

/** Has the dialogs of main answer at once: a file to save into, and one to open. */
async function answerDialogs({ app }: Panel, save: string, open: string): Promise<void> {
  await app.evaluate(
    ({ dialog }, files) => {
      dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath: files.save })
      dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [files.open] })
    },
    { save, open }
  )
}

/** Chooses an entry of the application's menu. */
async function menu({ app }: Panel, label: string): Promise<void> {
  await app.evaluate(({ Menu }, wanted) => {
    const items = Menu.getApplicationMenu()?.items.flatMap((one) => one.submenu?.items ?? []) ?? []
    items.find((one) => one.label === wanted)?.click()
  }, label)
}

describe('a recording', () => {
  it('is written while it is watched, stopped, and opened: the same violations, and nothing to change', async () => {
    const panel = await launch()
    const { page } = panel
    const file = join(temporaryProfile(), 'board.rvrec')
    await answerDialogs(panel, file, file)
    await connected(page)
    await page.getByTestId('record').click()
    await page.getByTestId('recording-status').waitFor()
    await page.getByTestId('sim-speed').press('End')
    await turn(page, 'enable-wip', true)
    await page.getByTestId('violation-count').first().waitFor({ timeout: 30_000 })
    await picture(page, 'recording-running')
    await page.getByTestId('sim-pause').click()
    await page
      .getByTestId('sim-pause')
      .and(page.locator('[aria-label="Let virtual time run"]'))
      .waitFor()
    await page.getByTestId('record').click()
    await page.getByTestId('recording-status').waitFor({ state: 'detached' })
    expect(statSync(file).size).toBeGreaterThan(1000)
    const cards = page.locator('article[data-testid^="violation-"]')
    const live = await cards.allInnerTexts()

    await menu(panel, 'Open recording…')
    await page.getByTestId('recording-badge').waitFor()
    await connected(page)
    await page.getByTestId('violation-count').first().waitFor()
    expect(await cards.allInnerTexts()).toEqual(live)
    expect(await page.getByTestId('enable-wip').isDisabled()).toBe(true)
    expect(await page.getByTestId('switch-monitoring_on').count()).toBe(0)
    expect(await page.getByTestId('record').count()).toBe(0)
    await picture(page, 'recording-open')
    expect(panel.problems).toEqual([])
  }, 90_000)

  it('of tracepoints says that what it shows is derived, and what is missing', async () => {
    const file = join(temporaryProfile(), 'bare.txt')
    const lines = Array.from(
      { length: 400 },
      (_, i) =>
        ` sh-${String(10 + (i % 5))} [00${String(i % 4)}] d..2. ${String(5 + i)}.000100: sched_switch: prev_comm=sh prev_pid=${String(10 + (i % 5))} prev_prio=120 prev_state=S ==> next_comm=sh next_pid=${String(10 + ((i + 1) % 5))} next_prio=120\n sh-9 [001] d..2. ${String(5 + i)}.000200: sched_wakeup: comm=sh pid=${String(10 + (i % 5))} prio=120 target_cpu=001\n`
    )
    writeFileSync(file, lines.join(''))
    const { page } = await launch({ args: [file] })
    await page.getByTestId('derived-banner').waitFor()
    await page.getByTestId('monitor-row-wwnr').waitFor()
    await page.getByTestId('not-derived').click()
    await page.getByText('sco: no records of').waitFor()
    await page.getByTestId('edge').first().waitFor({ state: 'attached' })
    expect(await transitions(page)).toBeGreaterThan(0)
    await picture(page, 'recording-derived')
  }, 60_000)

  it('that is none is refused with one sentence, and another one can be dropped on the window', async () => {
    const panel = await launch({ args: ['--target', 'recording:/etc/hostname'] })
    const { page } = panel
    await page
      .getByTestId('start-error')
      .filter({ hasText: 'is no kernel trace: line 1' })
      .waitFor()
    expect(await phase(page)).toBe('none')
    await picture(page, 'recording-garbage')
    const trace = join(fixtures, 'sched.trace.txt')
    expect(existsSync(trace)).toBe(true)
    await page.evaluate(() => {
      const input = document.createElement('input')
      input.type = 'file'
      input.id = 'dropped'
      document.body.append(input)
    })
    await page.locator('#dropped').setInputFiles(trace)
    await page.evaluate(() => {
      const input = document.querySelector('#dropped')
      const data = new DataTransfer()
      if (input instanceof HTMLInputElement && input.files?.[0]) data.items.add(input.files[0])
      input?.remove()
      window.dispatchEvent(new DragEvent('drop', { dataTransfer: data, cancelable: true }))
    })
    await connected(page)
    await page.getByTestId('monitor-row-sched:opid').waitFor()
    await page.setViewportSize({ width: 900, height: 700 }).catch(() => undefined)
    await picture(page, 'recording-narrow')
  }, 60_000)
})
