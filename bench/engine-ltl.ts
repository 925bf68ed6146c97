import { RvEngine } from '../src/engine/rv'
import type { LtlMonitorModel } from '../src/model/load'
import { CONTEXT_VARIABLES, TASK_ATTRIBUTES, catalogIndex } from '../src/model/tracepoints'
import { runC } from './engine-c'
import { demand, type Contestant } from './engine-da'
import { BenchHost } from './engine-host'
import { EVENTS, SLEEP_KINDS, sleepStream, type TaskStream } from './engine-streams'

/** One of so many tasks is a real-time one: only those violate the rule. */
const REAL_TIME = 8

/** The monitor sleep, tracepoint to trace event: 15 atoms, 8 states. */
export class LtlBench implements Contestant {
  private readonly stream: TaskStream
  private readonly host: BenchHost
  private readonly engine: RvEngine
  private readonly tracepoints: Int32Array
  private readonly rt: Float64Array

  constructor(
    private readonly model: LtlMonitorModel,
    private readonly instances: number
  ) {
    this.stream = sleepStream(instances)
    this.host = new BenchHost(1, instances)
    // Wakers are in a hardirq.
    this.host.contexts[catalogIndex(CONTEXT_VARIABLES, 'in_hardirq')] = 1
    this.rt = new Float64Array(instances).map((_, task) => (task % REAL_TIME === 0 ? 1 : 0))
    this.host.attributes[catalogIndex(TASK_ATTRIBUTES, 'rt_or_dl')]?.set(this.rt)
    this.engine = new RvEngine(this.host)
    // Without the container that it is in.
    const instrumentation = { ...model.instrumentation, parent: undefined }
    this.engine.enable(this.engine.registerMonitor({ ...model, instrumentation }))
    this.tracepoints = Int32Array.from(SLEEP_KINDS, (name) => this.engine.bus.index(name))
  }

  readonly work = (): number => this.run(0, EVENTS, true)

  /** A part of the stream. @param begin whether the monitor starts anew */
  run(from: number, to: number, begin: boolean): number {
    const { host, engine, tracepoints } = this
    const { kind, task, a, b } = this.stream
    if (begin) this.begin()
    const { bus } = engine
    const { args } = bus
    for (let i = from; i < to; i++) {
      const one = task[i] ?? 0
      host.current = one
      switch (kind[i]) {
        case 0:
          args[0] = one
          args[1] = a[i] ?? 0
          break
        case 2:
          args[0] = a[i] ?? 0
          args[1] = 1
          args[2] = b[i] ?? 0
          break
        case 4:
          args[1] = a[i] ?? 0
          break
        default:
          args[0] = one
      }
      bus.fire(tracepoints[kind[i] ?? 0] ?? 0)
    }
    return to - from
  }

  readonly check = (): void => {
    if (this.host.entered === 0) throw new Error('sleep was never in a state.')
  }

  /** The same in C. */
  inC(source: string): number | string {
    const { task, a, b, kind } = this.stream
    const head = Uint32Array.of(EVENTS, this.instances)
    const data = [head, task, a, b, Uint8Array.from(this.rt), kind]
    const result = runC(source, modelHeader(this.model), data)
    if (typeof result === 'string') return result
    const [entered, errors] = result.sums
    this.work()
    demand('sleep', this.host.entered, entered ?? -1)
    demand('sleep, in violations,', this.host.errors, errors ?? -1)
    return result.perSecond
  }

  /** Every instance as it was when the monitor was enabled. */
  private begin(): void {
    const { host, engine } = this
    const [monitor] = engine.listed
    if (monitor === undefined) throw new Error('sleep is not registered.')
    engine.disable(monitor)
    engine.enable(monitor)
    host.entered = 0
    host.errors = 0
  }
}

/** The model as bench/ltl.c includes it: what rvgen would write, with labels as C. */
function modelHeader({ ltl: { atoms, buchi } }: LtlMonitorModel): string {
  const set = (value: number): string => `0x${value.toString(16)}u`
  const labels = buchi.labels.map((cubes, state) => {
    const terms = cubes.map(({ care, value }) => `(atoms & ${set(care)}) == ${set(value)}`)
    return `\tcase ${state}: return ${terms.length === 0 ? '0' : terms.join(' || ')};`
  })
  return [
    ...atoms.map((atom, bit) => `#define ATOM_${atom} ${bit}`),
    `#define ATOMS ${set(2 ** atoms.length - 1)}`,
    `#define INITIAL ${set(buchi.initial)}`,
    `static const uint32_t successors[] = { ${[...buchi.successors].map(set).join(', ')} };`,
    'static inline int label(int state, uint32_t atoms)\n{\n\tswitch (state) {',
    ...labels,
    '\t}\n\treturn 0;\n}\n'
  ].join('\n')
}
