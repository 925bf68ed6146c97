import { contextBridge, ipcRenderer, webUtils } from 'electron'
import {
  channelGone,
  channelKioskBeat,
  channelMenu,
  channelMenuChoice,
  channelModels,
  channelPort,
  channelRecordings,
  channelSettings,
  channelSettingsChanged,
  channelSettingsNow,
  channelWantPort
} from '../contract/channels'
import type { KioskSettings } from '../contract/kiosk'
import { PORT_MESSAGE, type PreloadApi } from '../contract/preload-api'

/*
 * The only code that both the window and Electron know. It hands one small API
 * to the page, and the port to the observer.
 */

ipcRenderer.on(channelPort, (event) => {
  const port = event.ports[0]
  if (port !== undefined) window.postMessage(PORT_MESSAGE, window.origin, [port])
})

/** Hands on what main sends over a channel. Returns the way to stop. */
function onCommand(channel: string, listener: (command: unknown) => void): () => void {
  const heard = (_event: unknown, command: unknown): void => {
    listener(command)
  }
  ipcRenderer.on(channel, heard)
  return () => ipcRenderer.off(channel, heard)
}

const version = '--rvpanel-version='
const kiosk = '--rvpanel-kiosk='

/** What main says of a kiosk; null: the program is none. */
function kioskOf(): KioskSettings | null {
  const found = process.argv.find((text) => text.startsWith(kiosk))
  if (found === undefined) return null
  const [idleSeconds = Number.NaN, speed = Number.NaN] = found
    .slice(kiosk.length)
    .split(',')
    .map(Number)
  return { idleSeconds, speed }
}

const api: PreloadApi = {
  observer: {
    wantPort: () => {
      ipcRenderer.send(channelWantPort)
    },
    onGone: (listener) => onCommand(channelGone, listener)
  },
  models: {
    ask: (request) => ipcRenderer.invoke(channelModels, request)
  },
  recordings: {
    ask: (request) => ipcRenderer.invoke(channelRecordings, request),
    pathOf: (file) => (file instanceof File ? webUtils.getPathForFile(file) : '')
  },
  menu: {
    tell: (entries) => {
      ipcRenderer.send(channelMenu, entries)
    },
    onChoose: (listener) => onCommand(channelMenuChoice, listener)
  },
  settings: {
    // The page's first paint already has the user's theme and panes.
    now: () => ipcRenderer.sendSync(channelSettingsNow) as unknown,
    ask: (request) => ipcRenderer.invoke(channelSettings, request),
    onChange: (listener) => onCommand(channelSettingsChanged, listener)
  },
  kioskBeat: (isEnd) => {
    ipcRenderer.send(channelKioskBeat, isEnd)
  },
  about: {
    version: process.argv.find((text) => text.startsWith(version))?.slice(version.length) ?? '',
    platform: process.platform,
    kiosk: kioskOf()
  }
}
contextBridge.exposeInMainWorld('rvpanel', api)
