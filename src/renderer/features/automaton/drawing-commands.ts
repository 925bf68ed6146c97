import { HEAT_MODES } from '../../graph/heat'
import type { Viewport } from '../../graph/viewport'
import type { Command } from '../../stores/commands'
import type { Panel } from '../../stores/panel'
import { automatonTexts as t } from '../../texts-automaton'

/** One press of an arrow key moves the drawing so far, px. */
const PAN = 48
const IN = 1.25
const OUT = 0.8

/** What commands and keys act on. */
export interface DrawingActions {
  readonly panel: Panel
  viewport(): Viewport | undefined
  readonly isDrawn: () => boolean
  savePicture(format: 'svg' | 'png'): void
  copyPicture(): void
  /** Closes the list of a state; false: none was open. */
  closeList(): boolean
}

/** What can be done with a drawn automaton. */
export function drawingCommands(on: DrawingActions): Command[] {
  const { panel } = on
  const group = 'views'
  const enabled = on.isDrawn
  return [
    {
      id: 'automaton.zoomIn',
      group,
      title: t.zoomIn,
      keys: ['+'],
      enabled,
      run: () => on.viewport()?.zoom(IN)
    },
    {
      id: 'automaton.zoomOut',
      group,
      title: t.zoomOut,
      keys: ['-'],
      enabled,
      run: () => on.viewport()?.zoom(OUT)
    },
    {
      id: 'automaton.fit',
      group,
      title: t.fit,
      keys: ['0'],
      enabled,
      run: () => on.viewport()?.fit()
    },
    {
      id: 'automaton.heat',
      group,
      title: t.cycleHeat,
      run: () => {
        const at = HEAT_MODES.indexOf(panel.settings.heat)
        panel.settings.heat = HEAT_MODES[(at + 1) % HEAT_MODES.length] ?? 'off'
      }
    },
    {
      id: 'automaton.unfollow',
      group,
      title: t.unfollow,
      keys: ['u'],
      enabled: () => panel.following.value !== null,
      run: () => {
        panel.following.value = null
      }
    },
    {
      id: 'automaton.saveSvg',
      group,
      title: t.exportSvg,
      enabled,
      run: () => {
        on.savePicture('svg')
      }
    },
    {
      id: 'automaton.savePng',
      group,
      title: t.exportPng,
      enabled,
      run: () => {
        on.savePicture('png')
      }
    },
    {
      id: 'automaton.copy',
      group,
      title: t.copyPng,
      enabled,
      run: () => {
        on.copyPicture()
      }
    }
  ]
}

/** Keys of the drawing, while it has the focus. */
export function drawingKey(event: KeyboardEvent, on: DrawingActions): void {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return
  const acts: Readonly<Record<string, (() => void) | undefined>> = {
    ArrowLeft: () => on.viewport()?.pan(PAN, 0),
    ArrowRight: () => on.viewport()?.pan(-PAN, 0),
    ArrowUp: () => on.viewport()?.pan(0, PAN),
    ArrowDown: () => on.viewport()?.pan(0, -PAN),
    '+': () => on.viewport()?.zoom(IN),
    '=': () => on.viewport()?.zoom(IN),
    '-': () => on.viewport()?.zoom(OUT),
    '0': () => on.viewport()?.fit()
  }
  const act = Object.hasOwn(acts, event.key) ? acts[event.key] : undefined
  if (act) act()
  else if (event.key !== 'Escape') return
  else if (!on.closeList()) {
    if (on.panel.following.value === null) return
    on.panel.following.value = null
  }
  event.preventDefault()
  event.stopPropagation()
}
