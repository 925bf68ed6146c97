import { expect } from 'vitest'
import type { Page } from 'playwright-core'
import { frames, launch, type Panel } from './harness'
import { connected, isOn, phase, turn, violationCards } from './words'

/*
 * Every view and dialog of the window, and how one gets there: what the test of accessibility and
 * the gallery walk through.
 */

/** A view or dialog. */
interface View {
  readonly name: string
  /** Opens it; what was open before is closed. */
  open(page: Page): Promise<void>
  /** Closes it, where something else is reached only then. */
  close?(page: Page): Promise<void>
}

/** How long the machine may take to do something for the first time. */
const sooner = 60_000

const press = async (page: Page, ...keys: string[]): Promise<void> => {
  for (const key of keys) await page.keyboard.press(key)
}
const shown = (page: Page, testId: string): Promise<void> =>
  page.getByTestId(testId).first().waitFor()

/** Chooses an entry of the palette. */
export async function palette(page: Page, query: string): Promise<void> {
  // The one key of it that a terminal leaves to the window.
  await press(page, 'Control+Shift+P')
  await shown(page, 'palette-query')
  await page.keyboard.type(query)
  await press(page, 'Enter')
  await page.getByTestId('palette').waitFor({ state: 'detached' })
}

/** Shows a monitor, and a tab of it. */
async function monitor(page: Page, name: string, tab: string): Promise<void> {
  await palette(page, `go ${name}`)
  await page.getByRole('heading', { level: 1, name }).waitFor()
  await page.getByTestId(`tab-${tab}`).click()
}

/** A dialog that Escape closes. */
const dialog = (name: string, testId: string, open: (page: Page) => Promise<void>): View => ({
  name,
  open: async (page) => {
    await open(page)
    await shown(page, testId)
  },
  close: async (page) => {
    await press(page, 'Escape')
    await page.getByTestId(testId).waitFor({ state: 'detached' })
  }
})

const bottom = (name: string, ready: string): View => ({
  name,
  open: async (page) => {
    await monitor(page, 'wip', 'automaton')
    await page.getByTestId(`bottom-${name}`).click()
    await shown(page, ready)
  }
})

const model = (part: string): View => ({
  name: `model-${part}`,
  open: async (page) => {
    await monitor(page, 'wip', 'model')
    await page.getByTestId(`model-${part}`).click()
  }
})

/** In a window with a connected, simulated target; the editor is left at the end. */
const views: readonly View[] = [
  {
    name: 'automaton',
    open: async (page) => {
      await page.getByTestId('bottom-timeline').click()
      await monitor(page, 'wip', 'automaton')
      await page.getByTestId('edge').first().waitFor({ state: 'attached' })
    }
  },
  {
    name: 'automaton-many',
    open: async (page) => {
      await monitor(page, 'sched:sssw', 'automaton')
      await page.getByTestId('state-sleeping').dispatchEvent('click')
      await shown(page, 'state-members')
    }
  },
  {
    name: 'automaton-clocks',
    open: async (page) => {
      await monitor(page, 'stall', 'automaton')
      await page.getByTestId('edge').first().waitFor({ state: 'attached' })
    }
  },
  {
    name: 'ltl',
    open: async (page) => {
      await monitor(page, 'rtapp:sleep', 'automaton')
      await shown(page, 'ltl-formula')
    }
  },
  {
    name: 'container',
    open: async (page) => {
      await palette(page, 'go sched')
      await page.getByRole('heading', { level: 1, name: 'sched', exact: true }).waitFor()
      await shown(page, 'container')
    }
  },
  {
    name: 'instances',
    open: async (page) => {
      await monitor(page, 'wwnr', 'instances')
      await page.locator('[data-testid^="instance-row-"]').first().waitFor()
    }
  },
  {
    name: 'events',
    open: async (page) => {
      await monitor(page, 'wip', 'events')
      await shown(page, 'event-table')
    }
  },
  ...['definition', 'table', 'instrumentation', 'source', 'code'].map(model),
  bottom('timeline', 'timeline-canvas'),
  bottom('log', 'kernel-log'),
  bottom('terminal', 'terminal'),
  {
    name: 'violation',
    open: async (page) => {
      await monitor(page, 'wip', 'automaton')
      await page.getByTestId('bottom-timeline').click()
      if ((await page.getByTestId('violations').count()) === 0) await press(page, 'Control+Alt+b')
      if ((await page.getByTestId('violation-moment').count()) > 0) return
      await violationCards(page, 'wip').first().getByRole('button').first().click()
      await shown(page, 'violation-moment')
    }
  },
  {
    name: 'past',
    open: async (page) => {
      await press(page, 'v', 'm')
      await shown(page, 'moment-bar')
    },
    close: (page) => press(page, 'l')
  },
  {
    ...dialog('report', 'report-dialog', (page) => press(page, 'v', 'r')),
    close: async (page) => {
      await press(page, 'Escape')
      await page.getByTestId('report-dialog').waitFor({ state: 'detached' })
      // A drawer of a small window would stay over the views.
      if ((await page.getByTestId('drawer-behind').count()) > 0) await press(page, 'Control+Alt+b')
    }
  },
  dialog('connect', 'connect-dialog', (page) => press(page, 'g', 'c')),
  {
    ...dialog('connect-ssh', 'connect-dialog', async (page) => {
      await press(page, 'g', 'c')
      await page.getByTestId('kind-ssh').click()
    })
  },
  dialog('palette', 'palette', (page) => press(page, 'Control+k')),
  dialog('shortcuts', 'shortcuts', (page) => press(page, '?')),
  dialog('settings', 'settings', (page) => press(page, 'Control+,')),
  dialog('accounts', 'account-dialog', (page) => page.getByTestId('account-open').click()),
  dialog('scenarios', 'scenario-dialog', (page) => press(page, 'g', 's')),
  dialog('machine', 'machine-dialog', (page) => press(page, 's', 'm')),
  dialog('open-model', 'open-model', (page) => press(page, 'Control+o')),
  dialog('new-model', 'new-model', (page) => press(page, 'Control+n')),
  ...['drawing', 'explore', 'compare', 'generate', 'export'].map((side): View => ({
    name: `editor-${side}`,
    open: async (page) => {
      if ((await page.getByTestId('editor').count()) === 0) {
        await press(page, 'Control+o')
        await page.getByTestId('shelf-stall').click()
        await shown(page, 'editor')
      }
      await page.getByTestId(`side-${side}`).click()
    },
    close: async (page) => {
      if (side !== 'export') return
      await page.getByTestId('editor-close').click()
      await page.getByTestId('editor').waitFor({ state: 'detached' })
    }
  }))
]

