import { SimulatedPipe } from './pipe'
import { lostLine, traceHeader, traceLine } from './trace-format'
import type { TraceHub } from './trace-hub'
import type { TraceInstance } from './trace-instance'

const encoder = new TextEncoder()

/** Records formatted at a time: one encode() for many lines. */
const LINES = 64

/** trace_pipe: takes records off, the CPUs merged by time, losses said where they happened. */
export function openTracePipe(
  hub: TraceHub,
  instance: TraceInstance,
  onlyCpu: number
): SimulatedPipe {
  instance.openPipes++
  const cpus = onlyCpu === -1 ? instance.rings.map((_, cpu) => cpu) : [onlyCpu]
  return new SimulatedPipe({
    readable: () => cpus.some((cpu) => instance.rings[cpu]!.entries > 0),
    more: () => {
      let text = ''
      for (let lines = 0; lines < LINES; lines++) {
        const cpu = earliest(instance, cpus)
        if (cpu === -1) break
        const ring = instance.rings[cpu]!
        if (ring.lost > 0) {
          text += lostLine(cpu, ring.lost)
          ring.lost = 0
        }
        text += traceLine(hub, cpu, ring.timeAt(0), ring.recordWords, ring.wordsAt(0))
        ring.consume()
      }
      return text === '' ? undefined : encoder.encode(text)
    },
    close: () => {
      instance.openPipes--
    }
  })
}

/** The CPU with the oldest record; the lower one at the same time. */
function earliest(instance: TraceInstance, cpus: readonly number[]): number {
  let best = -1
  let time = Infinity
  for (const cpu of cpus) {
    const ring = instance.rings[cpu]!
    if (ring.entries > 0 && ring.timeAt(0) < time) {
      best = cpu
      time = ring.timeAt(0)
    }
  }
  return best
}

/** The file `trace`: everything that is in the buffers, without taking it. */
export function traceText(hub: TraceHub, instance: TraceInstance, onlyCpu: number): string {
  const cpus = onlyCpu === -1 ? instance.rings.map((_, cpu) => cpu) : [onlyCpu]
  const rings = cpus.map((cpu) => instance.rings[cpu]!)
  const at = rings.map(() => 0)
  let entries = 0
  let overrun = 0
  for (const ring of rings) {
    entries += ring.entries
    overrun += ring.overrun
  }
  const parts = [traceHeader(entries, entries + overrun, instance.rings.length)]
  for (let left = entries; left > 0; left--) {
    let best = -1
    let time = Infinity
    for (let i = 0; i < rings.length; i++) {
      const ring = rings[i]!
      const skip = at[i]!
      if (skip < ring.entries && ring.timeAt(skip) < time) {
        best = i
        time = ring.timeAt(skip)
      }
    }
    const ring = rings[best]!
    const skip = at[best]!
    at[best] = skip + 1
    parts.push(traceLine(hub, cpus[best]!, time, ring.recordWords, ring.wordsAt(skip)))
  }
  return parts.join('')
}
