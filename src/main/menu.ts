import type { MenuItemConstructorOptions } from 'electron'
import { app, Menu } from 'electron'
import type { ModelCommand } from '../contract/model-files'
import type { RecordingCommand } from '../contract/recordings'

/**
 * The application menu: standard roles with their standard shortcuts, models, and recordings.
 *
 * @param tell carries what was chosen of models to the window
 * @param tellRecording carries what was chosen of recordings
 */
export function installMenu(
  tell: (command: ModelCommand) => void,
  tellRecording: (command: RecordingCommand) => void
): void {
  const mac: MenuItemConstructorOptions[] =
    process.platform === 'darwin' ? [{ role: 'appMenu' }] : []
  const view: MenuItemConstructorOptions[] = [
    { role: 'reload' },
    { type: 'separator' },
    { role: 'resetZoom' },
    { role: 'zoomIn' },
    { role: 'zoomOut' },
    { type: 'separator' },
    { role: 'togglefullscreen' }
  ]
  if (!app.isPackaged) view.push({ type: 'separator' }, { role: 'toggleDevTools' })
  const model = (
    label: string,
    accelerator: string,
    command: ModelCommand
  ): MenuItemConstructorOptions => ({
    label,
    accelerator,
    click: () => {
      tell(command)
    }
  })
  const file: MenuItemConstructorOptions[] = [
    model('&New model…', 'CmdOrCtrl+N', 'new'),
    model('&Open model…', 'CmdOrCtrl+O', 'open'),
    model('&Save model', 'CmdOrCtrl+S', 'save'),
    { type: 'separator' },
    { role: process.platform === 'darwin' ? 'close' : 'quit' }
  ]
  const target: MenuItemConstructorOptions[] = [
    {
      label: '&Open recording…',
      accelerator: 'CmdOrCtrl+Shift+O',
      click: () => {
        tellRecording('open')
      }
    },
    {
      label: '&Record, or stop recording',
      accelerator: 'CmdOrCtrl+Shift+E',
      click: () => {
        tellRecording('record')
      }
    }
  ]
  Menu.setApplicationMenu(
    Menu.buildFromTemplate([
      ...mac,
      { label: '&File', submenu: file },
      { label: '&Target', submenu: target },
      { role: 'editMenu' },
      { label: '&View', submenu: view },
      { role: 'windowMenu' },
      { role: 'help', submenu: [{ role: 'about' }] }
    ])
  )
  app.setAboutPanelOptions({
    applicationName: 'rvpanel',
    applicationVersion: app.getVersion(),
    copyright: 'MIT licence'
  })
}
