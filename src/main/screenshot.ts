import { writeFile } from 'node:fs/promises'
import type { BrowserWindow } from 'electron'

/** How long live states may take to come in, in milliseconds. */
const patience = 60_000

/**
 * Resolves in the page once it says that live state has moved and has drawn
 * it. Runs in a world of its own: it sees the page's document, nothing else.
 */
const pageIsLive = `new Promise((resolve) => {
  const root = document.documentElement
  const drawn = () => requestAnimationFrame(() => requestAnimationFrame(() => resolve()))
  const ready = () => root.dataset.live === 'true' && (observer.disconnect(), setTimeout(drawn, 1500))
  const observer = new MutationObserver(ready)
  observer.observe(root, { attributes: true, attributeFilter: ['data-live'] })
  ready()
})`

/**
 * Writes one picture of the window to `file` once live states are in.
 *
 * @throws Error with one sentence: no live state within a minute, or the file cannot be written
 */
export async function takeScreenshot(window: BrowserWindow, file: string): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`No live state of an enabled monitor came in within ${patience / 1000} s.`))
    }, patience)
  })
  try {
    await Promise.race([late, whenLive(window)])
  } finally {
    clearTimeout(timer)
  }
  const image = await window.webContents.capturePage()
  if (image.isEmpty()) throw new Error('The window has no picture: is there a display?')
  try {
    await writeFile(file, image.toPNG())
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
    throw new Error(`The picture cannot be written to ${file}: ${code}.`, { cause: error })
  }
}

async function whenLive(window: BrowserWindow): Promise<void> {
  if (window.webContents.isLoading()) {
    await new Promise<void>((resolve) => {
      window.webContents.once('did-finish-load', () => {
        resolve()
      })
    })
  }
  await window.webContents.executeJavaScriptInIsolatedWorld(1001, [{ code: pageIsLive }])
}
