import type { Command } from '../../stores/commands'
import { machineOpen } from '../../stores/dialogs'
import type { Panel } from '../../stores/panel'
import { simulatorTexts as t } from '../../texts-simulator'

/** What can be done with the simulated machine's time. */
export function simulatorCommands(panel: Panel): Command[] {
  const isSimulated = (): boolean =>
    panel.simulator.value !== null && panel.target.value.phase === 'connected'
  const common = {
    group: 'simulator',
    enabled: isSimulated,
    why: () => t.onlySimulated
  } as const
  return [
    {
      ...common,
      id: 'simulator.machine',
      title: t.open,
      keys: ['s m'],
      enabled: () => panel.simulator.value !== null,
      run: () => (machineOpen.value = true)
    },
    {
      ...common,
      id: 'simulator.run.ms',
      title: t.commands.ms,
      keys: ['s 1'],
      run: () => panel.ask({ op: 'simulatorRun', until: { kind: 'time', ns: 1_000_000 } })
    },
    {
      ...common,
      id: 'simulator.run.transition',
      title: t.commands.transition,
      keys: ['s t'],
      enabled: () => isSimulated() && panel.selected.value !== null,
      run: () => {
        const monitor = panel.selected.value
        if (monitor === null) return undefined
        return panel.ask({ op: 'simulatorRun', until: { kind: 'transition', monitor } })
      }
    },
    {
      ...common,
      id: 'simulator.run.violation',
      title: t.commands.violation,
      keys: ['s v'],
      run: () => panel.ask({ op: 'simulatorRun', until: { kind: 'violation' } })
    },
    {
      ...common,
      id: 'simulator.repeat',
      title: t.commands.repeat,
      keys: ['s r'],
      run: () => panel.ask({ op: 'simulator', action: 'repeat' })
    },
    {
      ...common,
      id: 'simulator.cancel',
      title: t.commands.cancel,
      keys: ['s x'],
      enabled: () => (panel.simulator.value?.task ?? null) !== null,
      why: () => t.notRunning,
      run: () => panel.ask({ op: 'simulator', action: 'cancel' })
    }
  ]
}
