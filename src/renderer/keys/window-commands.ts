import { nextTick } from 'vue'
import { changeCommands } from '../features/change-commands'
import { settingsCommands } from '../features/settings/settings-commands'
import { editorCommands } from '../editor/editor-commands'
import { useEditor } from '../editor/session'
import { connectOpen, paletteOpen, scenariosOpen, shortcutsOpen } from '../stores/dialogs'
import type { Command } from '../stores/commands'
import { useCommands, usePanel, type MonitorTab, type Panel } from '../stores/panel'
import { startShown } from '../stores/start-page'
import { filterCommands } from './filter-commands'
import { terminalTexts } from '../texts-terminal'
import { keyTexts } from '../texts-keys'
import { startTexts } from '../texts-start'

const t = keyTexts.commands
const TABS: readonly (readonly [MonitorTab, string])[] = [
  ['automaton', 'g a'],
  ['instances', 'g i'],
  ['events', 'g e'],
  ['model', 'g m']
]
const BOTTOM = [
  ['timeline', 'g t', t.timeline],
  ['log', 'g l', t.log],
  ['events', 'g v', t.allEvents],
  ['terminal', 'Ctrl+`', terminalTexts.commands.show]
] as const
const PANES = [
  ['left', 'Ctrl+B'],
  ['bottom', 'Ctrl+J'],
  ['right', 'Ctrl+Alt+B']
] as const
const THEMES = ['system', 'dark', 'light'] as const

/** Offers what can be done everywhere in the window. */
export function useWindowCommands(): void {
  const panel = usePanel()
  const editor = useEditor()
  const atMonitors = (): boolean => !editor.shown.value && !startShown.value
  const inMonitors = {
    scope: 'monitors',
    enabled: atMonitors,
    why: () => (editor.shown.value ? t.inEditor : t.onStartPage)
  } as const
  useCommands(
    ...dialogCommands(),
    ...themeCommands(panel),
    ...settingsCommands(panel),
    ...editorCommands(editor),
    startCommand(() => {
      editor.hide()
    }),
    ...targetCommands(panel),
    ...changeCommands(panel),
    ...monitorCommands(panel, inMonitors),
    ...PANES.map(([pane, keys]): Command => ({
      ...inMonitors,
      id: `views.pane.${pane}`,
      group: 'views',
      keys: [keys],
      title: () => t.pane(t.panes[pane], panel.layout.isOpen(pane)),
      always: t.paneAlways(t.panes[pane]),
      run: () => {
        panel.layout.toggle(pane)
      }
    })),
    ...filterCommands(panel, inMonitors),
    ...BOTTOM.map(([tab, keys, title]): Command => ({
      ...inMonitors,
      id: `views.bottom.${tab}`,
      group: 'views',
      keys: [keys],
      title,
      run: () => {
        panel.settings.bottomOpen = true
        panel.settings.bottomTab = tab
      }
    })),
    {
      id: 'models.editor',
      group: 'models',
      keys: ['g o'],
      title: () => t.editor(editor.shown.value),
      always: t.editorAlways,
      run: () => {
        if (editor.shown.value) editor.hide()
        else editor.show()
      }
    },
    {
      id: 'models.new',
      group: 'models',
      title: t.newModel,
      keys: ['Ctrl+N'],
      run: () => {
        editor.newOpen.value = true
      }
    },
    {
      id: 'models.open',
      group: 'models',
      title: t.openModel,
      keys: ['Ctrl+O'],
      run: () => {
        editor.openOpen.value = true
      }
    }
  )
}

/** @param leaveEditor shows what is below the editor */
function startCommand(leaveEditor: () => void): Command {
  return {
    id: 'window.start',
    group: 'target',
    title: startTexts.command,
    words: startTexts.commandWords,
    keys: ['g h'],
    run: () => {
      leaveEditor()
      startShown.value = true
    }
  }
}

function dialogCommands(): Command[] {
  return [
    {
      id: 'window.palette',
      group: 'window',
      title: t.palette,
      keys: ['Ctrl+K', 'F1', 'Ctrl+Shift+P'],
      run: () => {
        paletteOpen.value = true
      }
    },
    {
      id: 'window.shortcuts',
      group: 'window',
      title: t.shortcuts,
      keys: ['?'],
      run: () => {
        shortcutsOpen.value = true
      }
    }
  ]
}

