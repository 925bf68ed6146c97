import fc from 'fast-check'
import { nextTick } from 'vue'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { inWindow, type } from '../features/testing-mount'
import { paletteOpen, shortcutsOpen } from '../stores/dialogs'
import { delta, monitorInfo } from '../testing'
import CommandPalette from './CommandPalette.vue'
import { rank, type Entry } from './entries'
import { fit } from './fuzzy'
import ShortcutList from './ShortcutList.vue'

const entry = (title: string, more: Partial<Entry> = {}): Entry => ({
  id: title,
  group: '',
  title,
  words: '',
  keys: [],
  refused: undefined,
  note: '',
  run: () => undefined,
  ...more
})
const titles = (list: Entry[], query: string, recent: string[] = []): string[] =>
  rank(list, query, recent).map((one) => one.entry.title)

describe('what fits', () => {
  it.each([
    ['enwip', 'Enable wip'],
    ['wip en', 'Enable wip'],
    ['sssw', 'Go to sched:sssw'],
    ['sts', 'Show the timeline in seconds']
  ])('%s is in “%s”', (query, text) => {
    expect(fit(query, text)).toBeDefined()
  })

  it('says where', () => {
    expect(fit('go ss', 'Go to sched:sssw')?.at).toEqual([0, 1, 12, 13])
  })

  it('does not find letters that are scattered by chance', () => {
    expect(fit('wip', 'Show the instances of the pane')).toBeUndefined()
  })

  it('finds each text by itself, and its places are places of the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 30 }), fc.string(), (text, query) => {
        expect(fit(text.replaceAll(/\s+/g, ' '), text.replaceAll(/\s+/g, ' '))).toBeDefined()
        for (const at of fit(query, text)?.at ?? []) {
          expect(at).toBeLessThan(text.toLowerCase().length)
        }
      })
    )
  })
})

describe('the order', () => {
  it('begins with the recent ones, newest first, while nothing is looked for', () => {
    expect(
      titles(
        ['a', 'b', 'c', 'd'].map((t) => entry(t)),
        '',
        ['c', 'b']
      )
    ).toEqual(['c', 'b', 'a', 'd'])
  })

  it('prefers beginnings of words, and the shorter of two', () => {
    const list = ['Disable wwip', 'Go to wip with more', 'Go to wip'].map((t) => entry(t))
    expect(titles(list, 'wip')).toEqual(['Go to wip', 'Go to wip with more', 'Disable wwip'])
  })

  it('puts a recent one first among equals', () => {
    const list = ['Theme: dark', 'Theme: duck'].map((t) => entry(t))
    expect(titles(list, 'theme', ['Theme: duck'])[0]).toBe('Theme: duck')
  })

  it('puts what is not possible, and what only its description fits, behind', () => {
    const list = [
      entry('wip one', { refused: 'No target.' }),
      entry('Other', { words: 'about wip' }),
      entry('wip two')
    ]
    expect(titles(list, 'wip')).toEqual(['wip two', 'Other', 'wip one'])
  })
})

let leave = (): void => undefined

async function opened() {
  const wrapped = await inWindow(
    CommandPalette,
    {},
    {
      monitors: [
        monitorInfo('wip', { enabled: true }),
        monitorInfo('wwnr', { type: 'per_task', enabled: true }),
        monitorInfo('sssw', { fullName: 'sched:sssw', parent: 'sched' })
      ],
      deltas: [
        delta(0, { states: ['preemptive'], events: [], rows: [{ index: 0, state: 0 }] }),
        delta(1, {
          states: ['running'],
          rows: [{ index: 0, id: 4711, state: 0 }],
          labels: [{ index: 0, label: 'cyclictest' }]
        })
      ]
    }
  )
  leave = () => {
    wrapped.wrapper.unmount()
  }
  paletteOpen.value = true
  await nextTick()
  const lines = (): string[] =>
    [...document.body.querySelectorAll('[data-testid="palette-entry"]')].map(
      (one) => one.getAttribute('data-id') ?? ''
    )
  const press = async (key: string): Promise<void> => {
    wrapped
      .get('palette-query')
      .dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))
    await nextTick()
  }
  return { ...wrapped, lines, press }
}

describe('the palette', () => {
  beforeEach(() => vi.useFakeTimers())
  afterEach(() => {
    paletteOpen.value = false
    shortcutsOpen.value = false
    leave()
    vi.useRealTimers()
  })

  it('goes to a monitor, enables one, and remembers both', async () => {
    const { panel, port, input, lines, press } = await opened()
    await type(input('palette-query'), 'sssw go')
    expect(lines()[0]).toBe('go:sched:sssw')
    await press('Enter')
    vi.runAllTimers()
    expect([panel.selected.value, paletteOpen.value]).toEqual(['sched:sssw', false])
    paletteOpen.value = true
    await nextTick()
    expect(lines()[0]).toBe('go:sched:sssw')
    await type(input('palette-query'), 'enable sssw')
    await press('Enter')
    vi.runAllTimers()
    expect(port.requests().at(-1)?.request).toEqual({
      op: 'enable',
      monitor: 'sched:sssw',
      on: true
    })
    expect(panel.settings.recentCommands).toEqual(['enable:sched:sssw', 'go:sched:sssw'])
  })

  it.each(['4711', 'cyclic'])('follows the instance that %s names', async (query) => {
    const { panel, input, press } = await opened()
    await type(input('palette-query'), query)
    await press('Enter')
    vi.runAllTimers()
    expect([panel.selected.value, panel.following.value]).toEqual(['wwnr', 4711])
  })

  it('does nothing that is not possible, and says why it is not', async () => {
    const { panel, input, get, press } = await opened()
    const run = vi.fn()
    const why = (): string => 'No recording is open.'
    panel.commands.add({ id: 'x', group: 'time', title: 'Zzz', enabled: () => false, why, run })
    await type(input('palette-query'), 'zzz')
    expect(get('palette-entry').textContent).toContain('No recording is open.')
    await press('Enter')
    vi.runAllTimers()
    expect(run).not.toHaveBeenCalled()
    expect(paletteOpen.value).toBe(true)
  })

  it('chooses with the arrow keys, around the ends, and tells a screen reader which', async () => {
    const { input, get, lines, press } = await opened()
    await type(input('palette-query'), 'wip')
    await press('ArrowUp')
    const last = lines().length - 1
    expect(get('palette-query').getAttribute('aria-activedescendant')).toBe(`palette-${last}`)
    await press('ArrowDown')
    expect(get('palette-query').getAttribute('aria-activedescendant')).toBe('palette-0')
  })

  it('says in its own words that nothing fits', async () => {
    const { input, get } = await opened()
    await type(input('palette-query'), 'qqqqqq')
    expect(get('palette-none').textContent).toContain('“qqqqqq”')
  })
})

describe('the list of shortcuts', () => {
  it('has each command with a key, under its group', async () => {
    const { panel, get, wrapper } = await inWindow(ShortcutList)
    panel.commands.add({
      id: 'a',
      group: 'time',
      title: 'Back to live',
      keys: ['l', 'g n'],
      run: () => undefined
    })
    panel.commands.add({ id: 'b', group: 'time', title: 'Without a key', run: () => undefined })
    shortcutsOpen.value = true
    await nextTick()
    const text = get('shortcuts').textContent
    expect(text).toContain('Back to live')
    expect(text).not.toContain('Without a key')
    expect([...get('shortcuts').querySelectorAll('kbd')].map((k) => k.textContent)).toEqual([
      'l',
      'g',
      'n'
    ])
    wrapper.unmount()
    shortcutsOpen.value = false
  })
})
