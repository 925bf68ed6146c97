import { describe, expect, it } from 'vitest'
import { frames, picture } from './harness'
import { layoutProblems } from './layout-check'
import { busyPanel, resize, views } from './views'
import { phase } from './words'

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
      const found: Record<string, string[]> = {}
      const look = async (name: string): Promise<void> => {
        await frames(page, 6)
        const problems = await layoutProblems(page)
        if (problems.length > 0) found[name] = problems
        await picture(page, `gallery/${colorScheme}-${String(width)}-${name}`)
      }
      for (const view of views) {
        await view.open(page)
        await look(view.name)
        await view.close?.(page)
      }
      await page.getByTestId('target-button').click()
      await page.getByTestId('disconnect').click()
      await expect.poll(() => phase(page)).toBe('none')
      await look('start')
      expect(found).toEqual({})
      expect(panel.problems).toEqual([])
    },
    300_000
  )
})
