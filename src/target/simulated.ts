import type { RunningTask, RunPosition } from '../simulator/kernel'
import { TICK } from '../simulator/scheduler'
import type { SimulatorSettings } from '../contract/requests'
import { LineTerminal } from './console/line-terminal'
import { SimulatedShell } from './console/simulated-shell'
import type { TargetTerminal } from './console/terminal'
import { Pacer } from './pacer'
import { isSafePath, parameterPath, TracefsError } from './port'
import type {
  RestoreResult,
  RestoreStep,
  TargetEnd,
  TargetInfo,
  TaskInfo,
  TracefsEntry,
  TracefsStream
} from './port'
import { restoreValue } from './restore'
import { WakingStream, type HostedStream } from './waking-stream'
import {
  hostClock,
  type HostClock,
  notingPort,
  type SimulatedPort,
  type SimulatorAct,
  type SimulatorControl
} from './simulator-control'

/** What the port needs of a simulated kernel; every refusal is a TracefsError. */
export interface HostedKernel {
  readonly release: string
  /** Virtual ns since boot. */
  readonly now: number
  /** The panic's message; undefined while the machine runs. */
  readonly panicked: string | undefined
  readonly position: RunPosition
  /** Runs to a position of another run of the same machine, at most so many events; whether it is there. */
  runTo(position: RunPosition, most: number): boolean
  advance(ns: number): void
  /** One instruction, timer or interrupt. */
  step(): void
  read(path: string): Uint8Array
  write(path: string, data: string, mode: 'truncate' | 'append'): void
  readParameter(module: string, name: string): string
  writeParameter(module: string, name: string, data: string): void
  list(path: string): readonly TracefsEntry[]
  mkdir(path: string): void
  rmdir(path: string): void
  open(path: string): HostedStream
  kernelLog(): HostedStream
  tasks(): ReadonlyMap<number, TaskInfo>
  running(most: number): readonly RunningTask[]
}

/** Instructions in a single step where nothing that is traced happens. */
const MAX_STEP = 500_000

/** The Tracefs port of a simulated kernel, and the clockwork that drives it. */
export class SimulatedTracefs implements SimulatedPort {
  readonly info: TargetInfo
  readonly ended: Promise<TargetEnd>
  readonly simulator: SimulatorControl
  private readonly kernel: HostedKernel
  private readonly pacer: Pacer | undefined
  private readonly streams = new Set<WakingStream>()
  private settleEnded: (end: TargetEnd) => void = () => undefined
  private plan: readonly RestoreStep[] = []
  private closing: Promise<readonly RestoreResult[]> | undefined
  private stopped = false

  /** @param boot makes the same kernel again each time; @param clock 'manual': only simulator.advance drives it */
  constructor(
    private readonly settings: SimulatorSettings,
    private readonly boot: () => HostedKernel,
    private readonly clock: HostClock | 'manual' = hostClock
  ) {
    this.kernel = boot()
    this.info = {
      kind: 'sim',
      name: 'simulated kernel',
      release: this.kernel.release,
      cpus: settings.cpus,
      tracefs: '/sys/kernel/tracing',
      bootId: ''
    }
    this.ended = new Promise((resolve) => {
      this.settleEnded = resolve
    })
    this.pacer =
      clock === 'manual'
        ? undefined
        : new Pacer(clock, (ns) => this.run(() => this.kernel.advance(ns)))
    this.simulator = this.control()
  }

  read(path: string): Promise<Uint8Array> {
    return this.call(path, () => this.kernel.read(path))
  }

  write(path: string, data: string, mode: 'truncate' | 'append'): Promise<void> {
    return this.call(path, () => {
      this.kernel.write(path, data, mode)
    })
  }

  openTerminal(): Promise<TargetTerminal> {
    const shell = new SimulatedShell(notingPort(this, this.simulator))
    return Promise.resolve(new LineTerminal(shell))
  }

  async readParameter(module: string, name: string): Promise<string> {
    const path = parameterPath(module, name)
    return this.call(path, () => this.kernel.readParameter(module, name))
  }

  async writeParameter(module: string, name: string, data: string): Promise<void> {
    const path = parameterPath(module, name)
    return this.call(path, () => {
      this.kernel.writeParameter(module, name, data)
    })
  }

  list(path: string): Promise<readonly TracefsEntry[]> {
    return this.call(path, () => this.kernel.list(path))
  }

  mkdir(path: string): Promise<void> {
    return this.call(path, () => {
      this.kernel.mkdir(path)
    })
  }

  rmdir(path: string): Promise<void> {
    return this.call(path, () => {
      this.kernel.rmdir(path)
    })
  }

  stream(path: string): Promise<TracefsStream> {
    return this.call(path, () => this.follow(this.kernel.open(path)))
  }

  kernelLog(): Promise<TracefsStream> {
    return this.call('', () => this.follow(this.kernel.kernelLog()))
  }

  tasks(): Promise<ReadonlyMap<number, TaskInfo>> {
    return this.call('', () => this.kernel.tasks())
  }

  ownPids(): Promise<readonly number[]> {
    return Promise.resolve([])
  }

  setRestorePlan(steps: readonly RestoreStep[]): Promise<void> {
    this.plan = steps
    return Promise.resolve()
  }

