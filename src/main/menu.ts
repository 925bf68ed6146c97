import type { MenuItemConstructorOptions } from 'electron'
import { app, Menu } from 'electron'
import type { ModelCommand } from '../contract/model-files'

/**
 * The application menu: standard roles with their standard shortcuts, and models.
 *
 * @param tell carries what was chosen to the window
 */
export function installMenu(tell: (command: ModelCommand) => void): void {
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
  Menu.setApplicationMenu(
    Menu.buildFromTemplate([
      ...mac,
      { label: '&File', submenu: file },
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
