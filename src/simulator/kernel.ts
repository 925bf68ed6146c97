import { RvEngine } from '../engine/rv'
import type { MonitorModel } from '../model/load'
import { Devices } from './devices'
import { KernelTimers } from './engine-timers'
import { KernelHost } from './host'
import { KernelLog } from './kernel-log'
import {
  HARDIRQ_OFFSET,
  Machine,
  PREEMPT_OFFSET,
  SOFTIRQ_MASK,
  SOFTIRQ_OFFSET,
  type MachineLimits
} from './machine'
import { assembleFaults } from './ops-fault'
import { VECTOR_ROUTINES, assembleInterrupts } from './ops-interrupt'
import { assembleLocks } from './ops-lock'
import { assembleSchedule } from './ops-schedule'
import { addSignalTasks, assembleSignals, SIGNAL_TASKS } from './ops-signal'
import { assembleTasks } from './ops-task'
import { assembleWakeup } from './ops-wakeup'
import { assembleProfiler, Profiler, PROFILER_TASKS } from './profiler'
import { Prng } from './prng'
import { Probes } from './probes'
import { Assembler, type Program } from './program'
import { Scheduler } from './scheduler'
import { TaskTable } from './tasks'
import { TraceHub } from './trace-hub'
import { findScenario, type Scenario } from './scenarios'
import { SimulatedTracefs } from './tracefs'
import { childrenAtMost, kernelThreads, Workload } from './workload'

export interface SimulatedKernelOptions {
  /** 1 to 256 */
  readonly cpus: number
  /**
   * User tasks, 1 to 10,000; kernel threads, idle tasks, short-lived children, a profiler and two
   * tasks that send each other signals come on top.
   */
  readonly tasks: number
  /** An integer. The same seed and settings give the same events on every machine. */
  readonly seed: number
  readonly models: readonly MonitorModel[]
  /** CONFIG_RV_PER_TASK_MONITORS */
  readonly perTaskSlots?: number
  /** Name of a fault that the machine has, see scenarios/. */
  readonly scenario?: string | undefined
  /** Parameters of monitors at boot, by `MONITOR.PARAMETER`: what a kernel's command line sets. */
  readonly parameters?: Readonly<Record<string, number>> | undefined
  /** For tests that show what causes what. */
  readonly limits?: Partial<MachineLimits>
}

/** A moment of a run: several events may have one time, so that time alone names none. */
export interface RunPosition {
  /** Kernel events since boot. */
  readonly events: number
  /** Virtual ns since boot. */
  readonly now: number
}

/** What one CPU does at a moment. */
export interface RunningTask {
  readonly pid: number
  readonly comm: string
  readonly context: 'idle' | 'task' | 'softirq' | 'hardirq'
}

/** Tasks that watch and stress the machine besides those asked for. */
const BACKGROUND_TASKS = PROFILER_TASKS + SIGNAL_TASKS

/** Uptime at which the simulation begins: the machine has booted. */
const BOOT = 2_000_000_000

export const RELEASE = '7.3.0-simulated'

/**
 * A small deterministic kernel in virtual time that hosts the RV engine and
 * serves a simulated tracefs. It does nothing by itself: advance() moves it.
 */
export class SimulatedKernel {
  readonly engine: RvEngine
  readonly tracefs: SimulatedTracefs
  readonly cpus: number
  /** For tests, which look inside and put tasks of their own on it. */
  readonly machine: Machine
  private readonly log = new KernelLog()
  /** Where advance() got to: no event waits before it. */
  private horizon = BOOT
  private processed = 0

