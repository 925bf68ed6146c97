import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import type { Panel } from './harness'
import { frames, launch, picture, temporaryProfile } from './harness'
import { chips, connected, isOn } from './words'

const editor = (page: Page) => page.getByTestId('edit-text').locator('.cm-content')

/** The text of the shown file; CodeMirror draws only what is visible, and these models are short. */
async function text(page: Page): Promise<string> {
  const lines = await page.getByTestId('edit-text').locator('.cm-line').allInnerTexts()
  return lines.map((line) => line.replace(/\n$/, '')).join('\n')
}

async function newModel(page: Page, name: string, kind = 'da', type = 'per_cpu'): Promise<void> {
  await page.getByTestId('models').click()
  await page.getByTestId('open-new').click()
  await page.getByTestId('new-model-name').fill(name)
  await page.getByTestId(`new-model-${kind}`).click()
  if (kind !== 'ltl') await page.getByTestId(`new-model-${type}`).click()
  await page.getByTestId('new-model-create').click()
  await page.getByTestId('editor').waitFor()
}

/** What the dialogs of the system answer from here on. */
function choose(panel: Panel, path: string): Promise<void> {
  return panel.app.evaluate(({ dialog }, chosen) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [chosen] })
  }, path)
}

/** The first check waits for its worker; a machine that does much else takes its time. */
const WAIT = { timeout: 10_000 }

const counts = (page: Page): Promise<string> => page.getByTestId('problem-counts').innerText()

/** The drafts that are on the disk, whole. */
function drafts(profile: string): string {
  try {
    const folder = join(profile, 'drafts')
    // What is still being written has another ending.
    return readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .map((name) => readFileSync(join(folder, name), 'utf8'))
      .join()
  } catch {
    return ''
  }
}

