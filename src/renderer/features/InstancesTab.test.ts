import { nextTick } from 'vue'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { delta, emptyBatch, monitorInfo, type RowValues } from '../testing'
import InstancesTab from './InstancesTab.vue'
import { inWindow, type as typeInto } from './testing-mount'

const HEIGHT = 27 * 12
let open: Awaited<ReturnType<typeof inWindow>> | undefined

// Nothing is laid out here: the table asks how high it is.
Object.defineProperties(HTMLElement.prototype, {
  clientHeight: { configurable: true, get: () => HEIGHT },
  clientWidth: { configurable: true, get: () => 800 }
})
afterEach(() => {
  open?.wrapper.unmount()
  open = undefined
})

/** A monitor of tasks with these rows, shown in the table. */
async function table(rows: RowValues[], names: Record<number, string> = {}) {
  const labels = rows.map(({ index, id }) => ({
    index,
    label: names[id ?? index] ?? `task${String(id ?? index)}`
  }))
  const window = await inWindow(
    InstancesTab,
    { index: 0 },
    {
      monitors: [monitorInfo('wwnr', { type: 'per_task', enabled: true })],
      deltas: [delta(0, { states: ['off', 'on'], events: ['go'], rows, labels })]
    }
  )
  open = window
  // The rows come once the height is known.
  await nextTick()
  let seq = 1
  const ids = (): number[] =>
    [...document.querySelectorAll('.row[data-place]')]
      .toSorted(
        (a, b) => Number(a.getAttribute('data-place')) - Number(b.getAttribute('data-place'))
      )
      .map((row) => Number(row.id.replace('instance-', '')))
  return {
    ...window,
    ids,
    /** What the observer sends next. */
    changes: async (changed: RowValues[]): Promise<void> => {
      window.port.send({
        type: 'batch',
        seq: ++seq,
        batch: emptyBatch({ deltas: [delta(0, { rows: changed })] })
      })
      await nextTick()
    },
    /** So many times the moment at which numbers are drawn anew. */
    ticks: async (count: number): Promise<void> => {
      for (let i = 0; i < count; i++) window.panel.tick.value++
      await nextTick()
      await nextTick()
    },
    press: async (key: string, parts: KeyboardEventInit = {}): Promise<KeyboardEvent> => {
      const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...parts })
      window.get('instance-grid').dispatchEvent(event)
      await nextTick()
      return event
    },
    click: async (id: string, parts: MouseEventInit = {}): Promise<void> => {
      window.get(id).dispatchEvent(new MouseEvent('click', { bubbles: true, ...parts }))
      await nextTick()
    }
  }
}

const three = [
  { index: 0, id: 30, state: 1, transitions: 5 },
  { index: 1, id: 10, state: 0, transitions: 50 },
  { index: 2, id: 20, state: 1, transitions: 500 }
]

