import { describe, expect, it, vi } from 'vitest'
import { MonitorLive } from '../stores/columns'
import { delta } from '../testing'
import { chipGrid, type ChipGrid } from '../../model/draw/chips'
import { AutomatonDrawing, MAX_STUBS } from './drawing'
import type { Geometry } from '../../model/draw/geometry'
import { roughMeasure } from '../../model/draw/layout-text'
import type { GraphSpec } from '../../model/draw/spec'

const spec: GraphSpec = {
  states: [
    { name: 'a', initial: true, final: true, invariant: '' },
    { name: 'b', initial: false, final: false, invariant: 'clk<10us' }
  ],
  edges: [
    { from: 0, to: 1, labels: [{ event: 'go', guard: 'reset(clk)' }] },
    { from: 1, to: 0, labels: [{ event: 'back', guard: '' }] }
  ],
  learned: false
}
const line = (x: number): Geometry['edges'][number] => ({
  points: [0, 10, 20, 30].map((dx) => ({ x: x + dx, y: 50 })),
  tip: { x: x + 40, y: 50 },
  label: { x: x + 20, y: 40 }
})
const geometry: Geometry = {
  width: 500,
  height: 100,
  states: [
    { x: 80, y: 50, width: 140, height: 70 },
    { x: 420, y: 50, width: 140, height: 70 }
  ],
  initial: { x: 3, y: 50 },
  initialLine: line(3),
  edges: [line(200), line(260)]
}

function draw(grid: ChipGrid | null) {
  const onState = vi.fn()
  const onChip = vi.fn()
  const onRefused = vi.fn()
  const drawing = new AutomatonDrawing(spec, geometry, {
    grid,
    measure: roughMeasure,
    nameOf: (row) => `CPU ${row}`,
    waitingText: 'waiting: ',
    unsureText: (n) => `${n} unknown`,
    onState,
    onChip,
    onRefused
  })
  document.body.replaceChildren(drawing.root)
  const live = new MonitorLive()
  const get = (id: string): Element => {
    const found = drawing.root.querySelector(`[data-testid="${id}"]`)
    if (!found) throw new Error(`no ${id}`)
    return found
  }
  return { drawing, live, get, onState, onChip, onRefused }
}

const names = { states: ['a', 'b'], events: ['go', 'back', 'never'] }

