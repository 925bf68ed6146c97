import { appendFileSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { app, ipcMain, Menu, powerSaveBlocker, type BrowserWindow, type Input } from 'electron'
import { channelKioskBeat } from '../contract/channels'
import type { KioskSettings } from '../contract/kiosk'
import { isTrustedSender } from './hardening'
import { KIOSK_LIMITS, KioskWatch } from './kiosk-watch'

/** How often the story is looked after, ms. */
const LOOK_MS = 5000
/** How long after a page has gone the next one is loaded, ms. */
const RELOAD_MS = 500
/** Size at which the log begins anew, bytes; the one before is kept. */
const MAX_LOG = 262_144

/** Keys that go from button to button and press them, by KeyboardEvent.code. */
const PAGE_KEYS = new Set(['Tab', 'Enter', 'Space', 'Escape'])

/** Ctrl+Alt+Shift+Q: nobody presses that by chance. */
function leaves({ control, alt, shift, code, type }: Input): boolean {
  return type === 'keyDown' && control && alt && shift && code === 'KeyQ'
}

/**
 * Makes a window one that nobody leaves by chance and that goes on by itself: no menu, no keys but
 * the combination, no closing, the screen stays on; a page that is gone or silent is loaded anew.
 * What it had to do is in kiosk.log of the program's data.
 */
export function installKiosk(
  window: BrowserWindow,
  settings: KioskSettings,
  renewObserver: () => void
): void {
  const file = join(app.getPath('userData'), 'kiosk.log')
  const log = (line: string): void => {
    writeLog(file, `${new Date().toISOString()} ${line}\n`)
  }
  let isLeaving = false
  Menu.setApplicationMenu(null)
  const blocker = powerSaveBlocker.start('prevent-display-sleep')
  const { webContents } = window
  webContents.on('before-input-event', (event, input) => {
    // The page's own buttons work by keys; every other one is somebody's try to leave.
    const isPlain = !input.control && !input.alt && !input.meta
    if (isPlain && PAGE_KEYS.has(input.code)) return
    event.preventDefault()
    if (!leaves(input)) return
    isLeaving = true
    log('left with Ctrl+Alt+Shift+Q')
    app.quit()
  })
  window.on('close', (event) => {
    if (!isLeaving) event.preventDefault()
  })
  app.on('before-quit', (event) => {
    if (!isLeaving) event.preventDefault()
  })
  // Whoever may send signals to the program may end it.
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    process.once(signal, () => {
      isLeaving = true
      app.quit()
    })
  }
  const watch = new KioskWatch(
    performance.now(),
    {
      log,
      renewObserver,
      reload: () => {
        // Not from within the event that tells of the page's end.
        setTimeout(() => {
          if (!window.isDestroyed()) webContents.reload()
        }, RELOAD_MS)
      }
    },
    // A visitor may stand before a stopped story for so long.
    { ...KIOSK_LIMITS, silent: KIOSK_LIMITS.silent + settings.idleSeconds * 1000 }
  )
  webContents.on('render-process-gone', (_event, { reason }) => {
    if (!isLeaving) watch.broken(performance.now(), `the page is gone: ${reason}`)
  })
  window.on('unresponsive', () => {
    webContents.forcefullyCrashRenderer()
  })
  ipcMain.on(channelKioskBeat, (event, isEnd: unknown) => {
    if (!isTrustedSender(event.senderFrame, webContents)) return
    watch.beat(performance.now(), isEnd === true, memory())
  })
  const timer = setInterval(() => {
    watch.look(performance.now(), memory())
  }, LOOK_MS)
  window.on('closed', () => {
    clearInterval(timer)
    powerSaveBlocker.stop(blocker)
  })
}

/** Resident memory of all processes, bytes. */
function memory(): number {
  return app.getAppMetrics().reduce((sum, one) => sum + one.memory.workingSetSize * 1024, 0)
}

/** A full disk does not stop a story. */
function writeLog(file: string, line: string): void {
  try {
    const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0
    if (size > MAX_LOG) renameSync(file, `${file}.1`)
    appendFileSync(file, line)
  } catch {
    process.stderr.write(`rvpanel: kiosk: ${line}`)
  }
}