describe('InstancesTab', () => {
  it('sorts by a column, and the other way round at the second click', async () => {
    const { ids, click, get } = await table(three)
    expect(ids()).toEqual([10, 20, 30])
    await click('instance-sort-transitions')
    expect(ids()).toEqual([20, 10, 30])
    expect(get('instance-sort-transitions').parentElement?.getAttribute('aria-sort')).toBe(
      'descending'
    )
    await click('instance-sort-transitions')
    expect(ids()).toEqual([30, 10, 20])
  })

  it('sorts again at most once in ten ticks, and shows the numbers at each', async () => {
    const { ids, click, changes, ticks, get } = await table(three)
    await click('instance-sort-transitions')
    await changes([{ index: 0, id: 30, state: 1, transitions: 900 }])
    await ticks(9)
    expect(ids()).toEqual([20, 10, 30])
    expect(get('instance-row-30').textContent).toContain('900')
    await ticks(1)
    expect(ids()).toEqual([30, 20, 10])
  })

  it('holds the order under the pointer and while several are selected, and says so', async () => {
    const { ids, click, changes, ticks, get, find, press } = await table(three)
    await click('instance-sort-transitions')
    const rows = get('instance-grid').querySelector('.inner')
    rows?.dispatchEvent(new PointerEvent('pointerenter', { pointerType: 'mouse' }))
    await changes([{ index: 0, id: 30, state: 1, transitions: 900 }])
    await ticks(20)
    expect(ids()).toEqual([20, 10, 30])
    expect(get('instance-held').textContent).toContain('Order held')
    rows?.dispatchEvent(new PointerEvent('pointerleave'))
    await ticks(1)
    expect(ids()).toEqual([30, 20, 10])
    expect(find('instance-held')).toBeNull()

    await press('a', { ctrlKey: true })
    await changes([{ index: 1, id: 10, state: 1, transitions: 9000 }])
    await ticks(20)
    expect([ids(), find('instance-held') !== null]).toEqual([[30, 20, 10], true])
    await press('Escape')
    await ticks(1)
    expect(ids()).toEqual([10, 30, 20])
  })

  it('filters as one types, by chips, and says what it cannot read', async () => {
    const { ids, input, get, click, panel } = await table(three, {
      10: 'sh',
      20: 'bash',
      30: 'irq/24'
    })
    await typeInto(input('instance-filter'), 'sh')
    expect(ids()).toEqual([10, 20])
    await typeInto(input('instance-filter'), 'sh pid:z')
    expect(ids()).toEqual([10, 20])
    expect(get('instance-problems').textContent).toContain('pid: expected a number')
    await click('instance-chip-1')
    expect(ids()).toEqual([20])
    expect(get('instance-count').textContent).toBe('1 of 3')
    await typeInto(input('instance-filter'), 'nobody')
    expect(get('instances-empty').textContent).toContain('No instance matches')
    panel.commands.run('instances.clear')
    await nextTick()
    expect(ids()).toEqual([10, 20, 30])
  })

  it('marks a row that has left what is looked for until the list is made anew', async () => {
    const { ids, click, changes, ticks, get } = await table(three)
    await click('instance-chip-1')
    expect(ids()).toEqual([20, 30])
    await changes([{ index: 0, id: 30, state: 0, transitions: 6 }])
    await ticks(1)
    expect([ids(), get('instance-row-30').classList.contains('left')]).toEqual([[20, 30], true])
    await ticks(10)
    expect(ids()).toEqual([20])
  })

  it('pins: on top whatever the order and the filter, by star and by key', async () => {
    const { ids, click, press, input, panel } = await table(three)
    await click('instance-pin-30')
    expect(panel.pins.of('wwnr')).toEqual([30])
    expect(ids()).toEqual([30, 10, 20])
    await typeInto(input('instance-filter'), 'pid:20')
    expect(ids()).toEqual([30, 20])
    await press('End')
    await press('p')
    expect(panel.pins.of('wwnr')).toEqual([30, 20])
    panel.commands.run('instances.pin')
    expect(panel.pins.of('wwnr')).toEqual([30])
  })

  it('goes along the rows by keys, follows, selects and copies', async () => {
    const copied: string[] = []
    // The clipboard of this document: what is selected when the copy is asked for.
    Object.defineProperty(document, 'execCommand', {
      configurable: true,
      value: () => copied.push(document.querySelector('textarea')?.value ?? '') > 0
    })
    const { press, panel, get } = await table(three, { 20: 'tab\there' })
    const grid = get('instance-grid')
    await press('Home')
    expect(grid.getAttribute('aria-activedescendant')).toBe('instance-10')
    await press('Enter')
    expect([panel.selected.value, panel.following.value]).toEqual(['wwnr', 10])
    expect(get('instance-row-10').getAttribute('aria-current')).toBe('true')
    await press('Enter')
    expect(panel.following.value).toBeNull()
    await press('ArrowDown', { shiftKey: true })
    expect(get('instance-row-20').getAttribute('aria-selected')).toBe('true')
    expect((await press('c', { ctrlKey: true })).defaultPrevented).toBe(true)
    expect(
      copied[0]
        ?.split('\n')
        .slice(1, -1)
        .map((line) => line.split('\t')[0])
    ).toEqual(['10', '20'])
    expect(copied[0]?.split('\n')[2]?.split('\t')).toHaveLength(9)
    expect([
      grid.getAttribute('aria-rowcount'),
      get('instance-row-20').getAttribute('aria-rowindex')
    ]).toEqual(['4', '3'])
    // Keys that are not the table's are left to others.
    expect((await press('k', { ctrlKey: true })).defaultPrevented).toBe(false)
  })

  it('exports the whole table by asking main for a file', async () => {
    const { port, panel } = await table(three)
    const asked = vi.spyOn(port.api.models, 'ask')
    panel.commands.run('instances.export')
    await nextTick()
    const request = asked.mock.calls.at(-1)?.[0]
    expect(request).toMatchObject({ op: 'export', name: 'wwnr_instances.csv', png: null })
    const text = request?.op === 'export' ? request.text : ''
    expect(text.split('\r\n').map((line) => line.split(',')[0])).toEqual([
      'PID',
      '10',
      '20',
      '30',
      ''
    ])
  })

  it('remembers widths, order and hidden columns', async () => {
    const { panel, get } = await table(three)
    const head = (): string[] =>
      [...document.querySelectorAll('.head .column')].map((one) =>
        one.textContent.replace(/[↑↓]/u, '').trim()
      )
    const key = (name: string, parts: KeyboardEventInit) => {
      const event = new KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true, ...parts })
      get(`instance-sort-${name}`).dispatchEvent(event)
      return nextTick()
    }
    expect(head().slice(0, 3)).toEqual(['PID', 'comm', 'State'])
    await key('comm', { altKey: true })
    expect(head().slice(0, 3)).toEqual(['PID', 'State', 'comm'])
    await key('comm', { shiftKey: true })
    expect(panel.settings.instanceTable.widths).toEqual({ comm: 148 })
    panel.settings.instanceTable.hidden = ['state']
    await nextTick()
    expect(head().slice(0, 2)).toEqual(['PID', 'comm'])
  })

  it('says why there is nothing: the monitor is off, or has seen no event', async () => {
    const window = await table([])
    expect(window.get('instances-empty').textContent).toContain(
      'a task appears with its first event'
    )
    window.panel.monitors.value = [monitorInfo('wwnr', { type: 'per_task', enabled: false })]
    await nextTick()
    expect(window.get('instances-empty').textContent).toContain('The monitor is off')
  })

  it('says that it shows the past, whose rates nobody knows', async () => {
    const { panel, get, ticks } = await table([
      { index: 0, id: 10, state: 1, since: 1000, transitions: 5 }
    ])
    // The observer's answer: at that time it was as it is.
    vi.spyOn(panel, 'shownOf').mockImplementation((index) => panel.liveOf(index))
    panel.moment.value = 5000
    await ticks(1)
    expect(get('instance-past').textContent).toContain('As of 0.000005')
    const cell = (column: string) =>
      get('instance-row-10').querySelector(`[data-column="${column}"]`)?.textContent
    expect([cell('since'), cell('rate')]).toEqual(['4.00 µs', '–'])
  })

  it('has elements for what is on the screen alone, of 100,000 rows, also while they change', async () => {
    const many = Array.from({ length: 100_000 }, (_, index) => ({
      index,
      id: index + 1,
      state: 0,
      transitions: index
    }))
    const { ids, get, ticks, changes } = await table(many)
    expect(get('instance-count').textContent.replace(/\s/gu, '')).toBe('100000of100000')
    expect(ids().length).toBeLessThan(40)
    const shown = ids()
    await changes([{ index: 5, id: 6, state: 1, transitions: 1 }])
    await ticks(12)
    expect(ids()).toEqual(shown)
    expect(get('instance-row-6').querySelector('.sc-1 .ellipsis')?.textContent).toBe('on')
  })
})
