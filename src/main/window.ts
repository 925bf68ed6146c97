import { join } from 'node:path'
import { app, BrowserWindow, nativeTheme, screen } from 'electron'
import type { KioskSettings } from '../contract/kiosk'
import { appPage } from './protocol'
import type { WindowState } from './window-state'
import { isReachable, loadWindowState, saveWindowState } from './window-state'

/** Where the build put this program's parts. */
export interface ProgramFiles {
  readonly preload: string
  readonly icon: string
}

const defaultSize = { width: 1440, height: 900 }

/**
 * Opens the panel's window: sandboxed, isolated, without Node, on the program's
 * own page. `remember`: put it where it was, and note where it is left.
 */
export function openWindow(
  files: ProgramFiles,
  remember: boolean,
  kiosk?: KioskSettings
): BrowserWindow {
  const stateFile = join(app.getPath('userData'), 'window.json')
  const state = remember ? loadWindowState(stateFile) : undefined
  const reachable =
    state !== undefined &&
    isReachable(
      state.bounds,
      screen.getAllDisplays().map((display) => display.workArea)
    )
  const window = new BrowserWindow({
    ...(reachable ? state.bounds : defaultSize),
    minWidth: 800,
    minHeight: 560,
    show: false,
    kiosk: kiosk !== undefined,
    title: 'rvpanel',
    icon: files.icon,
    backgroundColor: background(),
    webPreferences: {
      preload: files.preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      safeDialogs: true,
      spellcheck: false,
      // A picture of a page that may pause itself would not be a live one.
      backgroundThrottling: remember,
      additionalArguments: [
        `--rvpanel-version=${app.getVersion()}`,
        ...(kiosk ? [`--rvpanel-kiosk=${kiosk.idleSeconds},${kiosk.speed}`] : [])
      ]
    }
  })
  if (state?.maximised === true) window.maximize()
  window.once('ready-to-show', () => {
    window.show()
  })
  // The page's title is the panel's own; a target's words never reach the title bar.
  window.on('page-title-updated', (event) => {
    event.preventDefault()
  })
  if (remember) {
    window.on('close', () => {
      saveWindowState(stateFile, currentState(window))
    })
  }
  const repaint = (): void => {
    window.setBackgroundColor(background())
  }
  nativeTheme.on('updated', repaint)
  window.on('closed', () => {
    nativeTheme.off('updated', repaint)
  })
  void window.loadURL(appPage)
  return window
}

function currentState(window: BrowserWindow): WindowState {
  return { bounds: window.getNormalBounds(), maximised: window.isMaximized() }
}

/** What shows before the page has painted; the page follows the system's theme by itself. */
function background(): string {
  return nativeTheme.shouldUseDarkColors ? '#101418' : '#fbfcfd'
}
