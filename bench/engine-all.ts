import type { EngineHost } from '../src/engine/host'
import { RvEngine } from '../src/engine/rv'
import type { MonitorModel } from '../src/model/load'
import {
  CONTEXT_VARIABLES,
  OBJECT_ATTRIBUTES,
  TASK_ATTRIBUTES,
  TRACEPOINTS
} from '../src/model/tracepoints'
import { SimulatedKernel } from '../src/simulator/kernel'
import { BenchHost } from './engine-host'

const WIDTH = Math.max(...TRACEPOINTS.map(({ fields }) => fields.length))
const VARIABLES = CONTEXT_VARIABLES.length
/** Tracepoints in the stream. */
const LENGTH = 200_000
const CPUS = 8
const TASKS = 200

/** Tracepoints as the simulated kernel raised them, with what the engine may ask at each. */
interface Recording {
  readonly tracepoint: Uint8Array
  readonly args: Float64Array
  readonly cpu: Uint8Array
  readonly current: Uint32Array
  readonly time: Float64Array
  readonly contexts: Float64Array
  /** Highest task index, and one more. */
  readonly tasks: number
}

/** The same engine with nobody behind it but a recording: 18 monitors on one stream of tracepoints. */
export class AllBench {
  private readonly recording: Recording
  private readonly host: BenchHost
  private readonly engine: RvEngine
  /** Trace events of the monitors for one pass. */
  events = 0

  constructor(models: readonly MonitorModel[]) {
    const kernel = new SimulatedKernel({ cpus: CPUS, tasks: TASKS, seed: 1, models })
    // The host is the engine's own; the bench looks over its shoulder.
    const { host: source } = kernel.engine as unknown as { readonly host: EngineHost }
    this.recording = record(kernel, source)
    this.host = new BenchHost(CPUS, this.recording.tasks)
    const { attributes } = this.host
    TASK_ATTRIBUTES.forEach((_, attribute) => {
      source.forEachTask((task) => {
        const column = attributes[attribute]
        if (column !== undefined) column[task] = source.taskAttribute(attribute, task)
      })
    })
    const { trace } = this.host
    const count = (): void => {
      this.events++
    }
    trace.event = count
    trace.ltlEvent = count
    this.engine = new RvEngine(this.host)
    for (const model of models) this.engine.register(model)
    for (const monitor of this.engine.listed) this.engine.enable(monitor)
    if (OBJECT_ATTRIBUTES.length === 0) throw new Error('There are no objects.')
  }

  readonly work = (): number => this.run(0, LENGTH)

  run(from: number, to: number): number {
    const { host, engine, recording } = this
    const { tracepoint, args, cpu, current, time, contexts } = recording
    const { bus } = engine
    for (let i = from; i < to; i++) {
      host.cpu = cpu[i] ?? 0
      host.current = current[i] ?? 0
      host.time[0] = time[i] ?? 0
      for (let v = 0; v < VARIABLES; v++) host.contexts[v] = contexts[i * VARIABLES + v] ?? 0
      for (let a = 0; a < WIDTH; a++) bus.args[a] = args[i * WIDTH + a] ?? 0
      bus.fire(tracepoint[i] ?? 0)
    }
    return to - from
  }

  /** Every monitor must have had something to do. */
  check(): void {
    const off = this.engine.listed.filter(({ enabled }) => !enabled)
    if (off.length > 0 || this.events === 0) throw new Error('Not every monitor ran.')
  }

  /** Share of the trace events that are violations. */
  get violations(): number {
    return this.host.errors / (this.events + this.host.errors)
  }
}

function record(kernel: SimulatedKernel, host: EngineHost): Recording {
  const { bus } = kernel.engine
  const recording = {
    tracepoint: new Uint8Array(LENGTH),
    args: new Float64Array(LENGTH * WIDTH),
    cpu: new Uint8Array(LENGTH),
    current: new Uint32Array(LENGTH),
    time: new Float64Array(LENGTH),
    contexts: new Float64Array(LENGTH * VARIABLES),
    tasks: 0
  }
  for (const monitor of kernel.engine.listed) kernel.engine.enable(monitor)
  const fire = bus.fire.bind(bus)
  let count = 0
  bus.fire = (index) => {
    if (count < LENGTH) {
      recording.tracepoint[count] = index
      recording.args.set(bus.args.subarray(0, WIDTH), count * WIDTH)
      recording.cpu[count] = host.currentCpu()
      recording.current[count] = host.currentTask()
      recording.time[count] = host.now()
      CONTEXT_VARIABLES.forEach((_, v) => {
        recording.contexts[count * VARIABLES + v] = host.context(v)
      })
      count++
    }
    fire(index)
  }
  while (count < LENGTH) kernel.advance(1_000_000)
  host.forEachTask((task) => {
    recording.tasks = Math.max(recording.tasks, task + 1)
  })
  return recording
}
