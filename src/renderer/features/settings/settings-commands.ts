import { settingsOpen } from '../../stores/dialogs'
import type { Command } from '../../stores/commands'
import type { Panel } from '../../stores/panel'
import { settingsTexts } from '../../texts-settings'
import { openSettingsFile } from './open-file'

const t = settingsTexts.commands

/** The settings dialog, the file, and each setting that is one of two. */
export function settingsCommands(panel: Panel): Command[] {
  const { settings } = panel
  const group = 'window'
  return [
    {
      id: 'window.settings',
      group,
      title: t.dialog,
      words: t.words,
      keys: ['Ctrl+,'],
      run: () => {
        settingsOpen.value = true
      }
    },
    {
      id: 'window.settings.file',
      group,
      title: t.file,
      words: t.fileWords,
      run: () => openSettingsFile(panel)
    },
    {
      id: 'window.density',
      group,
      title: () => t.density(settings.density === 'compact'),
      run: () => {
        settings.density = settings.density === 'compact' ? 'comfortable' : 'compact'
      }
    },
    {
      id: 'window.colours',
      group,
      title: () => t.colours(settings.colours === 'lightness'),
      run: () => {
        settings.colours = settings.colours === 'lightness' ? 'standard' : 'lightness'
      }
    },
    {
      id: 'window.times',
      group,
      title: () => t.times(settings.times === 'relative'),
      run: () => {
        settings.times = settings.times === 'relative' ? 'boot' : 'relative'
      }
    }
  ]
}
