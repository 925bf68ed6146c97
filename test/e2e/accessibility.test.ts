import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults, RunOptions } from 'axe-core'
import type { CDPSession, Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { frames, launch } from './harness'
import { busyPanel, palette, resize, walk } from './views'
import { connected } from './words'

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

const options: RunOptions = {
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  resultTypes: ['violations']
}

/** Where a rule is broken, in one line each. */
type Findings = readonly string[]

/**
 * Lines of a trace stand as close as in a terminal. The timeline and the automaton lead to the same
 * moments and states by targets of full size: the exception "equivalent" of success criterion 2.5.8.
 */
function isDense(rule: string, html: string): boolean {
  return rule === 'target-size' && /title="Shows (the automaton at )?[\d.\s]+ s/.test(html)
}

/** axe in a page. The page's policy stays as strict as it is: the debugger evaluates the source. */
class Checker {
  private session: CDPSession | undefined

  constructor(private readonly page: Page) {}

  async findings(): Promise<Findings> {
    // What moves in, such as a dialog, has no contrast yet.
    await this.page.evaluate(() =>
      Promise.allSettled(
        document.getAnimations().map((one) => {
          if (one.effect?.getTiming().iterations === Infinity) one.cancel()
          else one.finish()
          return one.finished
        })
      )
    )
    await frames(this.page, 2)
    this.session ??= await this.page.context().newCDPSession(this.page)
    const has = await this.session.send('Runtime.evaluate', { expression: `typeof axe` })
    if (has.result.value !== 'object')
      await this.session.send('Runtime.evaluate', { expression: source })
    const reply = await this.session.send('Runtime.evaluate', {
      expression: `axe.run(document, ${JSON.stringify(options)})`,
      awaitPromise: true,
      returnByValue: true
    })
    if (reply.exceptionDetails) throw new Error(reply.exceptionDetails.exception?.description)
    const { violations } = reply.result.value as AxeResults
    return violations.flatMap((rule) =>
      rule.nodes
        .filter((node) => !isDense(rule.id, node.html))
        .map((node) => {
          const what = [...node.any, ...node.all, ...node.none].map((one) => one.message).join('; ')
          return `${rule.id}: ${node.target.join(' ')} ${node.html.slice(0, 140)} (${what})`
        })
    )
  }
}

describe.each(['dark', 'light'] as const)('for a screen reader, %s', (colorScheme) => {
  it.each([
    [1440, 900],
    [900, 700]
  ])(
    'every view and dialog follows WCAG 2.2 AA, %i pixels wide',
    async (width, height) => {
      const panel = await busyPanel()
      const { page } = panel
      await page.emulateMedia({ colorScheme })
      await resize(panel, width, height)
      const checker = new Checker(page)
      expect(await walk(panel, () => checker.findings())).toEqual({})
    },
    300_000
  )
})

describe('for a screen reader', () => {
  it('the tour follows WCAG 2.2 AA', async () => {
    const { page } = await launch()
    await connected(page)
    await palette(page, 'tour')
    await page.getByTestId('tour').waitFor()
    expect(await new Checker(page).findings()).toEqual([])
  })

  it('the kiosk follows WCAG 2.2 AA', async () => {
    const { page, app } = await launch({ args: ['--kiosk', '--kiosk-speed', '0.1'] })
    await page.locator('[data-testid="kiosk"][data-phase="staying"]').waitFor()
    expect(await new Checker(page).findings()).toEqual([])
    // It is left by its combination of keys alone, or by a signal.
    const over = new Promise((resolve) => app.process().once('exit', resolve))
    app.process().kill('SIGTERM')
    await over
  })
})
