import { join } from 'node:path'
import type { BrowserWindow, IpcMainEvent, IpcMainInvokeEvent } from 'electron'
import { app, ipcMain, nativeTheme, shell } from 'electron'
import {
  channelSettings,
  channelSettingsChanged,
  channelSettingsNow
} from '../../contract/channels'
import { settingsRequest, type SettingsReply } from '../../contract/settings'
import { isTrustedSender } from '../hardening'
import { SettingsFile } from './settings-file'

/**
 * Has the settings follow their file, and the window follow the settings; answers its requests.
 * Those of any other page are refused.
 */
export function installSettings(current: () => BrowserWindow | undefined): SettingsFile {
  const settings = new SettingsFile(join(app.getPath('userData'), 'settings.json'), (state) => {
    followTheme()
    current()?.webContents.mainFrame.send(channelSettingsChanged, state)
  })
  // The window's frame, its first background and the menus have the theme as well.
  const followTheme = (): void => {
    const { theme } = settings.values
    if (nativeTheme.themeSource !== theme) nativeTheme.themeSource = theme
  }
  followTheme()
  settings.watch()
  app.on('browser-window-focus', () => {
    settings.look()
  })
  app.on('will-quit', () => {
    settings.close()
  })
  const isOwn = (event: IpcMainEvent | IpcMainInvokeEvent): boolean => {
    const window = current()
    return window !== undefined && isTrustedSender(event.senderFrame, window.webContents)
  }
  ipcMain.on(channelSettingsNow, (event) => {
    event.returnValue = isOwn(event) ? settings.state : null
  })
  ipcMain.handle(channelSettings, async (event, message: unknown): Promise<SettingsReply> => {
    if (!isOwn(event)) return failed('Only the panel’s own page may ask.')
    const request = settingsRequest.safeParse(message)
    if (!request.success) return failed('A message that no panel sends.')
    if (request.data.op === 'change') {
      return { type: 'state', state: settings.change(request.data.values) }
    }
    settings.make()
    const refusal = await shell.openPath(settings.file)
    if (refusal !== '') return failed(`${settings.file} cannot be opened: ${refusal}`)
    return { type: 'state', state: settings.state }
  })
  return settings
}

const failed = (message: string): SettingsReply => ({ type: 'failed', message })
