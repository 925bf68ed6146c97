import { nextTick } from 'vue'
import type { Command } from '../stores/commands'
import type { Panel } from '../stores/panel'
import { eventTexts } from '../texts-events'
import { violationListTexts } from '../texts-violation-list'

/** Commands that lead into the filters of lists, also of those that are closed. */
export function filterCommands(panel: Panel, inMonitors: Partial<Command>): Command[] {
  const { settings } = panel
  const bottom = (tab: 'events' | 'log') => (): void => {
    settings.bottomOpen = true
    settings.bottomTab = tab
  }
  const right = (): void => {
    panel.layout.set('right', true)
  }
  const filters = [
    ['violation-filter', 'v f', 'violations', violationListTexts.commands.filter, right],
    ['event-filter', 'v e', 'views', eventTexts.commands.filter, bottom('events')],
    ['log-filter', 'v l', 'views', eventTexts.commands.filterLog, bottom('log')]
  ] as const
  return filters.map(([field, keys, group, title, show]) => ({
    ...inMonitors,
    id: `${group}.${field}`,
    group,
    keys: [keys],
    title,
    run: async () => {
      show()
      await focusWhenThere(field)
    }
  }))
}

/** A pane that is opened has its contents some ticks later; an empty list has no filter. */
const TICKS = 10

async function focusWhenThere(id: string): Promise<void> {
  for (let tick = 0; tick < TICKS; tick++) {
    await nextTick()
    const field = document.getElementById(id)
    if (!field) continue
    field.focus()
    return
  }
}
