import { describe, expect, it, type TestContext } from 'vitest'
import { codeOf } from './kit'
import type { Fixture } from './suite'

/** Containers, with the corner cases of their reactors, where the target has one. */
export function containers(fixture: Fixture): void {
  /** The first container and its children in list order. */
  const container = async (context: TestContext): Promise<[string, string[]]> => {
    const available = await fixture.rv.lines('available_monitors')
    const name = available.find((one) => one.includes(':'))?.split(':')[0]
    if (name === undefined) return context.skip('this target has no container')
    const children = available.filter((one) => one.startsWith(`${name}:`))
    return [name, children.map((one) => one.slice(name.length + 1))]
  }

  describe('a container', () => {
    it('enables and disables its children', async (context) => {
      const { rv } = fixture
      const [name, children] = await container(context)
      const all = [name, ...children.map((child) => `${name}:${child}`)]
      await rv.append('enabled_monitors', name)
      expect(await rv.enabled()).toEqual(all)
      await rv.append('enabled_monitors', `!${name}`)
      expect(await rv.enabled()).toEqual([])
    })

    it('does not notice what becomes of its children one by one', async (context) => {
      const { rv } = fixture
      const [name, [first = '', ...others]] = await container(context)
      await rv.append('enabled_monitors', first)
      expect(await rv.isOn(`monitors/${name}/enable`)).toBe(false)
      await rv.append(`monitors/${name}/enable`, '1')
      await rv.append(`monitors/${name}/${first}/enable`, '0')
      expect(await rv.isOn(`monitors/${name}/enable`)).toBe(true)
      expect(await rv.enabled()).toEqual([name, ...others.map((child) => `${name}:${child}`)])
      await rv.append(`monitors/${name}/enable`, '1')
      expect(await rv.isOn(`monitors/${name}/${first}/enable`)).toBe(true)
    })

    it('hands its reactor on, and enables every child if it is on itself', async (context) => {
      const { rv } = fixture
      const [name, children] = await container(context)
      await rv.append(`monitors/${name}/enable`, '1')
      await rv.append(`monitors/${name}/${children[0] ?? ''}/enable`, '0')
      await rv.append('reacting_on', '0')
      await rv.append(`monitors/${name}/reactors`, 'printk')
      expect(await rv.enabled()).toHaveLength(children.length + 1)
      for (const child of children) expect(await rv.reactorOf(`${name}/${child}`)).toBe('printk')
    })

    it('disables a child that was on alone when it hands its reactor on', async (context) => {
      const { rv } = fixture
      const [name, [first = '']] = await container(context)
      await rv.append('enabled_monitors', first)
      await rv.append('reacting_on', '0')
      await rv.append(`monitors/${name}/reactors`, 'printk')
      expect(await rv.enabled()).toEqual([])
    })

    it('leaves a differing child disabled when it has the reactor itself', async (context) => {
      const { rv } = fixture
      const [name, children] = await container(context)
      const first = children[0] ?? ''
      await rv.append('reacting_on', '0')
      await rv.append(`monitors/${name}/enable`, '1')
      await rv.append(`monitors/${name}/${first}/reactors`, 'printk')
      expect(await rv.enabled()).toHaveLength(children.length + 1)
      await rv.append(`monitors/${name}/reactors`, 'nop')
      expect(await rv.enabled()).toHaveLength(children.length)
      expect(await rv.isOn(`monitors/${name}/${first}/enable`)).toBe(false)
    })

    it('has no name that ends in a colon', async (context) => {
      const [name] = await container(context)
      expect(await codeOf(fixture.rv.append('enabled_monitors', `${name}:`))).toBe('EINVAL')
    })
  })
}
