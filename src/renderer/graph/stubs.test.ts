import { instance } from '@viz-js/viz'
import { beforeAll, describe, expect, it } from 'vitest'
import { parseDot } from '../../model/dot'
import { chipGrid } from '../../model/draw/chips'
import { geometryOf } from '../../model/draw/geometry'
import { layoutText, roughMeasure, type Direction } from '../../model/draw/layout-text'
import { specOfAutomaton, type GraphSpec } from '../../model/draw/spec'
import { CROSS, labelBox, StubPlacer } from './stubs'

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

describe('refused events', () => {
  it('find room outside of all states, each its own', () => {
    const geometry = lay(wip())
    const placer = new StubPlacer(
      geometry,
      geometry.edges.map(() => ({ width: 120, height: 15 }))
    )
    const stubs = [0, 0, 1, 1].map((state) => placer.place(state, 110, 15))
    for (const stub of stubs) {
      if (!stub) throw new Error('no room')
      for (const box of geometry.states) {
        const inside =
          Math.abs(stub.end.x - box.x) < box.width / 2 + CROSS - 1 &&
          Math.abs(stub.end.y - box.y) < box.height / 2 + CROSS - 1
        expect(inside).toBe(false)
      }
    }
    const boxes = stubs.flatMap((s) => (s ? [labelBox(s, 110, 15)] : []))
    boxes.forEach((a, i) => {
      for (const b of boxes.slice(i + 1)) {
        const apart = a.x + a.w <= b.x || b.x + b.w <= a.x || a.y + a.h <= b.y || b.y + b.h <= a.y
        expect(apart).toBe(true)
      }
    })
  })
})
