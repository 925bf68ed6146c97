import { instance } from '@viz-js/viz'
import { beforeAll, describe, expect, it } from 'vitest'
import { parseDot } from '../dot'
import { chipGrid, chipPlace, gridHeight, gridWidth, MAX_CHIPS } from './chips'
import { arrowOf, geometryOf, pathOf, samples } from './geometry'
import { layoutText, roughMeasure, stateSize, type Direction } from './layout-text'
import { specOfAutomaton, type GraphSpec } from './spec'

const WIP = `digraph wip {
  {node [shape = plaintext, style=invis, label=""] "__init_preemptive"}
  {node [shape = doublecircle] "preemptive"}
  {node [shape = circle] "non_preemptive"}
  "__init_preemptive" -> "preemptive"
  "preemptive" [label = "preemptive"]
  "non_preemptive" [label = "non_preemptive"]
  "preemptive" -> "non_preemptive" [label = "preempt_disable"]
  "non_preemptive" -> "non_preemptive" [label = "sched_waking"]
  "non_preemptive" -> "preemptive" [label = "preempt_enable"]
}`

let render: (text: string) => string

beforeAll(async () => {
  const viz = await instance()
  render = (text) => {
    const result = viz.render(text, { format: 'json0', engine: 'dot' })
    if (result.status !== 'success') throw new Error(result.errors.map((e) => e.message).join())
    return result.output
  }
})

function wip(): GraphSpec {
  const { automaton } = parseDot(WIP, 'wip.dot')
  if (!automaton) throw new Error('the model of this test is broken')
  return specOfAutomaton(automaton)
}

function lay(spec: GraphSpec, direction: Direction = 'LR', cpus = 4) {
  const text = layoutText(spec, chipGrid(cpus), direction, roughMeasure)
  return geometryOf(render(text), spec.states.length, spec.edges.length)
}

describe('layout', () => {
  it('gives every state the box that its name and chips need, inside the drawing', () => {
    const spec = wip()
    const geometry = lay(spec)
    expect(geometry.states).toHaveLength(2)
    geometry.states.forEach((box, i) => {
      const size = stateSize(spec.states[i]?.name ?? '', '', chipGrid(4), roughMeasure)
      expect(box.width).toBeCloseTo(size.width, 0)
      expect(box.height).toBeCloseTo(size.height, 0)
      expect(box.x - box.width / 2).toBeGreaterThanOrEqual(-0.5)
      expect(box.x + box.width / 2).toBeLessThanOrEqual(geometry.width + 0.5)
      expect(box.y + box.height / 2).toBeLessThanOrEqual(geometry.height + 0.5)
    })
  })

  it('leads every edge from its state to its state, with the y axis turned down', () => {
    const spec = wip()
    for (const direction of ['LR', 'TB'] as const) {
      const geometry = lay(spec, direction)
      spec.edges.forEach((edge, i) => {
        const line = geometry.edges[i]
        const to = geometry.states[edge.to]
        const from = geometry.states[edge.from]
        if (!line || !to || !from) throw new Error('missing')
        const reach = (box: typeof to, p: { x: number; y: number }) =>
          Math.abs(p.x - box.x) <= box.width / 2 + 2 && Math.abs(p.y - box.y) <= box.height / 2 + 2
        expect(reach(to, line.tip)).toBe(true)
        const start = line.points[0]
        expect(start && reach(from, start)).toBe(true)
        expect(line.label).toBeDefined()
        expect(pathOf(line)).toMatch(/^M[\d. -]+C/)
        expect(arrowOf(line)).not.toContain('NaN')
        expect(samples(line).length).toBeGreaterThan(4)
      })
    }
  })

  it('marks the initial state', () => {
    const geometry = lay(wip())
    const preemptive = geometry.states[0]
    expect(geometry.initial?.x).toBeLessThan(preemptive?.x ?? 0)
    expect(geometry.initialLine).toBeDefined()
  })

  it('takes states with hostile names, since names are never in the text', () => {
    const spec: GraphSpec = {
      states: ['"; }', 'graph', '\u202e<b>'].map((name) => ({
        name,
        initial: false,
        final: false,
        invariant: ''
      })),
      edges: [{ from: 0, to: 2, labels: [{ event: '</TABLE>>]', guard: '' }] }],
      learned: true
    }
    expect(lay(spec).states).toHaveLength(3)
  })

  it('refuses what is no layout', () => {
    expect(() => geometryOf('{}', 1, 0)).toThrow()
    expect(() => geometryOf('{"bb":"0,0,1,1"}', 1, 0)).toThrow(/misses/)
    expect(() => geometryOf('nonsense', 0, 0)).toThrow()
  })
})

describe('chips', () => {
  it('never overlap and never leave the grid, however many share a state', () => {
    for (const total of [1, 2, 4, 5, 8, 12, 16, 17, 31, MAX_CHIPS]) {
      const grid = chipGrid(total)
      for (let count = 1; count <= total; count++) {
        const places = Array.from({ length: count }, (_, i) => chipPlace(grid, i, count))
        const keys = new Set(places.map((p) => `${p.x.toFixed(1)},${p.y.toFixed(1)}`))
        expect(keys.size).toBe(count)
        for (const p of places) {
          expect(Math.abs(p.x) + grid.size / 2).toBeLessThanOrEqual(gridWidth(grid) / 2 + 0.01)
          expect(Math.abs(p.y) + grid.size / 2).toBeLessThanOrEqual(gridHeight(grid) / 2 + 0.01)
        }
      }
    }
    expect(chipGrid(5000)).toEqual(chipGrid(MAX_CHIPS))
  })
})
