import { beforeEach, afterEach, describe, expect, it, vi } from 'vitest'
import { FakeSettings } from '../dev/fake-settings'
import { createSettings, QUIET_MS } from './settings'

beforeEach(() => {
  vi.useFakeTimers()
  localStorage.clear()
})
afterEach(() => {
  vi.useRealTimers()
})
const quiet = (): Promise<unknown> => vi.advanceTimersByTimeAsync(QUIET_MS)

describe('the window’s mirror of the settings', () => {
  it('begins with what the file has', () => {
    const main = new FakeSettings()
    main.given = { theme: 'light', leftWidth: 200 }
    const { values } = createSettings(main.api)
    expect([values.theme, values.leftWidth, values.rightOpen]).toEqual(['light', 200, true])
  })

  it('sends what was changed, once, and nothing else', async () => {
    const main = new FakeSettings()
    const { values } = createSettings(main.api)
    for (let width = 300; width < 360; width++) values.leftWidth = width
    values.instanceTable.hidden = ['comm']
    await quiet()
    expect(main.changes).toEqual([
      {
        leftWidth: 359,
        instanceTable: { order: [], hidden: ['comm'], widths: {}, hidesExited: false }
      }
    ])
    await quiet()
    expect(main.changes.length).toBe(1)
  })

  it('follows an edit of the file, and does not send it back', async () => {
    const main = new FakeSettings()
    const { values, file } = createSettings(main.api)
    main.edit({ theme: 'light' }, [{ line: 3, column: 1, message: 'heat: expected …' }])
    await quiet()
    expect([values.theme, main.changes, file.value.problems[0]?.line]).toEqual(['light', [], 3])
  })

  it('keeps what is changed here while an older state arrives', async () => {
    const main = new FakeSettings()
    const { values } = createSettings(main.api)
    let answer = (): void => undefined
    main.before = () => new Promise((resolve) => (answer = resolve))
    values.leftWidth = 200
    await quiet()
    values.leftWidth = 210
    answer()
    main.edit({ leftWidth: 200, theme: 'light' })
    await vi.advanceTimersByTimeAsync(1)
    expect([values.leftWidth, values.theme]).toEqual([210, 'light'])
    await quiet()
    expect(main.changes.at(-1)).toEqual({ leftWidth: 210 })
  })

  it('is newer than an edit of the same key that arrives before it was sent', async () => {
    const main = new FakeSettings()
    const { values } = createSettings(main.api)
    values.theme = 'dark'
    main.edit({ theme: 'light' })
    expect(values.theme).toBe('dark')
    await quiet()
    expect([values.theme, main.given.theme]).toEqual(['dark', 'dark'])
  })

  it('has the defaults when main says nothing that makes sense', () => {
    const main = new FakeSettings()
    const { values } = createSettings({ ...main.api, now: () => ({ values: 7 }) })
    expect(values.theme).toBe('system')
  })

  it('moves what an earlier version kept to the file, once, but for what the file has', async () => {
    localStorage.setItem('rvpanel.settings', '{"theme":"dark","leftWidth":222,"heat":"no"}')
    const main = new FakeSettings()
    main.given = { theme: 'light' }
    const { values } = createSettings(main.api, localStorage)
    await quiet()
    expect([values.theme, values.leftWidth, values.heat]).toEqual(['light', 222, 'rate'])
    expect(localStorage.length).toBe(0)
    createSettings(main.api, localStorage)
    expect(main.changes.length).toBe(1)
  })
})