/** Without a target: what is shown last. */
const start: View = {
  name: 'start',
  open: async (page) => {
    await page.getByTestId('target-button').click()
    await page.getByTestId('disconnect').click()
    await expect.poll(() => phase(page)).toBe('none')
    await shown(page, 'start-view')
  }
}

/** The panel on a machine on which wip reports wakeups in the wrong context, paused after some. */
export async function busyPanel(): Promise<Panel> {
  const args = ['--cpus', '4', '--tasks', '40', '--seed', '7']
  const panel = await launch({ args: [...args, '--scenario', 'wakeup-with-preemption-on'] })
  const { page } = panel
  await connected(page)
  await page.getByTestId('monitor-row-wip').click()
  // The program itself enables the monitor that reports the fault.
  await expect.poll(() => isOn(page, 'enable-wip')).toBe(true)
  for (const one of ['wwnr', 'sched:sssw', 'sched:opid', 'stall', 'rtapp:sleep', 'rtapp:pagefault'])
    await turn(page, `enable-${one}`, true)
  await page.getByTestId('sim-speed').press('End')
  await expect
    .poll(() => violationCards(page, 'wip').count(), { timeout: sooner })
    .toBeGreaterThan(0)
  await page.getByTestId('sim-pause').click()
  await frames(page, 20)
  return panel
}

/** Gives the window a size, and waits until the page has it. */
export async function resize({ app, page }: Panel, width: number, height: number): Promise<void> {
  await app.evaluate(
    ({ BrowserWindow }, bounds) => {
      BrowserWindow.getAllWindows()[0]?.setContentBounds({ x: 0, y: 0, ...bounds })
    },
    { width, height }
  )
  await expect.poll(() => page.evaluate(() => innerWidth)).toBe(width)
}

/**
 * Opens each view in turn. A view that cannot be opened is among what is found, and the others are
 * looked at all the same.
 *
 * @param look what is wrong with the view that is shown now
 * @returns what was found, by view; a view without anything is left out
 */
export async function walk(
  { page }: Panel,
  look: (name: string) => Promise<readonly string[]>
): Promise<Record<string, readonly string[]>> {
  const found: Record<string, readonly string[]> = {}
  page.setDefaultTimeout(12_000)
  for (const view of [...views, start]) {
    let findings: readonly string[]
    try {
      await view.open(page)
      findings = await look(view.name)
      await view.close?.(page)
    } catch (error) {
      findings = [`does not open or close: ${error instanceof Error ? error.message : '?'}`]
      await press(page, 'Escape')
    }
    if (findings.length > 0) found[view.name] = findings
  }
  page.setDefaultTimeout(30_000)
  return found
}
