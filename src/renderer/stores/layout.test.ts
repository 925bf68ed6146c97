import { reactive } from 'vue'
import { describe, expect, it } from 'vitest'
import { defaultSettings } from '../../contract/settings'
import { Layout } from './layout'

/** A window that can be made narrow. */
function setUp(narrow = false) {
  const query = Object.assign(new EventTarget(), { matches: narrow })
  const settings = reactive(defaultSettings())
  // The part of a MediaQueryList that the layout uses.
  const layout = new Layout(settings, { matchMedia: () => query as unknown as MediaQueryList })
  const make = (is: boolean): void => {
    query.matches = is
    query.dispatchEvent(new Event('change'))
  }
  return { settings, layout, make }
}

describe('the panes', () => {
  it('are remembered in a window that has room for them', () => {
    const { layout, settings } = setUp()
    layout.toggle('left')
    layout.set('bottom', false)
    layout.resize('right', 400)
    expect([settings.leftOpen, settings.bottomOpen, settings.rightWidth]).toEqual([
      false,
      false,
      400
    ])
    layout.reset('right')
    expect(settings.rightWidth).toBe(344)
  })

  it('at the sides are drawers in a narrow window, one at a time, and what is remembered stays', () => {
    const { layout, settings, make } = setUp()
    make(true)
    expect([layout.isOpen('left'), layout.isOpen('right'), layout.isOpen('bottom')]).toEqual([
      false,
      false,
      true
    ])
    layout.toggle('left')
    layout.set('right', true)
    expect([layout.isOpen('left'), layout.isOpen('right')]).toEqual([false, true])
    // Closing one that is not open leaves the other.
    layout.set('left', false)
    expect(layout.isOpen('right')).toBe(true)
    make(false)
    expect([settings.leftOpen, settings.rightOpen, layout.isOpen('left')]).toEqual([
      true,
      true,
      true
    ])
  })
})
