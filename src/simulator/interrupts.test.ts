import { describe, expect, it, vi } from 'vitest'
import { machine, run, SECOND, write, type Line } from './testing/machine'

// Seconds of virtual time take a while on a busy machine.
vi.setConfig({ testTimeout: 120_000 })

/** Lines of these events of a machine without monitors. */
function lines(events: readonly string[], ns: number, cpus = 4): readonly Line[] {
  const kernel = machine([], { cpus, seed: 12 })
  for (const event of events) write(kernel, `events/${event}/enable`, '1')
  const found: Line[] = []
  run(kernel, ns, (line) => found.push(line))
  return found
}

describe('non-maskable interrupts', () => {
  const trace = lines(['nmi/nmi_handler', 'irq_vectors/irq_work_entry'], 4 * SECOND)
  const samples = trace.filter(({ event }) => event === 'nmi_handler')

  it('are shown as such, and come in every context, with interrupts on or off', () => {
    expect(samples.length).toBeGreaterThan(300)
    // Interrupts are off in the handler; the preempt count is that of whatever it came into.
    for (const { flags } of samples) expect(flags).toMatch(/^[dD].Z/)
    expect(new Set(samples.map(({ flags }) => flags[3])).size).toBeGreaterThan(1)
    expect(new Set(samples.map(({ cpu }) => cpu)).size).toBe(4)
  })

  it('leave waking somebody to irq_work: an interrupt of the same CPU after every fourth', () => {
    const taken = new Map<number, number>()
    for (const { event, cpu, flags } of trace) {
      if (event === 'nmi_handler') {
        taken.set(cpu, (taken.get(cpu) ?? 0) + 1)
      } else {
        expect(taken.get(cpu)).toBe(4)
        expect(flags).toMatch(/^[dD].[hH]/)
        taken.set(cpu, 0)
      }
    }
    expect(Math.max(...taken.values())).toBeLessThan(5)
  })
})

describe('interrupt vectors', () => {
  const VECTORS: Readonly<Record<string, string>> = {
    local_timer: 'vector=236',
    irq_work: 'vector=246',
    call_function_single: 'vector=251',
    call_function: 'vector=252',
    reschedule: 'vector=253'
  }

  it('are entered and left in pairs on each CPU, in hardirq context, none inside another', () => {
    const inside = new Map<number, string>()
    const seen = new Set<string>()
    for (const { event, cpu, flags, text } of lines(['irq_vectors'], 2 * SECOND)) {
      const [, vector = '', side = ''] = /^(\w+)_(entry|exit)$/.exec(event) ?? []
      expect(flags).toMatch(/^[dD].[hH]/)
      expect(text).toBe(VECTORS[vector])
      if (side === 'entry') {
        expect(inside.get(cpu)).toBeUndefined()
        inside.set(cpu, vector)
        seen.add(vector)
      } else {
        expect(inside.get(cpu)).toBe(vector)
        inside.delete(cpu)
      }
    }
    expect([...seen].sort()).toEqual(Object.keys(VECTORS).sort())
  })

  it('a function for all CPUs is called on each of the others', () => {
    const calls = lines(['irq_vectors/call_function_entry'], 3 * SECOND)
    expect(calls.length).toBeGreaterThan(12)
    expect(calls.length % 3).toBe(0)
    for (let i = 0; i < calls.length; i += 3) {
      expect(new Set(calls.slice(i, i + 3).map(({ cpu }) => cpu)).size).toBe(3)
    }
  })
})

describe('signals', () => {
  it('are delivered to whom they were sent, on the way to user mode, once for each time pending', () => {
    const pending = new Set<number>()
    let delivered = 0
    let merged = 0
    for (const { event, pid, flags, text } of lines(['signal'], 3 * SECOND)) {
      expect(text).toMatch(/^sig=10 /)
      if (event === 'signal_generate') {
        const to = Number(/ pid=(\d+)/.exec(text)?.[1])
        expect(to).not.toBe(pid)
        if (pending.has(to)) merged++
        pending.add(to)
      } else {
        // Interrupts are on, and it is no interrupt.
        expect(flags).toMatch(/^\..\.\.\.$/)
        expect(pending.delete(pid)).toBe(true)
        delivered++
      }
    }
    expect(delivered).toBeGreaterThan(200)
    expect(merged).toBeLessThan(delivered)
  })
})
