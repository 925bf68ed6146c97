import type { Command } from '../stores/commands'
import type { Panel } from '../stores/panel'
import { targetTexts } from '../texts-target'

const t = targetTexts

/** What undoing, or doing again, would do to the target. */
export function changeTitle(panel: Panel, op: 'undo' | 'redo'): string {
  const change = panel.undoable.value[op]
  if (change !== null) return t.changes[op](t.changes.what(change))
  return op === 'undo' ? t.changes.nothingToUndo : t.changes.nothingToRedo
}

/** Takes back what the user did to the target, and counts violations from a moment on. */
export function changeCommands(panel: Panel): Command[] {
  const change = (op: 'undo' | 'redo', keys: readonly string[]): Command => ({
    id: `target.${op}`,
    group: 'target',
    title: () => changeTitle(panel, op),
    always: t.changes.always[op],
    keys,
    enabled: () => panel.canAct && panel.undoable.value[op] !== null,
    // A refusal stands where its monitor is.
    run: () => panel.ask({ op })
  })
  const countFromNow = (all: boolean): void => {
    panel.monitors.value.forEach((m, i) => {
      if (!all && m.fullName !== panel.selected.value && m.parent !== panel.selected.value) return
      panel.since.reset(m.fullName, panel.live[i]?.violationsTotal ?? 0, Date.now())
    })
  }
  return [
    change('undo', ['Ctrl+Z']),
    change('redo', ['Ctrl+Shift+Z', 'Ctrl+Y']),
    {
      id: 'violations.countFromNow',
      group: 'violations',
      title: () => t.since.one(panel.selected.value ?? ''),
      enabled: () => panel.selected.value !== null,
      run: () => countFromNow(false)
    },
    {
      id: 'violations.countAllFromNow',
      group: 'violations',
      title: t.since.all,
      run: () => countFromNow(true)
    },
    {
      id: 'violations.countSinceConnection',
      group: 'violations',
      title: t.since.back,
      enabled: () => panel.since.anyReset,
      run: () => panel.since.forget()
    }
  ]
}
