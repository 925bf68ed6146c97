import { describe, expect, it } from 'vitest'
import { frames, picture } from './harness'
import { layoutProblems } from './layout-check'
import { busyPanel, resize, walk } from './views'

describe.each(['dark', 'light'] as const)('every view, %s', (colorScheme) => {
  it.each([
    [1440, 900],
    [900, 700]
  ])(
    'has all of its text and controls in reach at %i × %i',
    async (width, height) => {
      const panel = await busyPanel()
      const { page } = panel
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      await resize(panel, width, height)
      const found = await walk(panel, async (name) => {
        await frames(page, 6)
        await picture(page, `gallery/${colorScheme}-${String(width)}-${name}`)
        return layoutProblems(page)
      })
      expect(found).toEqual({})
      expect(panel.problems).toEqual([])
    },
    300_000
  )
})
