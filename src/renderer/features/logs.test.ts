import { nextTick } from 'vue'
import { afterEach, describe, expect, it } from 'vitest'
import type { Batch } from '../../contract/state'
import { emptyBatch, violation } from '../testing'
import EventTable from './EventTable.vue'
import KernelLog from './KernelLog.vue'
import { inWindow, type } from './testing-mount'

// Nothing is laid out here: a list asks how high it is.
const size = { configurable: true, get: () => 200 }
Object.defineProperties(HTMLElement.prototype, {
  clientHeight: size,
  clientWidth: size,
  offsetHeight: size,
  offsetWidth: size
})

let leave: (() => void) | undefined
afterEach(() => {
  leave?.()
  document.body.replaceChildren()
})

const STEP = 'event_wip: preemptive x preempt_disable -> non_preemptive'
const ERROR = 'error_wip: event sched_waking not expected in the state preemptive'
const row = (sec: number, text = STEP, parts = {}) => ({
  sec,
  nsec: 0,
  cpu: sec % 4,
  pid: 100 + sec,
  comm: 'cyclictest',
  flags: 'd...1',
  monitor: 0,
  error: text === ERROR,
  text,
  ...parts
})

async function opened(component: typeof EventTable, batch: Partial<Batch>) {
  const all = await inWindow(component, {}, batch)
  leave = () => all.wrapper.unmount()
  await nextTick()
  let seq = 1
  const list = (): HTMLElement => {
    const element = document.querySelector<HTMLElement>('[role="grid"]')
    if (!element) throw new Error('there is no list')
    return element
  }
  return {
    ...all,
    list,
    texts: () =>
      [...document.querySelectorAll('[role="row"]')].map((one) => one.textContent.trim()),
    press: async (key: string): Promise<void> => {
      list().dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }))
      await nextTick()
    },
    arrives: async (parts: Partial<Batch>): Promise<void> => {
      all.port.send({ type: 'batch', seq: ++seq, batch: emptyBatch(parts) })
      all.panel.tick.value++
      await nextTick()
      await nextTick()
    }
  }
}

describe('the event log', () => {
  const events = (...rows: ReturnType<typeof row>[]) => ({ events: { first: 1, rows } })

  it('is filtered as one types; what matches gathers while the others go by', async () => {
    const { arrives, get, input, texts } = await opened(
      EventTable,
      events(row(1), row(2, ERROR), row(3))
    )
    expect(texts()).toHaveLength(3)
    await type(input('event-filter'), 'is:violation')
    expect(texts()).toHaveLength(1)
    expect(get('event-filter-count').textContent).toBe('1 of 3')
    for (let part = 0; part < 3; part++) {
      const flood = Array.from({ length: 4000 }, (_, i) => row(10 + part, STEP, { nsec: i }))
      await arrives({ events: { first: 4 + part * 4001, rows: [...flood, row(20 + part, ERROR)] } })
    }
    expect(texts()).toHaveLength(4)
    await type(input('event-filter'), 'is:violation cpu:9')
    expect(get('event-table').textContent).toContain('None of the newest 5\u202f000 events matches')
  })

  it('stands still at a moment of the past, and says what has come since', async () => {
    const { arrives, find, get, panel, press, texts } = await opened(
      EventTable,
      events(row(1), row(2, ERROR), row(3))
    )
    await press('ArrowUp')
    await press('ArrowUp')
    await press('Enter')
    expect(panel.moment.value).toBe(2e9)
    await nextTick()
    expect(document.querySelectorAll('[role="row"].later')).toHaveLength(1)
    await arrives({ events: { first: 4, rows: [row(4), row(5)] } })
    expect(texts()).toHaveLength(3)
    expect(get('tail-paused').textContent).toBe('Paused · 2 new')
    get('tail-follow').click()
    await nextTick()
    expect(panel.moment.value).toBeNull()
    await nextTick()
    expect(texts()).toHaveLength(5)
    expect(find('tail-paused')).toBeNull()
  })

  it('leads from a row to its instance and to its violation', async () => {
    const { panel, press, get } = await opened(EventTable, {
      ...events(row(1), row(2, ERROR, { cpu: 2, pid: 42 })),
      violations: [
        violation(1, { sec: 1, cpu: 2 }),
        violation(2, { sec: 2, nsec: 3000, cpu: 2 }),
        violation(3, { sec: 2, nsec: 3000, cpu: 1 })
      ]
    })
    panel.tab.value = 'model'
    await press('End')
    await press('i')
    expect([panel.selected.value, panel.following.value, panel.tab.value]).toEqual([
      'wip',
      2,
      'automaton'
    ])
    await press('x')
    expect(panel.violation.value).toBe(2)
    panel.violation.value = null
    get('event-violation').click()
    expect(panel.violation.value).toBe(2)
  })

  it('says how many events were not kept', async () => {
    const { get } = await opened(EventTable, {
      ...events(row(1)),
      hops: {
        whyText: '',
        connectedAt: 0,
        silentSeconds: 0,
        rings: [],
        link: null,
        streamsWhole: true,
        observer: {
          events: 9,
          violations: 0,
          malformed: 0,
          malformedLog: 0,
          eventRows: 1234,
          logLines: 0,
          violationsNotSent: 0,
          instances: 0,
          edges: 0
        }
      }
    })
    expect(get('event-filter-lost').textContent).toBe('1\u202f234 were not kept for display')
  })
})

describe('the kernel log', () => {
  const line = (level: number, sec: number, text: string) => ({ level, sec, usec: 5, text })
  const RV = 'rv: monitor wip does not allow event sched_waking on state preemptive'

  it('has shorthands for levels and RV, and leads to the violation', async () => {
    const { find, get, panel, texts, wrapper } = await opened(KernelLog, {
      log: [line(6, 1, 'clocksource: tsc'), line(4, 2, RV), line(3, 3, 'ata1: failed')],
      violations: [violation(7, { sec: 2 })]
    })
    expect(texts()).toHaveLength(3)
    expect(texts()[1]).toContain('Wwarn')
    await wrapper.get('[data-testid="log-level"]').setValue('3')
    expect(texts()).toEqual([expect.stringContaining('ata1')])
    await wrapper.get('[data-testid="log-rv-only"]').trigger('click')
    expect(find('log-none')?.textContent).toContain('Nothing matches')
    await wrapper.get('[data-testid="log-level"]').setValue('')
    expect(texts()).toHaveLength(1)
    get('log-violation').click()
    expect(panel.violation.value).toBe(7)
    panel.clock.seen(9, 0)
    document.querySelector<HTMLElement>('[role="row"] .time')?.click()
    expect(panel.moment.value).toBe(2e9 + 5000)
  })

  it('says it when the violation of a line is not listed', async () => {
    const { get, panel } = await opened(KernelLog, { log: [line(4, 2, RV)] })
    get('log-violation').click()
    expect(panel.violation.value).toBeNull()
    expect(panel.toasts[0]?.message).toContain('not in the list')
  })
})
