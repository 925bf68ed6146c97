import { describe, expect, it } from 'vitest'
import { codeOf } from './kit'
import type { Fixture } from './suite'

/** enabled_monitors and the enable files. */
export function monitors(fixture: Fixture): void {
  describe('enabled_monitors', () => {
    it('and enable show the same', async () => {
      const { rv } = fixture
      await rv.append('enabled_monitors', 'wip')
      expect(await rv.isOn('monitors/wip/enable')).toBe(true)
      await rv.append('monitors/wwnr/enable', '1')
      expect(await rv.enabled()).toEqual(['wip', 'wwnr'])
      await rv.append('monitors/wip/enable', '0')
      expect(await rv.enabled()).toEqual(['wwnr'])
      await rv.append('enabled_monitors', '!wwnr')
      expect(await rv.isOn('monitors/wwnr/enable')).toBe(false)
    })

    it('adds when appended to, and starts anew when truncated', async () => {
      const { rv } = fixture
      await rv.append('enabled_monitors', 'wwnr\n')
      await rv.append('enabled_monitors', 'wip\n')
      expect(await rv.enabled()).toEqual(['wip', 'wwnr'])
      await rv.overwrite('enabled_monitors', 'wwnr\n')
      expect(await rv.enabled()).toEqual(['wwnr'])
    })

    it('is emptied by the truncation even if the write is refused', async () => {
      const { rv } = fixture
      await rv.append('enabled_monitors', 'wip')
      expect(await codeOf(rv.overwrite('enabled_monitors', 'nobody'))).toBe('EINVAL')
      expect(await rv.enabled()).toEqual([])
    })

    it('takes what is on already, and disables what is off', async () => {
      const { rv } = fixture
      await rv.append('enabled_monitors', 'wip')
      await rv.append('enabled_monitors', 'wip')
      await rv.append('enabled_monitors', '!wwnr')
      expect(await rv.enabled()).toEqual(['wip'])
    })

    it.each([
      ' wip ',
      '\t\n wip\r\v\f',
      'foo:wip',
      ':wip',
      'wwnr:wip',
      'wip\0wwnr',
      'wip'.padEnd(33)
    ])('takes %j for wip', async (text) => {
      await fixture.rv.append('enabled_monitors', text)
      expect(await fixture.rv.enabled()).toEqual(['wip'])
    })

    it.each(['!wip', ' !wip\n', '!foo:wip'])('takes %j for wip off', async (text) => {
      const { rv } = fixture
      await rv.append('enabled_monitors', 'wip')
      await rv.append('enabled_monitors', text)
      expect(await rv.enabled()).toEqual([])
    })

    it.each(['!', ' ', '\n', ' ! ', '\0wip'])('takes %j for nothing', async (text) => {
      const { rv } = fixture
      await rv.append('enabled_monitors', 'wwnr')
      await rv.append('enabled_monitors', text)
      expect(await rv.enabled()).toEqual(['wwnr'])
    })

    it.each([
      'nobody',
      '!nobody',
      '! wip',
      '!!wip',
      ':!wip',
      'wip:',
      'a:b:wip',
      'WIP',
      'wi',
      'wipp',
      'wip wwnr',
      'wip'.padEnd(34),
      'x'.repeat(200)
    ])('refuses %j, and nothing changes', async (text) => {
      const { rv } = fixture
      await rv.append('enabled_monitors', 'wwnr')
      expect(await codeOf(rv.append('enabled_monitors', text))).toBe('EINVAL')
      expect(await rv.enabled()).toEqual(['wwnr'])
    })
  })
}
