import { watchEffect } from 'vue'
import { MENU_IDS, type MenuEntry } from '../../contract/menu'
import type { PreloadApi } from '../../contract/preload-api'
import { titleOf, type Command, type Commands } from '../stores/commands'

/** What the menu shows of the commands that it has. */
export function menuEntriesOf(commands: readonly Command[]): MenuEntry[] {
  return commands
    .filter((command) => MENU_IDS.has(command.id))
    .map((command) => ({
      id: command.id,
      title: titleOf(command).slice(0, 200),
      // Single letters and sequences would read as what a menu takes itself.
      keys: command.keys?.find((keys) => /^(?:\S+\+\S+|F\d+)$/.test(keys)) ?? null,
      enabled: command.enabled?.() !== false
    }))
}

/** Tells the menu of the commands whenever they change, and runs what is chosen. Returns the way to stop. */
export function followMenu(commands: Commands, api: PreloadApi['menu']): () => void {
  let told = ''
  const stopTelling = watchEffect(() => {
    const entries = menuEntriesOf(commands.all)
    const text = JSON.stringify(entries)
    if (text === told) return
    told = text
    api.tell(entries)
  })
  const stopHearing = api.onChoose((id) => {
    if (typeof id === 'string') commands.run(id)
  })
  return () => {
    stopTelling()
    stopHearing()
  }
}