  /** @throws RangeError where cpus or tasks is out of range, or there is no such scenario */
  constructor(options: SimulatedKernelOptions) {
    const { cpus, tasks: userTasks, seed } = options
    expectInteger('cpus', cpus, 1, 256)
    expectInteger('tasks', userTasks, 1, 10_000)
    expectInteger('seed', seed, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER)
    this.cpus = cpus
    const scenario = options.scenario === undefined ? undefined : findScenario(options.scenario)
    const capacity =
      cpus +
      kernelThreads(cpus) +
      userTasks +
      childrenAtMost(userTasks) +
      BACKGROUND_TASKS +
      (scenario?.tasks ?? 0)
    const tasks = new TaskTable(cpus, capacity)
    const limits = {
      noInterruptInPreemptWindow: options.limits?.noInterruptInPreemptWindow ?? false,
      noWakeupBeforeSchedule: options.limits?.noWakeupBeforeSchedule ?? false
    }
    const machine = new Machine(cpus, tasks, new Prng(seed), limits, Devices.slots(cpus, capacity))
    this.machine = machine
    machine.now = BOOT
    this.bootLog(userTasks)
    machine.timers = new KernelTimers(machine, Devices.engineTimerSlot(cpus, capacity))
    const console = {
      printk: (level: number, text: string) => this.log.add(level, this.now, text),
      panic: (text: string) => this.panic(text)
    }
    const engine = new RvEngine(
      new KernelHost(machine, machine.timers, console),
      options.perTaskSlots === undefined ? {} : { perTaskSlots: options.perTaskSlots }
    )
    this.engine = engine
    for (const model of options.models) engine.register(model)
    setParameters(engine, options.parameters ?? {})
    machine.timerExpired = (timer) => engine.timerExpired(timer)
    const hub = new TraceHub(machine, engine.monitors)
    machine.probes = new Probes(machine, hub, engine.bus)
    const program = assemble(scenario)
    machine.program = program
    machine.entries = {
      preemptSchedule: program.entry('preempt_schedule'),
      preemptScheduleIrq: program.entry('preempt_schedule_irq'),
      exitToUser: program.entry('exit_to_user_mode'),
      softirq: program.entry('softirq'),
      softirqFromTask: program.entry('softirq_from_task'),
      taskStart: program.entry('ret_from_fork'),
      taskMain: program.entry('task_main'),
      idle: program.entry('idle'),
      vectors: VECTOR_ROUTINES.map((name) => program.entry(name))
    }
    machine.taskCreated = (task) => engine.taskCreated(task)
    machine.devices = new Devices(machine)
    machine.scheduler = new Scheduler(machine)
    machine.deadline = machine.scheduler.deadline
    machine.workload = new Workload(machine, program, {
      created: machine.taskCreated,
      exited: (task) => {
        hub.exited(tasks.pid[task]!)
        engine.taskExited(task)
      },
      forked: (parent, child) => hub.forked(tasks.pid[parent]!, tasks.pid[child]!)
    })
    for (let cpu = 0; cpu < cpus; cpu++) {
      machine.preemptCount[cpu] = PREEMPT_OFFSET
      machine.start(cpu, machine.entries.idle)
      machine.queue.set(cpu, BOOT + cpu)
    }
    machine.workload.populate(userTasks)
    machine.profiler = new Profiler(machine)
    addSignalTasks(machine)
    machine.devices.start()
    scenario?.install(machine)
    this.tracefs = new SimulatedTracefs(machine, hub, engine, this.log)
  }

  /** Virtual ns since boot. */
  get now(): number {
    return Math.max(this.horizon, this.machine.now)
  }

  /** Text of the panic that stopped the machine. */
  get panicked(): string | undefined {
    return this.machine.panicked
  }

  /**
   * Moves virtual time on.
   * @param ns how far, from `now`
   * @param maxEvents stops after that many kernel events; `now` is then the time of the last one
   * @returns kernel events processed; 0 once the machine has panicked
   */
  advance(ns: number, maxEvents = Infinity): number {
    const { machine } = this
    const end = this.now + Math.max(0, Math.floor(ns))
    let events = 0
    while (events < maxEvents && machine.panicked === undefined) {
      const slot = machine.queue.first()
      if (slot === -1 || machine.queue.time[slot]! > end) {
        this.horizon = end
        return events
      }
      this.process(slot)
      events++
    }
    return events
  }

  /** Where this machine is in its run: the same settings and acts give the same at the same position. */
  get position(): RunPosition {
    return { events: this.processed, now: this.now }
  }

  /**
   * Runs to a position that the same machine had in another run.
   * @param most kernel events at most
   * @returns whether it is there; also where the machine has stopped
   */
  runTo(position: RunPosition, most: number): boolean {
    const { machine } = this
    for (let done = 0; this.processed < position.events; done++) {
      const slot = machine.queue.first()
      if (machine.panicked !== undefined || slot === -1) break
      if (done === most) return false
      this.process(slot)
    }
    this.horizon = Math.max(this.horizon, position.now)
    return true
  }

  /** One kernel event: an instruction, an expired timer, an arriving interrupt. */
  step(): void {
    if (this.machine.panicked !== undefined) return
    const slot = this.machine.queue.first()
    if (slot !== -1) this.process(slot)
  }

  /** pid and name of every task that is alive. The idle tasks share pid 0. */
  tasks(): Map<number, string> {
    const { tasks } = this.machine
    const found = new Map<number, string>()
    tasks.forEach((task) =>
      found.set(tasks.pid[task]!, task < this.cpus ? '<idle>' : tasks.commOf(task))
    )
    return found
  }

