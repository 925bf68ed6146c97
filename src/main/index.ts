import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { BrowserWindow } from 'electron'
import { app, ipcMain, session } from 'electron'
import {
  channelGone,
  channelMenu,
  channelMenuChoice,
  channelPort,
  channelWantPort
} from '../contract/channels'
import { menuEntries } from '../contract/menu'
import { hardenContents, hardenSession, isTrustedSender } from './hardening'
import { installKiosk } from './kiosk'
import { AppMenu } from './menu'
import { installModelDesk } from './models/install'
import { ObserverHost } from './observer-host'
import type { ProgramOptions } from './options'
import { ownArguments, parseOptions, usage, UsageError } from './options'
import { installRecordings } from './recordings'
import { registerScheme, serveFolder } from './protocol'
import { takeScreenshot } from './screenshot'
import { installSettings } from './settings/install'
import { openWindow } from './window'

/** out/, where the build put the program. */
const out = dirname(dirname(fileURLToPath(import.meta.url)))
/** How long the observer may take to put the target back when the panel leaves, in milliseconds. */
const restoreLimit = 3000

start()

/** Reads the command line; everything that needs no window ends here. */
function start(): void {
  let options: ProgramOptions | 'help' | 'version'
  try {
    const isApp = (argument: string): boolean => resolve(argument) === app.getAppPath()
    options = parseOptions(ownArguments(process.argv, app.isPackaged ? undefined : isApp))
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    process.stderr.write(`rvpanel: ${error.message}\n${usage}`)
    app.exit(2)
    return
  }
  if (options === 'help' || options === 'version') {
    process.stdout.write(options === 'help' ? usage : `rvpanel ${app.getVersion()}\n`)
    app.exit(0)
    return
  }
  run(options)
}

function run(options: ProgramOptions): void {
  const profile = app.commandLine.getSwitchValue('user-data-dir')
  if (profile !== '') app.setPath('userData', resolve(profile))
  // The lock lives in the profile: two profiles are two panels. A picture is taken beside a running panel.
  if (options.screenshot === undefined && !app.requestSingleInstanceLock()) {
    process.stderr.write(
      'rvpanel: the panel is already open; its window was brought to the front.\n'
    )
    app.exit(0)
    return
  }
  // Chromium refuses its sandbox to root; whoever starts the panel as root has said so with this switch.
  if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox()
  registerScheme()
  hardenContents()
  void app.whenReady().then(() => {
    open(options)
  })
}

function open(options: ProgramOptions): void {
  hardenSession(session.defaultSession)
  serveFolder(session.defaultSession, join(out, 'renderer'))
  let window: BrowserWindow | undefined
  installSettings(() => window)
  const menu = new AppMenu((id) => {
    window?.webContents.mainFrame.send(channelMenuChoice, id)
  })
  ipcMain.on(channelMenu, (event, message: unknown) => {
    if (window === undefined || !isTrustedSender(event.senderFrame, window.webContents)) return
    const entries = menuEntries.safeParse(message)
    if (entries.success) menu.tell(entries.data)
  })
  const builtIn = join(dirname(out), 'models')
  const own = options.models === undefined ? undefined : resolve(options.models)
  const models = own === undefined ? [builtIn] : [builtIn, own]
  const drafts = join(app.getPath('userData'), 'drafts')
  installModelDesk({ builtIn, own, drafts }, () => window)
  const failed = new AbortController()
  const host = new ObserverHost(
    join(out, 'main', 'observer-process.js'),
    {
      modelFolders: models,
      stateFolder: join(app.getPath('userData'), 'observer'),
      target: options.target,
      enable: options.screenshot === undefined ? undefined : 'wip'
    },
    {
      restarted: () => {
        if (window !== undefined) sendPort(window, host)
      },
      gaveUp: (message) => {
        window?.webContents.mainFrame.send(channelGone, message)
      },
      reported: (report) => {
        process.stderr.write(`rvpanel: ${printable(report.message)}\n`)
        if (options.screenshot === undefined) return
        if (report.type === 'problem') process.exitCode = report.fatal ? 1 : process.exitCode
        else failed.abort()
      }
    }
  )
  installRecordings(
    () => window,
    (path) => {
      host.record(path)
    }
  )
  ipcMain.on(channelWantPort, (event) => {
    if (window !== undefined && isTrustedSender(event.senderFrame, window.webContents)) {
      sendPort(window, host)
    }
  })
  window = openWindow(
    {
      preload: join(out, 'preload', 'index.cjs'),
      icon: join(dirname(out), 'resources', 'icon.png')
    },
    options.screenshot === undefined && options.kiosk === undefined,
    options.kiosk
  )
  window.on('closed', () => {
    window = undefined
  })
  app.on('second-instance', () => {
    if (window?.isMinimized() === true) window.restore()
    window?.focus()
  })
  if (options.kiosk !== undefined) {
    installKiosk(window, options.kiosk, () => {
      host.renew()
    })
  }
  quitInOrder(host)
  if (options.screenshot !== undefined) {
    void screenshotRun(window, resolve(options.screenshot), failed.signal)
  }
}

/** A new line from the window to the observer; the preload script drops the one before. */
function sendPort(window: BrowserWindow, host: ObserverHost): void {
  const port = host.connect()
  if (port !== undefined) window.webContents.mainFrame.postMessage(channelPort, null, [port])
}

/** Lets the observer put the target back before the program ends. */
function quitInOrder(host: ObserverHost): void {
  let left = false
  app.on('window-all-closed', () => {
    app.quit()
  })
  app.on('will-quit', (event) => {
    if (left) return
    left = true
    event.preventDefault()
    void host.close(restoreLimit).then(() => {
      app.exit(Number(process.exitCode ?? 0))
    })
  })
}

/** Takes the picture and quits; without one when `failed` says that there is nothing to take. */
async function screenshotRun(
  window: BrowserWindow,
  file: string,
  failed: AbortSignal
): Promise<void> {
  const gone = new Promise<'gone'>((resolve) => {
    failed.addEventListener('abort', () => {
      resolve('gone')
    })
  })
  try {
    if ((await Promise.race([gone, takeScreenshot(window, file)])) === 'gone') process.exitCode = 1
  } catch (error) {
    process.stderr.write(`rvpanel: ${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = 1
  }
  app.quit()
}

/** Words of a target or a file for a terminal: one line, without control characters. */
function printable(text: string): string {
  return text.replaceAll(/\p{Cc}+/gu, ' ')
}
