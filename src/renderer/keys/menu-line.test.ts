import { nextTick, ref } from 'vue'
import { describe, expect, it } from 'vitest'
import { menuEntries, type MenuEntry } from '../../contract/menu'
import { Commands } from '../stores/commands'
import { followMenu } from './menu-line'

function setUp() {
  const commands = new Commands()
  const told: (readonly MenuEntry[])[] = []
  let choose: (id: unknown) => void = () => undefined
  const stop = followMenu(commands, {
    tell: (entries) => told.push(entries),
    onChoose: (listener) => {
      choose = listener
      return () => undefined
    }
  })
  return { commands, told, stop, choose: (id: unknown) => choose(id) }
}

describe('the menu', () => {
  it('has the titles, keys and possibility of the commands, and follows them', async () => {
    const { commands, told, stop } = setUp()
    const possible = ref(false)
    const on = ref(true)
    const run = (): void => undefined
    commands.add(
      {
        id: 'target.record',
        group: 'target',
        title: () => (on.value ? 'Stop' : 'Record'),
        keys: ['r', 'Ctrl+Shift+E'],
        enabled: () => possible.value,
        run
      },
      { id: 'views.events', group: 'views', title: 'Events', keys: ['g e', 'Alt+3'], run },
      { id: 'not.in.the.menu', group: 'views', title: 'Other', run }
    )
    await nextTick()
    expect(told.at(-1)).toEqual([
      { id: 'target.record', title: 'Stop', keys: 'Ctrl+Shift+E', enabled: false },
      { id: 'views.events', title: 'Events', keys: 'Alt+3', enabled: true }
    ])
    const before = told.length
    possible.value = true
    on.value = false
    await nextTick()
    expect(told.at(-1)?.[0]).toMatchObject({ title: 'Record', enabled: true })
    expect(told.length).toBe(before + 1)
    // Nothing is told that the menu does not show.
    commands.add({ id: 'another', group: 'views', title: 'Another', run })
    await nextTick()
    expect(told.length).toBe(before + 1)
    // Main takes what is sent.
    expect(menuEntries.safeParse(told.at(-1)).success).toBe(true)
    stop()
  })

  it('runs what is chosen, if it is possible now', () => {
    const { commands, choose, stop } = setUp()
    const done: string[] = []
    const run = (id: string) => () => done.push(id)
    commands.add(
      { id: 'a', group: 'views', title: 'A', run: run('a') },
      { id: 'b', group: 'views', title: 'B', enabled: () => false, run: run('b') }
    )
    for (const id of ['a', 'b', 'nothing', 7, null]) choose(id)
    expect(done).toEqual(['a'])
    stop()
  })
})
