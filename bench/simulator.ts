import { SimulatedKernel } from '../src/simulator/kernel'
import type { MonitorModel } from '../src/model/load'
import { rates, type BenchRow } from './measure'

/** Virtual time that one piece of work moves on, ns. */
const SLICE = 5_000_000

/** Kernel events per second of a simulated machine with every monitor on and traced. */
export function benchSimulator(models: readonly MonitorModel[]): BenchRow[] {
  return [
    { cpus: 4, tasks: 24 },
    { cpus: 64, tasks: 2000 }
  ].map(({ cpus, tasks }) => {
    const kernel = new SimulatedKernel({ cpus, tasks, seed: 1, models })
    const { engine } = kernel
    for (const monitor of engine.monitors) engine.enable(monitor)
    const pipe = kernel.tracefs.openPipe('trace_pipe')
    kernel.tracefs.write('events/rv/enable', new TextEncoder().encode('1'), 'truncate')
    let lines = 0
    const [perSecond = Number.NaN] = rates(() => {
      const events = kernel.advance(SLICE)
      const text = pipe.read(1 << 22)
      for (const byte of text) if (byte === 10) lines++
      return events
    })
    if (lines === 0) throw new Error('The simulated kernel traced nothing.')
    return {
      what: `Simulator: kernel events on ${cpus} CPUs, ${tasks} tasks, traced as text`,
      figure: perSecond,
      unit: 'events/s'
    }
  })
}
