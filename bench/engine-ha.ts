import { RvEngine } from '../src/engine/rv'
import type { AutomatonModel } from '../src/model/load'
import { runC, type CResult } from './engine-c'
import { demand, type Contestant } from './engine-da'
import { BenchHost } from './engine-host'
import { EVENTS, STALL_STEP, stallStream, type TaskStream } from './engine-streams'

/** Uptime at which the stream begins, ns. */
const UPTIME = 1_000_000_000

/** The monitor stall, tracepoint to trace event, with every timer that it arms. */
export class HybridBench implements Contestant {
  private readonly stream: TaskStream
  private readonly host: BenchHost
  private readonly engine: RvEngine
  private readonly wakeup: number
  private readonly sched_switch: number

  constructor(
    private readonly model: AutomatonModel,
    private readonly instances: number
  ) {
    this.stream = stallStream(model.automaton, instances)
    this.host = new BenchHost(1, instances)
    this.engine = new RvEngine(this.host)
    this.engine.enable(this.engine.register(model))
    this.wakeup = this.engine.bus.index('sched_wakeup')
    this.sched_switch = this.engine.bus.index('sched_switch')
  }

  readonly work = (): number => this.run(0, EVENTS, true)

  /** A part of the stream. @param begin whether the monitor starts anew */
  run(from: number, to: number, begin: boolean): number {
    const { host, engine, stream } = this
    const { kind, task } = stream
    if (begin) this.begin()
    const { time } = host
    const { bus } = engine
    const { args } = bus
    for (let i = from; i < to; i++) {
      time[0] = (time[0] ?? 0) + STALL_STEP
      const one = task[i] ?? 0
      switch (kind[i]) {
        case 0:
          args[0] = one
          bus.fire(this.wakeup)
          break
        case 1:
          this.switch(1, 0, one, 0)
          break
        case 2:
          this.switch(1, one, 0, 0)
          break
        default:
          this.switch(0, one, 0, 1)
      }
    }
    return to - from
  }

  /** What the stream comes to, without checking it. */
  readonly check = (): void => {
    demand('stall, in violations,', this.host.errors, 0)
  }

  /** The same in C. */
  inC(source: string): number | string {
    const { automaton, instrumentation } = this.model
    const { kind, task } = this.stream
    const limit = Number(instrumentation.parameters[0]?.default)
    const head = Uint32Array.of(EVENTS, this.instances, limit, STALL_STEP)
    const result: CResult | string = runC(source, undefined, [head, automaton.table, task, kind])
    if (typeof result === 'string') return result
    const [entered, errors, armed] = result.sums
    this.work()
    demand('stall', this.host.entered, entered ?? -1)
    demand('stall, in violations,', this.host.errors, errors ?? -1)
    demand('stall, in timers,', this.host.armed(), armed ?? -1)
    return result.perSecond
  }

  private begin(): void {
    const { host, engine } = this
    engine.setMonitoring(false)
    engine.setMonitoring(true)
    host.time[0] = UPTIME
    for (let task = 1; task < this.instances; task++) this.switch(0, task, 0, 1)
    host.entered = 0
    host.errors = 0
  }

  private switch(preempt: number, prev: number, next: number, state: number): void {
    const { args } = this.engine.bus
    args[0] = preempt
    args[1] = prev
    args[2] = next
    args[3] = state
    this.engine.bus.fire(this.sched_switch)
  }
}
