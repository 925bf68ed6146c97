import { describe, expect, it } from 'vitest'
import { CONTAINERS, MONITORS } from './catalog'
import { codeOf } from './kit'
import type { Fixture } from './suite'

/** A container and its children as enabled_monitors lists them. */
const whole = (name: string): string[] => [
  name,
  ...(CONTAINERS.get(name) ?? []).map((child) => `${name}:${child}`)
]
const SCHED = whole('sched')
const without = (...names: readonly string[]): string[] =>
  SCHED.filter((one) => !names.includes(one.split(':').at(-1) ?? ''))

/** Containers: what becomes of the children, of the flag, and of the reactors. */
export function containers(fixture: Fixture): void {
  describe.each([...CONTAINERS.keys()])('the container %s', (name) => {
    it('enables and disables its children', async () => {
      const { rv } = fixture
      await rv.append('enabled_monitors', name)
      expect(await rv.enabled()).toEqual(whole(name))
      await rv.append('enabled_monitors', `!${name}`)
      expect(await rv.enabled()).toEqual([])
      await rv.append(`monitors/${name}/enable`, '1')
      expect(await rv.enabled()).toEqual(whole(name))
      await rv.append(`monitors/${name}/enable`, '0')
      expect(await rv.enabled()).toEqual([])
    })

    it('is disabled with its children by the truncation', async () => {
      const { rv } = fixture
      await rv.append('enabled_monitors', name)
      await rv.overwrite('enabled_monitors', 'wip')
      expect(await rv.enabled()).toEqual(['wip'])
    })

    it('hands its reactor on', async () => {
      const { rv } = fixture
      await rv.append('reacting_on', '0')
      await rv.append(`monitors/${name}/reactors`, 'printk')
      expect(await rv.reactorOf(name)).toBe('printk')
      for (const child of CONTAINERS.get(name) ?? []) {
        expect([child, await rv.reactorOf(`${name}/${child}`)]).toEqual([child, 'printk'])
      }
      expect(await rv.reactorOf('wip')).toBe('nop')
      expect(await rv.enabled()).toEqual([])
    })
  })

  describe('the flag of a container', () => {
    it('does not follow its children', async () => {
      const { rv } = fixture
      for (const child of SCHED.slice(1)) await rv.append('enabled_monitors', child)
      expect(await rv.enabled()).toEqual(SCHED.slice(1))
      expect(await rv.isOn('monitors/sched/enable')).toBe(false)
      await rv.append('enabled_monitors', 'sched')
      for (const child of SCHED.slice(1)) await rv.append('enabled_monitors', `!${child}`)
      expect(await rv.enabled()).toEqual(['sched'])
    })

    it('does not keep it from enabling children that are off', async () => {
      const { rv } = fixture
      await rv.append('enabled_monitors', 'sched')
      await rv.append('monitors/sched/sco/enable', '0')
      expect(await rv.enabled()).toEqual(without('sco'))
      await rv.append('monitors/sched/enable', '1')
      expect(await rv.enabled()).toEqual(SCHED)
    })

    it('does not keep it from disabling children that are on', async () => {
      const { rv } = fixture
      await rv.append('enabled_monitors', 'sco')
      await rv.append('enabled_monitors', '!sched')
      expect(await rv.enabled()).toEqual([])
      await rv.append('enabled_monitors', 'sco')
      await rv.append('monitors/sched/enable', '0')
      expect(await rv.enabled()).toEqual([])
    })
  })

  describe('enabling a container', () => {
    it('goes on where a child is on already', async () => {
      const { rv } = fixture
      await rv.append('enabled_monitors', 'sched:nrp')
      await rv.append('enabled_monitors', 'sched')
      expect(await rv.enabled()).toEqual(SCHED)
    })

    it('leaves other monitors and containers as they are', async () => {
      const { rv } = fixture
      for (const name of ['wip', 'deadline', 'sched']) await rv.append('enabled_monitors', name)
      expect(await rv.enabled()).toEqual(['wip', ...SCHED, ...whole('deadline')])
      await rv.append('enabled_monitors', '!sched')
      expect(await rv.enabled()).toEqual(['wip', ...whole('deadline')])
    })

    it('of all of them, and of every other monitor, finds slots enough', async () => {
      const { rv } = fixture
      for (const name of ['sched', 'rtapp', 'wwnr', 'stall', 'wip', 'deadline']) {
        await rv.append('enabled_monitors', name)
      }
      expect(await rv.enabled()).toEqual(MONITORS.map(({ listed }) => listed))
    })
  })

  describe('the name of a child', () => {
    it.each(['sco', 'sched:sco', 'foo:sco', 'rtapp:sco', ':sco', ' sched:sco\n'])(
      'may be written as %j',
      async (text) => {
        const { rv } = fixture
        await rv.append('enabled_monitors', text)
        expect(await rv.enabled()).toEqual(['sched:sco'])
        await rv.append('enabled_monitors', `!${text.trim()}`)
        expect(await rv.enabled()).toEqual([])
      }
    )

    it.each(['sched:', 'sched/sco', 'sched:sched:sco', 'sched: sco', 'sched :', 'sched:!sco'])(
      'is not %j',
      async (text) => {
        const { rv } = fixture
        await rv.append('enabled_monitors', 'deadline')
        expect(await codeOf(rv.append('enabled_monitors', text))).toBe('EINVAL')
        expect(await rv.enabled()).toEqual(whole('deadline'))
      }
    )

    it.each(['foo:sched', ':sched', 'deadline:sched'])('%j is the container', async (text) => {
      await fixture.rv.append('enabled_monitors', text)
      expect(await fixture.rv.enabled()).toEqual(SCHED)
    })
  })

  describe('the reactor of a container', () => {
    it('that is on brings every child on, also one that was off', async () => {
      const { rv } = fixture
      await rv.append('monitors/sched/enable', '1')
      await rv.append('monitors/sched/snep/enable', '0')
      await rv.append('reacting_on', '0')
      await rv.append('monitors/sched/reactors', 'printk')
      expect(await rv.enabled()).toEqual(SCHED)
    })

    it('that is off itself leaves a child disabled that was on', async () => {
      const { rv } = fixture
      await rv.append('enabled_monitors', 'snep')
      await rv.append('reacting_on', '0')
      await rv.append('monitors/sched/reactors', 'printk')
      expect(await rv.enabled()).toEqual([])
    })

    it('written again leaves a child disabled that had another one', async () => {
      const { rv } = fixture
      await rv.append('reacting_on', '0')
      await rv.append('monitors/sched/enable', '1')
      await rv.append('monitors/sched/snep/reactors', 'printk')
      expect(await rv.enabled()).toEqual(SCHED)
      expect(await rv.reactorOf('sched')).toBe('nop')
      await rv.append('monitors/sched/reactors', 'nop')
      expect(await rv.enabled()).toEqual(without('snep'))
      expect(await rv.reactorOf('sched/snep')).toBe('nop')
    })

    it('written again changes nothing where all have it', async () => {
      const { rv } = fixture
      await rv.append('enabled_monitors', 'sched:sssw')
      await rv.append('monitors/sched/reactors', 'nop')
      expect(await rv.enabled()).toEqual(['sched:sssw'])
    })

    it('does not follow that of a child, nor do the other children', async () => {
      const { rv } = fixture
      await rv.append('monitors/sched/snep/reactors', 'printk')
      expect(await rv.reactorOf('sched')).toBe('nop')
      expect(await rv.reactorOf('sched/sco')).toBe('nop')
      expect(await rv.reactorOf('sched/snep')).toBe('printk')
    })

    it('that is unknown is refused, and nobody gets another', async () => {
      const { rv } = fixture
      await rv.append('enabled_monitors', 'sched')
      expect(await codeOf(rv.append('monitors/sched/reactors', 'bad'))).toBe('EINVAL')
      expect(await rv.enabled()).toEqual(SCHED)
      expect(await rv.reactorOf('sched/sco')).toBe('nop')
    })
  })
}