describe('AutomatonDrawing', () => {
  it('puts every CPU as a chip on its state and moves it', () => {
    const { drawing, live, get, onChip } = draw(chipGrid(2))
    live.apply(
      delta(0, {
        ...names,
        rows: [
          { index: 0, id: 1, state: 0 },
          { index: 1, id: 0, state: 1 }
        ]
      })
    )
    drawing.update(live, 0, null)
    const chip = get('chip-1')
    expect(chip.getAttribute('data-state')).toBe('a')
    const before = (chip as SVGElement).style.transform
    live.apply(delta(0, { rows: [{ index: 0, id: 1, state: 1, transitions: 1 }] }))
    drawing.update(live, 16, 1)
    expect(chip.getAttribute('data-state')).toBe('b')
    expect((chip as SVGElement).style.transform).not.toBe(before)
    expect(chip.classList.contains('followed')).toBe(true)
    expect(get('state-b').getAttribute('data-count')).toBe('2')
    chip.dispatchEvent(new Event('click', { bubbles: true }))
    expect(onChip).toHaveBeenCalledWith(1)
  })

  it('counts on edges, and lights the one that fired last', () => {
    const { drawing, live, get } = draw(chipGrid(1))
    live.apply(delta(0, { ...names, rows: [{ index: 0, state: 0 }], edges: [[0, 0, 1, 5]] }))
    drawing.update(live, 0, null)
    live.apply(
      delta(0, {
        rows: [{ index: 0, state: 1, event: 0, since: 9, transitions: 1 }],
        edges: [[0, 0, 1, 6]]
      })
    )
    drawing.update(live, 100, null)
    const go = drawing.root.querySelector('[data-event="go"]')
    expect(go?.getAttribute('data-from')).toBe('a')
    expect(go?.getAttribute('data-to')).toBe('b')
    expect(go?.getAttribute('data-count')).toBe('6')
    expect(go?.classList.contains('last')).toBe(true)
    expect(go?.classList.contains('lit')).toBe(true)
    expect(go?.textContent).toContain('reset(clk)')
    drawing.update(live, 5000, null)
    expect(go?.classList.contains('lit')).toBe(false)
    expect(get('state-a').classList.contains('final')).toBe(true)
  })

  it('draws a refused event at its state with its count, inside what fitting shows', () => {
    const { drawing, live } = draw(chipGrid(1))
    live.apply(delta(0, { ...names, rows: [{ index: 0, state: 0 }] }))
    drawing.update(live, 0, null)
    live.apply(delta(0, { refused: [[0, 2, 3]] }))
    drawing.update(live, 16, null)
    const refused = drawing.root.querySelector('[data-testid="refused"]')
    expect(refused?.getAttribute('data-from')).toBe('a')
    expect(refused?.getAttribute('data-event')).toBe('never')
    expect(refused?.textContent).toContain('×3')
    const circle = refused?.querySelector('circle')
    const [x, y] = [Number(circle?.getAttribute('cx')), Number(circle?.getAttribute('cy'))]
    const b = drawing.bounds
    expect(x > b.x && x < b.x + b.width && y > b.y && y < b.y + b.height).toBe(true)
  })

  it('draws the first refused events, leaves the others to a list, and tells which was pressed', () => {
    const { drawing, live, onRefused } = draw(chipGrid(1))
    const events = Array.from({ length: 9 }, (_, i) => `never${i}`)
    live.apply(delta(0, { states: names.states, events, rows: [{ index: 0, state: 0 }] }))
    live.apply(delta(0, { refused: events.map((_, i) => [0, i, i + 1]) }))
    drawing.update(live, 0, null)
    const stubs = drawing.root.querySelectorAll('[data-testid="refused"]')
    expect(stubs).toHaveLength(MAX_STUBS)
    expect([...drawing.drawnRefused]).toEqual([0, 1, 2, 3, 4, 5])
    stubs[1]?.dispatchEvent(new MouseEvent('click'))
    stubs[2]?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter' }))
    expect(onRefused.mock.calls).toEqual([
      ['a', 'never1'],
      ['a', 'never2']
    ])
  })

  it('puts a CPU of which events were lost into the tray, not into a stale state', () => {
    const { drawing, live, get } = draw(chipGrid(2))
    live.apply(delta(0, { ...names, rows: [0, 1].map((index) => ({ index, state: 0 })) }))
    drawing.update(live, 0, null)
    const part = delta(0, { rows: [{ index: 1, state: 0 }] })
    live.apply({ ...part, rows: { ...part.rows, unsure: Uint8Array.of(1) } })
    drawing.update(live, 16, null)
    expect(get('chip-0').getAttribute('data-state')).toBe('a')
    expect(get('chip-1').getAttribute('data-state')).toBe('')
    expect(get('chip-1').classList.contains('unsure')).toBe(true)
    expect(get('state-a').getAttribute('data-count')).toBe('1')
    expect(get('tray').textContent).toBe('1 unknown')
    live.apply(delta(0, { rows: [{ index: 1, state: 1 }] }))
    drawing.update(live, 32, null)
    expect(get('chip-1').getAttribute('data-state')).toBe('b')
    expect(get('tray').textContent).toBe('')
  })

  it('warms edges by rate or count, and not at all', () => {
    const { drawing, live } = draw(chipGrid(1))
    live.apply(delta(0, { ...names, edges: [[0, 0, 1, 5]] }))
    drawing.update(live, 0, null)
    drawing.heat('rate', 0)
    const edge = drawing.root.querySelector('.edge')
    const count = edge?.querySelector('.count')
    expect(edge?.getAttribute('data-heat')).toBe('0%')
    live.apply(delta(0, { edges: [[0, 0, 1, 1005]] }))
    drawing.update(live, 1000, null)
    expect(drawing.heat('rate', 1000)).toBe(true)
    expect(edge?.getAttribute('data-heat')).not.toBe('0%')
    expect(count?.textContent).toBe('632/s')
    drawing.heat('count', 1001)
    expect(count?.textContent).toBe('1.00k')
    drawing.heat('off', 1002)
    expect(edge?.getAttribute('data-heat')).toBe('0%')
  })

  it('traces the way of the followed instance', () => {
    const { drawing, live } = draw(chipGrid(1))
    live.apply(delta(0, { ...names, rows: [{ index: 0, state: 0 }] }))
    drawing.trace(live, [
      { from: 1, to: 0 },
      { from: 0, to: 1 }
    ])
    const [go, back] = drawing.root.querySelectorAll('.edge')
    expect(back?.classList.contains('path-last')).toBe(true)
    expect(go?.classList.contains('path')).toBe(true)
    expect(go?.classList.contains('path-last')).toBe(false)
    drawing.trace(live, [])
    expect(back?.classList.contains('path')).toBe(false)
  })

  it('shows counts for tasks and opens a state', () => {
    const { drawing, live, get, onState } = draw(null)
    live.apply(
      delta(0, {
        ...names,
        rows: [0, 1, 2].map((index) => ({ index, id: 100 + index, state: index === 0 ? 1 : 0 }))
      })
    )
    drawing.update(live, 0, 101)
    expect(get('state-a').textContent).toContain('2')
    expect(drawing.root.querySelectorAll('.chip')).toHaveLength(0)
    expect(drawing.root.querySelector('.pin')?.classList.contains('hidden')).toBe(false)
    get('state-a').dispatchEvent(new Event('click', { bubbles: true }))
    expect(onState).toHaveBeenCalledWith(0)
  })

  it('writes nothing when nothing changed', async () => {
    const { drawing, live } = draw(chipGrid(1))
    live.apply(delta(0, { ...names, rows: [{ index: 0, state: 0 }], edges: [[0, 0, 1, 5]] }))
    drawing.update(live, 0, null)
    drawing.update(live, 1000, null)
    const writes = vi.fn()
    const observer = new MutationObserver(writes)
    observer.observe(drawing.root, {
      subtree: true,
      childList: true,
      attributes: true,
      characterData: true
    })
    drawing.update(live, 2000, null)
    await Promise.resolve()
    expect(observer.takeRecords()).toEqual([])
    expect(writes).not.toHaveBeenCalled()
    observer.disconnect()
  })
})
