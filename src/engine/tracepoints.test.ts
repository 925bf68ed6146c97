import { describe, expect, it } from 'vitest'
import { TracepointBus } from './tracepoints'

const shapes = [
  { name: 'one', fields: [{ name: 'a' }, { name: 'b' }] },
  { name: 'two', fields: [] }
]

describe('TracepointBus', () => {
  it('knows its tracepoints and their fields, and nothing else', () => {
    const bus = new TracepointBus(shapes)
    expect([bus.index('one'), bus.index('two'), bus.index('three')]).toEqual([0, 1, -1])
    expect([bus.fieldIndex(0, 'b'), bus.fieldIndex(0, 'c'), bus.fieldIndex(7, 'a')]).toEqual([
      1, -1, -1
    ])
  })

  it('runs the probes in the order in which they were attached', () => {
    const bus = new TracepointBus(shapes)
    const seen: string[] = []
    const probe = (name: string) => ({
      run: (args: Float64Array) => seen.push(`${name}${args[1]}`)
    })
    const first = probe('first')
    bus.attach(0, first)
    bus.attach(0, probe('second'))
    bus.args[1] = 5
    bus.fire(0)
    bus.fire(1)
    bus.detach(0, first)
    bus.args[1] = 6
    bus.fire(0)
    expect(seen).toEqual(['first5', 'second5', 'second6'])
  })

  it('says whether a tracepoint is wanted', () => {
    const bus = new TracepointBus(shapes)
    const probe = { run: () => undefined }
    bus.attach(1, probe)
    expect([...bus.attached]).toEqual([0, 1])
    bus.detach(1, probe)
    bus.detach(1, probe)
    expect([...bus.attached]).toEqual([0, 0])
  })

  it('lets a probe raise a tracepoint and detach probes without disturbing the others', () => {
    const bus = new TracepointBus(shapes)
    const seen: string[] = []
    const last = { run: (args: Float64Array) => seen.push(`last ${args[0]}`) }
    bus.attach(0, {
      run(args) {
        seen.push(`first ${args[0]}`)
        if (args[0] === 1) {
          bus.detach(0, last)
          bus.args[0] = 2
          bus.fire(0)
        }
      }
    })
    bus.attach(0, last)
    bus.args[0] = 1
    bus.fire(0)
    expect(seen).toEqual(['first 1', 'first 2', 'last 1'])
  })

  it('is usable after a probe threw', () => {
    const bus = new TracepointBus(shapes)
    let runs = 0
    bus.attach(0, {
      run(args) {
        runs++
        if (args[0] === 1) throw new Error('stop')
      }
    })
    bus.args[0] = 1
    expect(() => bus.fire(0)).toThrow('stop')
    bus.args[0] = 0
    bus.fire(0)
    expect(runs).toBe(2)
  })
})
