import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { z } from 'zod'

const rectangle = z.object({
  x: z.int(),
  y: z.int(),
  width: z.int().min(640).max(16_384),
  height: z.int().min(480).max(16_384)
})
/** Place and size in device-independent pixels. */
export type Rectangle = z.infer<typeof rectangle>

const windowState = z.object({ bounds: rectangle, maximised: z.boolean() })
/** What is remembered of the window from one start to the next. */
export type WindowState = z.infer<typeof windowState>

/** The state that was saved, or undefined where there is none that makes sense. */
export function loadWindowState(file: string): WindowState | undefined {
  try {
    return windowState.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    return undefined
  }
}

/** Saves the state; a crash in the middle leaves the old one. Not being able to is no reason to bother anyone. */
export function saveWindowState(file: string, state: WindowState): void {
  try {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(`${file}.new`, JSON.stringify(state))
    renameSync(`${file}.new`, file)
  } catch {
    // A read-only home: the window opens in its default place next time.
  }
}

/** Whether enough of a window's title area is on one of the screens to be taken hold of. */
export function isReachable(bounds: Rectangle, screens: readonly Rectangle[]): boolean {
  return screens.some((screen) => {
    const across =
      Math.min(bounds.x + bounds.width, screen.x + screen.width) - Math.max(bounds.x, screen.x)
    return across >= 100 && bounds.y >= screen.y && bounds.y <= screen.y + screen.height - 50
  })
}
