import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { launch } from './harness'

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

interface Finding {
  readonly id: string
  readonly help: string
  readonly nodes: readonly {
    readonly target: readonly string[]
    readonly failureSummary?: string
  }[]
}

/** What axe finds wrong in the window as it is. */
async function findings(page: Page): Promise<string[]> {
  if (!(await page.evaluate(`typeof axe !== 'undefined'`))) await page.evaluate(source)
  const result = (await page.evaluate(
    `axe.run(document, { runOnly: { type: 'tag', values: ${JSON.stringify(TAGS)} }, resultTypes: ['violations'],
      // Rows and states have names in words ("per-CPU", "3 CPUs") for what their cells abbreviate.
      rules: { 'label-content-name-mismatch': { enabled: false } } })`
  )) as { readonly violations: readonly Finding[] }
  return result.violations.flatMap(({ id, help, nodes }) =>
    nodes.map(
      ({ target, failureSummary = '' }) =>
        `${id} (${help}): ${target.join(' ')}: ${failureSummary.split('\n')[1]?.trim() ?? ''}`
    )
  )
}

describe.each(['dark', 'light'] as const)('the window for who does not see it, %s', (theme) => {
  it('has names, roles, order and contrast in every view', async () => {
    const { page } = await launch({ args: ['--scenario', 'wakeup-with-preemption-on'] })
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
    const seen: Record<string, readonly string[]> = {}
    const look = async (what: string): Promise<void> => {
      seen[what] = await findings(page)
    }
    await page.getByTestId('violation-count').first().waitFor()
    await page.getByTestId('sim-pause').click()
    await look('automaton and timeline')
    await page.getByTestId('violations').getByRole('button', { expanded: false }).first().click()
    await page.getByTestId('violation-reaction').waitFor()
    await look('a violation')
    for (const tab of ['instances', 'events', 'model']) {
      await page.getByTestId(`tab-${tab}`).click()
      await look(tab)
    }
    for (const tab of ['log', 'events', 'terminal']) {
      await page.getByTestId(`bottom-${tab}`).click()
      await look(`bottom ${tab}`)
    }
    await page.getByTestId('bottom-timeline').click()
    await page.getByTestId('tab-automaton').click()
    await page.getByTestId('monitor-row-rtapp:sleep').click()
    await page.getByTestId('ltl-formula').waitFor()
    await look('formula')
    await page.getByTestId('monitor-row-rtapp').click()
    await look('container')
    await page.getByTestId('monitor-row-stall').click()
    await look('hybrid automaton, off')
    expect(seen).toEqual(Object.fromEntries(Object.keys(seen).map((what) => [what, []])))
  })

  it('has them in every dialog, the start page and the editor', async () => {
    const { page } = await launch()
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
    await page.getByTestId('sim-pause').click()
    const seen: Record<string, readonly string[]> = {}
    const dialogs = [
      ['palette', 'Control+k'],
      ['settings', 'Control+,'],
      ['shortcuts', '?'],
      ['machine', 's m']
    ] as const
    for (const [what, keys] of dialogs) {
      for (const key of keys.split(' ')) await page.keyboard.press(key)
      await page.getByRole('dialog').first().waitFor()
      seen[what] = await findings(page)
      await page.keyboard.press('Escape')
      await page.getByRole('dialog').first().waitFor({ state: 'detached' })
    }
    for (const [what, button] of [
      ['scenarios', 'sim-scenario'],
      ['connect', 'target-button']
    ] as const) {
      await page.getByTestId(button).click()
      await page.getByRole('dialog').first().waitFor()
      seen[what] = await findings(page)
      await page.keyboard.press('Escape')
      await page.getByRole('dialog').first().waitFor({ state: 'detached' })
    }
    await page.getByTestId('models').click()
    await page.getByTestId('editor').waitFor()
    seen.editor = await findings(page)
    expect(seen).toEqual(Object.fromEntries(Object.keys(seen).map((what) => [what, []])))
  })
})

it('has a kiosk that can be used without seeing it', async () => {
  const { page, app } = await launch({ args: ['--kiosk', '--kiosk-speed', '0.1'] })
  await page.locator('[data-testid="kiosk"][data-phase="staying"]').waitFor()
  expect(await findings(page)).toEqual([])
  const over = new Promise((resolve) => app.process().once('exit', resolve))
  app.process().kill('SIGTERM')
  await over
})
