import { describe, expect, it } from 'vitest'
import { codeOf } from './kit'
import type { Fixture } from './suite'

/** A word for true and one for false, in turns. */
const ALL = [
  ['1', '0'],
  ['1\n', '0\n'],
  ['10', '01'],
  ['y', 'n'],
  ['Yes', 'No'],
  ['t', 'f'],
  ['True', 'False'],
  ['e', 'd'],
  ['Enable', 'Disable'],
  ['on', 'of'],
  ['ON\n', 'OFF\n'],
  ['oNx', 'oFx']
] as const
const SOME = ALL.filter(([yes]) => ['10', 'Yes', 'oNx'].includes(yes))
const REFUSED = [' 1', '\n', '2', '+1', 'o', 'ox', '\x001', '!0', '?']

/** What monitoring_on, reacting_on and enable take for true and false. */
export function booleans(fixture: Fixture): void {
  describe.each([
    ['monitoring_on', ALL],
    ['reacting_on', SOME],
    ['monitors/wwnr/enable', SOME]
  ] as const)('%s', (path, pairs) => {
    it('takes the words of kstrtobool', async () => {
      const { rv } = fixture
      await rv.append(path, '0')
      for (const [yes, no] of pairs) {
        await rv.append(path, yes)
        expect([yes, await rv.cat(path)]).toEqual([yes, '1\n\0'])
        await rv.append(path, no)
        expect([no, await rv.cat(path)]).toEqual([no, '0\n\0'])
      }
    })

    it('refuses everything else, and keeps its value', async () => {
      const { rv } = fixture
      const before = await rv.cat(path)
      for (const word of REFUSED) {
        expect([word, await codeOf(rv.append(path, word))]).toEqual([word, 'EINVAL'])
      }
      expect(await rv.cat(path)).toBe(before)
    })

    it('does not care for O_TRUNC', async () => {
      const { rv } = fixture
      await rv.append(path, '1')
      expect(await codeOf(rv.overwrite(path, 'x'))).toBe('EINVAL')
      expect(await rv.isOn(path)).toBe(true)
    })
  })
}
