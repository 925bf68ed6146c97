import { describe, expect, it } from 'vitest'
import { codeOf } from './kit'
import type { Fixture } from './suite'

const PATH = 'monitors/wip/reactors'

/** The reactors files. The panic reactor is never chosen while its monitor is on. */
export function reactors(fixture: Fixture): void {
  describe('reactors', () => {
    it.each(['printk', ' printk\n', 'printk'.padEnd(33), 'printk\0nop'])(
      'takes %j for printk, and puts it between brackets',
      async (text) => {
        const { rv } = fixture
        await rv.append(PATH, text)
        expect(await rv.cat(PATH)).toBe('nop\n[printk]\npanic\n')
        expect(await rv.cat('monitors/wwnr/reactors')).toBe('[nop]\nprintk\npanic\n')
      }
    )

    it('can be panic, of a monitor that is off', async () => {
      await fixture.rv.overwrite(PATH, 'panic')
      expect(await fixture.rv.cat(PATH)).toBe('nop\nprintk\n[panic]\n')
    })

    it.each([' ', '\n', '\0nop'])('takes %j for nothing', async (text) => {
      const { rv } = fixture
      await rv.append(PATH, 'printk')
      await rv.append(PATH, text)
      expect(await rv.reactorOf('wip')).toBe('printk')
    })

    it.each(['bad', '[nop]', 'NOP', 'no', '!nop', 'a:nop', 'nop printk', 'nop'.padEnd(34)])(
      'refuses %j and keeps its value',
      async (text) => {
        const { rv } = fixture
        await rv.append(PATH, 'printk')
        expect(await codeOf(rv.overwrite(PATH, text))).toBe('EINVAL')
        expect(await rv.reactorOf('wip')).toBe('printk')
      }
    )

    it('keep an enabled monitor enabled, and a disabled one disabled', async () => {
      const { rv } = fixture
      await rv.append('enabled_monitors', 'wip')
      await rv.append(PATH, 'printk')
      await rv.append('monitors/wwnr/reactors', 'printk')
      expect(await rv.enabled()).toEqual(['wip'])
      await rv.append(PATH, 'nop')
      expect(await rv.enabled()).toEqual(['wip'])
    })
  })
}