  close(): Promise<readonly RestoreResult[]> {
    this.closing ??= Promise.resolve().then(() => {
      this.pacer?.stop()
      this.endStreams()
      return this.plan.map((step) => this.restore(step))
    })
    return this.closing
  }

  private control(): SimulatorControl {
    const { kernel, pacer, settings, streams } = this
    const acts: SimulatorAct[] = []
    // A machine that is driven by hand has no pacer, but keeps what was set.
    const state = pacer ?? { speed: 1, paused: false, achieved: 0 }
    return {
      settings,
      hz: Math.round(1e9 / TICK),
      get paused() {
        return state.paused
      },
      get speed() {
        return state.speed
      },
      get achieved() {
        return state.achieved
      },
      get now() {
        const seconds = Math.floor(kernel.now / 1e9)
        return [seconds, kernel.now - seconds * 1e9] as const
      },
      get position() {
        return kernel.position
      },
      acts,
      note: (what) => {
        acts.push({ at: kernel.position, what })
      },
      hold: () => pacer?.hold() ?? (() => undefined),
      runTo: (position, most) => {
        let isThere = true
        this.run(() => {
          isThere = kernel.runTo(position, most)
        })
        return isThere
      },
      get isRead() {
        for (const stream of streams) if (stream.ready()) return false
        return true
      },
      running: (most) => kernel.running(most),
      pause: () => {
        state.paused = true
      },
      resume: () => {
        state.paused = false
      },
      setSpeed: (factor) => {
        state.speed = factor
      },
      step: (most = MAX_STEP) => {
        state.paused = true
        this.run(() => {
          this.runToEvent(most)
        })
      },
      advance: (ns) => {
        this.run(() => {
          kernel.advance(ns)
        })
      },
      reboot: async () => {
        this.plan = []
        await this.close()
        const port = new SimulatedTracefs(settings, this.boot, this.clock)
        port.simulator.setSpeed(state.speed)
        return port
      }
    }
  }

  /** Runs the machine a little and wakes whoever waits for its output. False: it has panicked. */
  private run(work: () => void): boolean {
    const { kernel } = this
    if (this.closing || this.stopped) return false
    if (kernel.panicked === undefined) work()
    for (const stream of this.streams) stream.wake()
    if (kernel.panicked === undefined) return true
    this.panic(kernel.panicked)
    return false
  }

  /** Runs until a stream has something to show. */
  private runToEvent(most: number): void {
    const { kernel, streams } = this
    const shown = (): boolean => {
      for (const stream of streams) if (stream.ready()) return true
      return false
    }
    for (let i = 0; i < most && kernel.panicked === undefined && !shown(); i++) kernel.step()
  }

  private panic(text: string): void {
    this.stopped = true
    this.pacer?.stop()
    this.endStreams()
    this.settleEnded({
      reason: 'panic',
      message: `Kernel panic - not syncing: ${text.trim()}`
    })
  }

  private endStreams(): void {
    for (const stream of [...this.streams]) stream.end()
    this.streams.clear()
  }

  private follow(source: HostedStream): TracefsStream {
    const stream = new WakingStream(source, () => this.streams.delete(stream))
    this.streams.add(stream)
    return stream
  }

  /** One call of the port: checked, and as asynchronous as on a real target. */
  private async call<T>(path: string, work: () => T): Promise<T> {
    await Promise.resolve()
    if (path !== '' && !isSafePath(path)) {
      throw new TracefsError('EINVAL', path, `${JSON.stringify(path)} is no path below tracefs.`)
    }
    if (this.closing) {
      throw new TracefsError('LINK', path, 'The link to the simulated kernel was closed.')
    }
    this.demandRunning(path)
    const result = work()
    // A write may have been what the machine panicked of, or what a stream waited for.
    this.run(() => undefined)
    return result
  }

  private demandRunning(path: string): void {
    const { panicked } = this.kernel
    if (panicked === undefined) return
    throw new TracefsError('PANIC', path, 'The simulated machine has stopped with a kernel panic.')
  }

  private restore(step: RestoreStep): RestoreResult {
    try {
      this.demandRunning(step.path)
      if (step.kind === 'rmdir') {
        this.kernel.rmdir(step.path)
      } else if (step.kind === 'parameter') {
        const [module = '', , name = ''] = step.path.split('/')
        if (this.kernel.readParameter(module, name).trim() !== step.ours) return changed(step)
        this.kernel.writeParameter(module, name, step.original)
      } else {
        const content = Buffer.from(this.kernel.read(step.path)).toString('utf8')
        if (restoreValue(step.path, content) !== step.ours) return changed(step)
        this.kernel.write(step.path, step.original, 'truncate')
      }
      return { step, outcome: 'restored', message: undefined }
    } catch (error) {
      if (error instanceof TracefsError && error.code === 'ENOENT') return changed(step)
      const detail = error instanceof Error ? error.message : 'unknown error'
      return { step, outcome: 'failed', message: `${step.path} could not be put back: ${detail}` }
    }
  }
}

function changed(step: RestoreStep): RestoreResult {
  return {
    step,
    outcome: 'changed-by-others',
    message: `${step.path} was changed by others meanwhile and left as it is.`
  }
}