function themeCommands(panel: Panel): Command[] {
  const { settings } = panel
  return [
    {
      id: 'window.theme',
      group: 'window',
      title: t.nextTheme,
      keys: ['Ctrl+Shift+L'],
      run: () => {
        settings.theme = THEMES[(THEMES.indexOf(settings.theme) + 1) % THEMES.length] ?? 'system'
      }
    },
    {
      id: 'window.motion',
      group: 'window',
      title: () => t.motion(settings.motion === 'off'),
      words: t.motionWords,
      run: () => {
        settings.motion = settings.motion === 'off' ? 'system' : 'off'
      }
    },
    ...THEMES.map((theme): Command => ({
      id: `window.theme.${theme}`,
      group: 'window',
      title: t.theme[theme],
      run: () => {
        settings.theme = theme
      }
    }))
  ]
}

function targetCommands(panel: Panel): Command[] {
  const connected = {
    enabled: () => panel.target.value.phase === 'connected',
    why: () => keyTexts.palette.notConnected
  }
  const { switches } = panel
  return [
    {
      id: 'target.connect',
      group: 'target',
      title: t.connect,
      keys: ['g c'],
      run: () => {
        connectOpen.value = true
      }
    },
    {
      ...connected,
      id: 'target.disconnect',
      group: 'target',
      title: t.disconnect,
      run: () => panel.ask({ op: 'disconnect' })
    },
    {
      ...connected,
      id: 'target.monitoring_on',
      group: 'target',
      title: () => t.monitoring(switches.value.monitoringOn),
      run: () =>
        panel.ask(
          { op: 'switch', which: 'monitoring_on', on: !switches.value.monitoringOn },
          'monitoring_on'
        )
    },
    {
      id: 'target.reacting_on',
      group: 'target',
      title: () => t.reacting(switches.value.reactingOn ?? false),
      enabled: () => connected.enabled() && switches.value.reactingOn !== null,
      why: () => (connected.enabled() ? t.noReactors : connected.why()),
      run: () =>
        panel.ask(
          { op: 'switch', which: 'reacting_on', on: !(switches.value.reactingOn ?? false) },
          'reacting_on'
        )
    },
    {
      id: 'simulator.scenarios',
      group: 'simulator',
      title: t.scenarios,
      keys: ['g s'],
      run: () => {
        scenariosOpen.value = true
      }
    }
  ]
}

function monitorCommands(
  panel: Panel,
  shown: { readonly enabled: () => boolean; readonly why: () => string }
): Command[] {
  const here = { scope: 'monitors', group: 'monitors' } as const
  const selected = () => panel.monitors.value[panel.indexOf(panel.selected.value)]
  const any = { enabled: () => shown.enabled() && selected() !== undefined, why: () => t.noMonitor }
  const step = (by: 1 | -1): void => {
    const list = panel.monitors.value
    const at = panel.indexOf(panel.selected.value)
    const next = list[(at + by + list.length) % list.length]
    if (next) panel.select(next.fullName)
  }
  return [
    {
      ...here,
      id: 'monitors.search',
      title: t.search,
      keys: ['/'],
      ...shown,
      run: async () => {
        panel.layout.set('left', true)
        await nextTick()
        document.getElementById('monitor-search')?.focus()
      }
    },
    {
      ...here,
      ...any,
      id: 'monitors.next',
      title: t.next,
      keys: [']'],
      repeats: true,
      run: () => {
        step(1)
      }
    },
    {
      ...here,
      ...any,
      id: 'monitors.previous',
      title: t.previous,
      keys: ['['],
      repeats: true,
      run: () => {
        step(-1)
      }
    },
    {
      ...here,
      id: 'monitors.toggle',
      title: () => {
        const monitor = selected()
        return monitor ? t.toggle(monitor.fullName, monitor.enabled) : t.toggleNone
      },
      always: t.toggleNone,
      keys: ['Ctrl+E'],
      enabled: () => any.enabled() && panel.target.value.phase === 'connected',
      why: () => (selected() ? keyTexts.palette.notConnected : t.noMonitor),
      run: () => {
        const monitor = selected()
        if (monitor) {
          const { fullName, enabled } = monitor
          void panel.ask({ op: 'enable', monitor: fullName, on: !enabled }, fullName)
        }
      }
    },
    ...TABS.map(([tab, keys], i): Command => ({
      ...any,
      scope: 'monitors',
      group: 'views',
      id: `views.${tab}`,
      title: t[tab],
      keys: [keys, `Alt+${i + 1}`],
      run: () => {
        panel.tab.value = tab
      }
    }))
  ]
}