describe('the editor of models', () => {
  it('goes from a template to a monitor that runs, by text and by drawing', async () => {
    const panel = await launch()
    const { page } = panel
    await connected(page)
    await newModel(page, 'mine')
    await expect.poll(() => counts(page), WAIT).toBe('none found')
    await page.getByTestId('edit-state-preemptive').waitFor()
    await picture(page, 'editor-template')

    // A name that is no state, and its fix.
    await editor(page).click()
    await page.keyboard.press('Control+End')
    await page.keyboard.press('ArrowUp')
    await page.keyboard.press('ArrowUp')
    await page.keyboard.press('End')
    await page.keyboard.insertText('\n\t"preemptive" -> "non_preemptiv" [label = "sched_switch"]')
    await expect.poll(() => counts(page), WAIT).toMatch(/1 error/)
    await page
      .getByTestId('problems')
      .getByText(/`non_preemptiv` is no state/)
      .waitFor()
    await picture(page, 'editor-problem')
    await page.getByTestId('problem-fix').first().click()
    await expect.poll(() => counts(page), WAIT).not.toMatch(/error/)
    await editor(page).click()
    await page.keyboard.press('Control+z')
    await page.keyboard.press('Control+z')
    await expect.poll(() => counts(page), WAIT).toBe('none found')
    const before = await text(page)

    // A state and an edge by the drawing change the text, and one undo takes each back.
    const drawing = page.getByTestId('edit-drawing')
    await page.getByTestId('edit-state-preemptive').click()
    await page.keyboard.press('n')
    await page.getByTestId('edit-ask-value').fill('gone')
    await page.keyboard.press('Enter')
    await page.getByTestId('edit-state-gone').waitFor()
    expect(await text(page)).toContain('\t"gone" [shape = circle, label = "gone"]')
    // The list of problems takes room from the drawing.
    await expect.poll(() => counts(page), WAIT).toBe('2 warnings')
    await frames(page, 10)
    const from = await page.getByTestId('edit-state-gone').boundingBox()
    const to = await page.getByTestId('edit-state-preemptive').boundingBox()
    if (!from || !to) throw new Error('no boxes')
    await page.mouse.move(from.x + from.width / 2, from.y + from.height / 2)
    await page.mouse.down()
    await page.mouse.move(to.x + to.width / 2, to.y + to.height / 2, { steps: 8 })
    await page.mouse.up()
    await page.getByTestId('edit-ask-value').fill('sched_waking')
    await picture(page, 'editor-edge')
    await page.keyboard.press('Enter')
    await expect
      .poll(() => text(page))
      .toContain('\t"gone" -> "preemptive" [label = "sched_waking"]')
    await drawing.getByText('sched_waking', { exact: true }).waitFor()
    await picture(page, 'editor-drawing')
    await page.keyboard.press('Control+z')
    await page.keyboard.press('Control+z')
    expect(await text(page)).toBe(before)

    await page.keyboard.press('Control+Enter')
    await page.getByTestId('monitor-row-mine').waitFor({ timeout: 20_000 })
    await expect.poll(() => isOn(page, 'enable-mine'), { timeout: 10_000 }).toBe(true)
    await expect
      .poll(async () => Object.values(await chips(page)), { timeout: 10_000 })
      .toContainEqual(expect.stringMatching(/^(non_)?preemptive$/))
    await expect
      .poll(() =>
        page.getByTestId('monitor-row-mine').evaluate((row) => {
          const { top, bottom } = row.getBoundingClientRect()
          const around = row.parentElement?.closest('.scroll')?.getBoundingClientRect()
          return around !== undefined && top >= around.top - 1 && bottom <= around.bottom + 1
        })
      )
      .toBe(true)
    await picture(page, 'editor-run')
    await panel.close()
    expect(panel.problems).toEqual([])
  })

  it('has the draft again after the program was killed, and saves it where the user says', async () => {
    const profile = temporaryProfile()
    const first = await launch({ profile })
    await newModel(first.page, 'draft1', 'ha', 'per_task')
    await editor(first.page).click()
    await first.page.keyboard.press('Control+Home')
    await first.page.keyboard.insertText('// half a thought\n')
    const written = await text(first.page)
    await expect.poll(() => drafts(profile)).toContain('half a thought')
    first.app.process().kill('SIGKILL')
    await first.close().catch(() => undefined)

    const panel = await launch({ profile })
    const { page } = panel
    await page.getByTestId('editor').waitFor()
    await expect.poll(() => text(page)).toBe(written)
    expect(await page.getByTestId('editor-notice').innerText()).toMatch(/^Restored from the draft/)
    await picture(page, 'editor-restored')

    const folder = join(profile, 'mine')
    mkdirSync(folder)
    await choose(panel, folder)
    await page.getByTestId('editor-save').click()
    await expect.poll(() => page.getByTestId('editor-status').innerText()).toContain(folder)
    expect(readFileSync(join(folder, 'draft1.dot'), 'utf8')).toBe(written)

    // A name counts as soon as it is saved, without leaving its field.
    await page.getByTestId('editor-name').fill('draft2')
    await page.keyboard.press('Control+s')
    await expect.poll(() => readdirSync(folder).sort()).toContain('draft2.dot')

    // Somebody else writes the file: nothing is lost on either side.
    writeFileSync(join(folder, 'draft2.dot'), 'digraph theirs {}\n')
    await editor(page).click()
    await page.keyboard.press('Control+Home')
    await page.keyboard.insertText('// more\n')
    await page.keyboard.press('Control+s')
    await page.getByTestId('disk-change').waitFor()
    await picture(page, 'editor-disk')
    expect(readFileSync(join(folder, 'draft2.dot'), 'utf8')).toBe('digraph theirs {}\n')
    await page.getByTestId('disk-mine').click()
    await expect
      .poll(() => readFileSync(join(folder, 'draft2.dot'), 'utf8'))
      .toBe(`// more\n${written}`)
    await panel.close()
    expect(panel.problems).toEqual([])
  })

  it('offers to take the place of a monitor of the program', async () => {
    const panel = await launch()
    const { page } = panel
    await connected(page)
    await page.getByTestId('tab-model').click()
    await page.getByTestId('model-edit').click()
    await page.getByTestId('edit-state-preemptive').waitFor()
    await page.emulateMedia({ colorScheme: 'dark' })
    await page.getByTestId('file-yaml').click()
    await page.getByTestId('edit-state-preemptive').click({ button: 'right' })
    await page.getByTestId('edit-menu').waitFor()
    await picture(page, 'editor-menu')
    await page.keyboard.press('Escape')
    await page.getByTestId('editor-open').click()
    await page.getByTestId('shelf-nomiss').click()
    await page.getByTestId('edit-state-throttled').waitFor()
    await page.getByTestId('file-yaml').click()
    await expect.poll(() => text(page)).toContain('monitor: nomiss')
    await picture(page, 'editor-nomiss')
    await page.getByTestId('editor-open').click()
    await picture(page, 'editor-open')
    await page.getByTestId('shelf-wip').click()
    await page.getByTestId('edit-state-preemptive').waitFor()
    await page.getByTestId('editor-run').click()
    await page.getByTestId('run-replace').click()
    await expect.poll(() => isOn(page, 'enable-wip'), { timeout: 20_000 }).toBe(true)
    await panel.close()
    expect(panel.problems).toEqual([])
  })

  it('says what is wrong with a file that is no model, and keeps what is open', async () => {
    const profile = temporaryProfile()
    const panel = await launch({ profile })
    const { page } = panel
    await newModel(page, 'formula', 'ltl')
    await expect.poll(() => counts(page), WAIT).toBe('none found')
    await page.getByTestId('edit-state-0').waitFor()
    await picture(page, 'editor-ltl')
    writeFileSync(join(profile, 'binary.dot'), Buffer.from([1, 0, 2]))
    await choose(panel, join(profile, 'binary.dot'))
    await page.getByTestId('editor-open').click()
    await page.getByTestId('open-choose').click()
    await page.getByText(/binary\.dot is no text; expected a model/).waitFor()
    await page.keyboard.press('Escape')
    expect(await text(page)).toContain('RULE = always')
    await panel.close()
  })
})
