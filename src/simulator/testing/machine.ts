import { assembleModel, type MonitorModel } from '../../model/load'
import { SimulatedKernel, type SimulatedKernelOptions } from '../kernel'

const MS = 1_000_000

export const SECOND = 1_000_000_000

/**
 * Every monitor of a folder, in the order in which a kernel registers them.
 * @param names of the folder's files, which `read` reads
 */
export function modelsOf(
  names: readonly string[],
  read: (name: string) => string
): readonly MonitorModel[] {
  const files = names.filter((name) => !name.endsWith('.md'))
  return assembleModel(files.map((name) => ({ name, text: read(name) }))).models
}

/** A kernel with 4 CPUs and 24 tasks; its monitors are off. */
export const machine = (
  models: readonly MonitorModel[],
  options: Partial<SimulatedKernelOptions> = {}
): SimulatedKernel => new SimulatedKernel({ cpus: 4, tasks: 24, seed: 1, models, ...options })

const encoder = new TextEncoder()
const decoder = new TextDecoder()

export function write(kernel: SimulatedKernel, path: string, text: string): void {
  kernel.tracefs.write(path, encoder.encode(text), 'append')
}

/** Switches monitors on, and of their trace events those of these kinds that they have. */
export function watch(
  kernel: SimulatedKernel,
  monitors: readonly string[],
  kinds: readonly ('event' | 'error' | 'error_env')[]
): void {
  const there = kernel.tracefs.list('events/rv').map(({ name }) => name)
  for (const monitor of monitors) {
    write(kernel, 'rv/enabled_monitors', monitor)
    for (const kind of kinds) {
      const event = `${kind}_${monitor}`
      if (there.includes(event)) write(kernel, `events/rv/${event}/enable`, '1')
    }
  }
}

/** A line of trace_pipe. */
export interface Line {
  readonly pid: number
  readonly cpu: number
  /** The five latency columns. */
  readonly flags: string
  /** In µs, as printed. */
  readonly time: number
  readonly event: string
  readonly text: string
}

const LINE = /-(\d+) +\[(\d+)\] (\S{5}) +(\d+)\.(\d{6}): (\w+): (.*)$/

/** Runs for so many ns and hands over each line of the trace meanwhile, until `each` returns false. */
export function run(
  kernel: SimulatedKernel,
  ns: number,
  each: (line: Line) => unknown,
  slice = 10 * MS
): void {
  const pipe = kernel.tracefs.openPipe('trace_pipe')
  let rest = ''
  for (let done = 0; done < ns; done += slice) {
    kernel.advance(Math.min(slice, ns - done))
    while (pipe.readable()) {
      const lines = (rest + decoder.decode(pipe.read(1 << 20))).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) {
        const match = LINE.exec(line)
        if (match === null) throw new Error(`not a line of the trace: ${line}`)
        const [, pid, cpu, flags = '', seconds, us, event = '', text = ''] = match
        const time = Number(seconds) * 1_000_000 + Number(us)
        if (each({ pid: Number(pid), cpu: Number(cpu), flags, time, event, text }) === false) {
          pipe.close()
          return
        }
      }
    }
  }
  pipe.close()
}

/** A violation without what differs from one to the next: pids, clocks, names of tasks. */
export const kindOf = ({ event, text }: Line): string =>
  `${event}: ${text
    .replace(/^-?\d+: /, '')
    .replace(/^\S+(?: \S+)*\[\d+\]: /, '')
    .replace(/clk=\d+/, 'clk=N')}`

/**
 * Violations that a correct kernel raises, each for a reason that is known:
 * wip's and wwnr's from the kernel's documentation. sts takes an interrupt that
 * comes after schedule_entry, before __schedule() disables interrupts, for a
 * part of the switch; if a softirq follows and takes a lock, it believes that
 * the switch is over before it comes. The real kernel raises all three.
 */
export const EXPLAINED: ReadonlySet<string> = new Set([
  'error_wip: event sched_waking not expected in the state preemptive',
  'error_wwnr: event wakeup not expected in the state running',
  'error_sts: event sched_switch not expected in the state enable_to_exit'
])

/** How often each kind of violation comes in so much time. */
export function violations(
  kernel: SimulatedKernel,
  monitors: readonly string[],
  ns: number
): Map<string, number> {
  const found = new Map<string, number>()
  watch(kernel, monitors, ['error', 'error_env'])
  run(kernel, ns, (line) => {
    const kind = kindOf(line)
    found.set(kind, (found.get(kind) ?? 0) + 1)
  })
  return found
}

/** Monitors of the scheduler, and those that watch wakeups and stalls. */
export const SCHEDULER_MONITORS: readonly string[] = [
  'wip',
  'wwnr',
  'sco',
  'snroc',
  'scpd',
  'snep',
  'sts',
  'nrp',
  'sssw',
  'opid',
  'stall'
]
