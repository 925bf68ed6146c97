import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isReachable, loadWindowState, saveWindowState } from './window-state'

const screen = { x: 0, y: 0, width: 1920, height: 1080 }
const bounds = { x: 10, y: 20, width: 1200, height: 800 }

describe('the remembered window', () => {
  let folder = ''
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'rvpanel-state-'))
  })
  afterEach(() => {
    rmSync(folder, { recursive: true })
  })

  it('comes back as it was saved, in a folder that was not there', () => {
    const file = join(folder, 'new', 'window.json')
    saveWindowState(file, { bounds, maximised: true })
    expect(loadWindowState(file)).toEqual({ bounds, maximised: true })
  })

  it.each(['', '{', 'null', '{"bounds":{"x":1e99,"y":0,"width":3,"height":3},"maximised":1}'])(
    'is forgotten when the file says %j',
    (text) => {
      const file = join(folder, 'window.json')
      writeFileSync(file, text)
      expect(loadWindowState(file)).toBeUndefined()
    }
  )

  it('is not put on a screen that is gone', () => {
    expect(isReachable(bounds, [screen])).toBe(true)
    expect(isReachable({ ...bounds, x: 1900 }, [screen])).toBe(false)
    expect(isReachable({ ...bounds, x: 1900 }, [screen, { ...screen, x: 1920 }])).toBe(true)
    expect(isReachable({ ...bounds, y: -40 }, [screen])).toBe(false)
    expect(isReachable(bounds, [])).toBe(false)
  })
})
