import type { ChosenWay } from '../../contract/watch'
import type { Command } from '../stores/commands'
import type { Panel } from '../stores/panel'
import { keyTexts } from '../texts-keys'
import { watchTexts } from '../texts-watch'

const WAYS: readonly (readonly [ChosenWay, string])[] = [
  ['auto', 'w a'],
  ['stream', 'w s'],
  ['sample', 'w l'],
  ['count', 'w c']
]

/** How the shown monitor is watched. */
export function watchCommands(panel: Panel, shown: () => boolean): Command[] {
  const selected = () => panel.monitors.value[panel.indexOf(panel.selected.value)]
  const isConnected = () => panel.target.value.phase === 'connected' && !panel.readOnly
  const why = (): string => {
    if (!selected()) return keyTexts.commands.noMonitor
    return isConnected() ? watchTexts.ofContainer : keyTexts.palette.notConnected
  }
  return WAYS.map(([way, keys]) => ({
    id: `monitors.watch.${way}`,
    group: 'monitors',
    scope: 'monitors',
    title: watchTexts.command[way],
    words: watchTexts.words,
    keys: [keys],
    enabled: () => {
      const monitor = selected()
      return shown() && isConnected() && monitor !== undefined && monitor.class !== 'container'
    },
    why,
    run: () => {
      const monitor = selected()
      if (monitor) {
        void panel.ask({ op: 'watch', monitor: monitor.fullName, way }, monitor.fullName)
      }
    }
  }))
}