  /**
   * What each CPU does now: the task on it, and in which context.
   * @param most at most so many CPUs, from CPU 0
   */
  running(most = this.cpus): RunningTask[] {
    const { machine } = this
    return Array.from({ length: Math.min(most, this.cpus) }, (_, cpu) => {
      const task = machine.current[cpu]!
      const count = machine.preemptCount[cpu]!
      return {
        pid: machine.tasks.pid[task]!,
        comm: task < this.cpus ? '<idle>' : machine.tasks.commOf(task),
        context:
          count >= HARDIRQ_OFFSET
            ? 'hardirq'
            : (count & SOFTIRQ_MASK) === SOFTIRQ_OFFSET
              ? 'softirq'
              : task < this.cpus
                ? 'idle'
                : 'task'
      }
    })
  }

  private process(slot: number): void {
    const { machine } = this
    this.processed++
    machine.now = machine.queue.time[slot]!
    if (slot < this.cpus) machine.run(slot)
    else machine.devices.due(slot)
  }

  private panic(text: string): void {
    const { machine } = this
    if (machine.panicked !== undefined) return
    machine.panicked = text
    const cpu = machine.probes.cpu
    const current = machine.current[cpu]!
    const { tasks } = machine
    const hard = machine.preemptCount[cpu]! >= HARDIRQ_OFFSET
    this.log.add(0, machine.now, `Kernel panic - not syncing: ${text}`)
    this.log.add(
      0,
      machine.now,
      `CPU: ${cpu} UID: 0 PID: ${tasks.pid[current]!} Comm: ${tasks.commOf(current)} Not tainted ${RELEASE} #1 PREEMPT`
    )
    if (hard) this.log.add(0, machine.now, '<IRQ>')
    this.log.add(0, machine.now, `---[ end Kernel panic - not syncing: ${text} ]---`)
  }

  private bootLog(userTasks: number): void {
    const ms = (value: number): number => value * 1_000_000
    const { log, cpus } = this
    log.add(5, 0, `Linux version ${RELEASE} (simulated) #1 SMP PREEMPT`)
    log.add(6, 0, `smpboot: Allowing ${cpus} CPUs, 0 hotplug CPUs`)
    log.add(6, ms(4), `SLUB: HWalign=64, Order=0-3, MinObjects=0, CPUs=${cpus}, Nodes=1`)
    log.add(6, ms(11), 'rcu: Preemptible hierarchical RCU implementation.')
    log.add(6, ms(95), `smp: Brought up 1 node, ${cpus} CPU${cpus === 1 ? '' : 's'}`)
    log.add(6, ms(420), `nvme nvme0: ${cpus}/0/0 default/read/poll queues`)
    log.add(6, ms(610), `eth0: Link is Up, ${cpus} rx queue${cpus === 1 ? '' : 's'}`)
    log.add(
      6,
      ms(1_380),
      `Run /sbin/init as init process, ${userTasks} user task${userTasks === 1 ? '' : 's'}`
    )
  }
}

function assemble(scenario: Scenario | undefined): Program {
  const assembler = new Assembler()
  assembleSchedule(assembler)
  assembleWakeup(assembler)
  assembleInterrupts(assembler)
  assembleTasks(assembler)
  assembleFaults(assembler)
  assembleLocks(assembler)
  assembleSignals(assembler)
  assembleProfiler(assembler)
  scenario?.assemble?.(assembler)
  return assembler.link()
}

function expectInteger(name: string, value: number, low: number, high: number): void {
  if (!Number.isInteger(value) || value < low || value > high) {
    throw new RangeError(`${name} must be an integer from ${low} to ${high}, not ${value}`)
  }
}

/** @throws RangeError for a parameter that no monitor has, or a value that is no u64 */
function setParameters(engine: RvEngine, values: Readonly<Record<string, number>>): void {
  const known = engine.parameters.list()
  for (const [name, value] of Object.entries(values)) {
    const parameter = known.find((one) => `${one.module}.${one.name}` === name)
    if (parameter === undefined) {
      const names = known.map((one) => `${one.module}.${one.name}`).join(', ')
      throw new RangeError(`no monitor has a parameter ${name}; expected one of ${names || 'none'}`)
    }
    if (!Number.isSafeInteger(value) || value < 0) {
      throw new RangeError(`${name} must be an integer from 0 on, not ${value}`)
    }
    engine.parameters.set(parameter.module, parameter.name, String(value))
  }
}
