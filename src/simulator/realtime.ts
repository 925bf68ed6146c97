import {
  AUDIO,
  BATCH,
  CAMERA,
  CONTROL,
  CYCLIC,
  EVENT_LOOP,
  FOLLOWER,
  PANEL,
  REAL_TIME,
  ROLES
} from './behaviours'
import { PI_FUTEX, MUTEX, RT_MUTEX, type Locks } from './locks'
import type { Steps } from './steps'
import { DEFAULT_PRIO } from './tasks'

const US = 1_000
const MS = 1_000_000

/**
 * The cycle of an application; each of its tasks has a slot in it, away from
 * every CPU's tick. All that wait for a CPU at a tick are done before the next
 * slot begins: none is preempted on its way to sleep.
 */
const FRAME = 10 * MS
const SLOT = 345 * US
const SLOT_OF: Readonly<Record<number, number>> = {
  [CONTROL]: SLOT,
  [CYCLIC]: SLOT + 2 * MS,
  [EVENT_LOOP]: SLOT + 4 * MS,
  [AUDIO]: SLOT + 6 * MS,
  [CAMERA]: SLOT + 7 * MS,
  [BATCH]: SLOT + 8 * MS,
  [FOLLOWER]: SLOT + 9 * MS
}
/** How late in its slot a task may begin. */
const PUNCTUAL = 120 * US
/** When all tasks of an application set themselves up anew, and when its batch job begins. */
const SETUP_PERIOD = 3_000 * MS
const SETUP_SLOT = SLOT + 5 * MS
const BATCH_PERIOD = 6_000 * MS
const BATCH_START = 3_500 * MS
const BATCH_LENGTH = 1_150 * MS

// A tick's overrun is paid back within one period: the runtime is longer than a tick.
const AUDIO_PERIOD = 4 * FRAME
const AUDIO_RUNTIME = 5 * MS
const CAMERA_PERIOD = 4 * FRAME
const CAMERA_DEADLINE = 15 * MS
const CAMERA_RUNTIME = 3 * MS

/** Tasks that work together: one round of ROLES. */
interface Application {
  readonly cpu: number
  /** Of its cycle: later than that of an application before it on the same CPU. */
  readonly offset: number
  readonly state: number
  readonly bus: number
  readonly configuration: number
  follower: number
  /** Whether the bus is used in this cycle. */
  transfer: boolean
}

/** Steps of a setup, before a task does its work. */
const SETUP = 7

/**
 * Real-time applications as they should be: each task faults its memory in and
 * locks it while it is still SCHED_NORMAL, then asks for its policy. It sleeps
 * in clock_nanosleep() with an absolute monotonic time, in a futex that an equal
 * or higher one wakes, or in epoll_wait() on a timer. What it shares with lower
 * ones has priority inheritance. An application has one CPU to itself as far as
 * real time goes, to which no network queue interrupts. A machine of one CPU has
 * no such place: there a timer's hardirq comes now and then while a softirq is
 * served, and in_serving_softirq() makes the monitor wakeup take it for one, as
 * on the real kernel.
 */
export class RealTimeWork {
  private readonly applications: Application[] = []
  /** Application of a task. */
  private readonly of = new Map<number, Application>()
  private readonly nextSetup = new Map<number, number>()
  private readonly cpus: number
  private applicationsPerCpu = 1

  constructor(
    private readonly steps: Steps,
    private readonly locks: Locks
  ) {
    const { cpus } = steps.m
    this.cpus = cpus === 1 ? 1 : Math.max(1, cpus >> 2)
  }

  /** So many user tasks will be there. */
  plan(userTasks: number): void {
    this.applicationsPerCpu = Math.max(1, Math.ceil(userTasks / (ROLES.length * this.cpus)))
  }

  /** Whether a CPU is one that real-time applications have for themselves. */
  isolated(cpu: number): boolean {
    return this.steps.m.cpus > 1 && this.applications.some((one) => one.cpu === cpu)
  }

  /** CPU that a member of the application of this round is bound to, or -1. */
  cpuFor(behaviour: number, round: number): number {
    return behaviour >= REAL_TIME && behaviour !== PANEL ? this.application(round).cpu : -1
  }

  /** A task is there and belongs to the application of this round. */
  joined(task: number, behaviour: number, round: number): void {
    const application = this.application(round)
    this.of.set(task, application)
    if (behaviour === FOLLOWER) application.follower = task
    const { deadline } = this.steps.m.scheduler
    const stretch = this.applicationsPerCpu
    if (behaviour === AUDIO) {
      const period = AUDIO_PERIOD * stretch
      deadline.reserve(task, { runtime: AUDIO_RUNTIME, deadline: period, period })
    }
    if (behaviour === CAMERA) {
      deadline.reserve(task, {
        runtime: CAMERA_RUNTIME,
        deadline: CAMERA_DEADLINE * stretch,
        period: CAMERA_PERIOD * stretch
      })
    }
  }

  next(task: number, behaviour: number, phase: number): number {
    const application = this.of.get(task)
    if (application === undefined) throw new Error('a real-time task belongs to no application')
    if (behaviour === PANEL) return this.panel(task, phase, application)
    if (phase < SETUP) return this.setUp(task, behaviour, phase, application)
    switch (behaviour) {
      case CONTROL:
        return this.control(task, phase - SETUP, application)
      case FOLLOWER:
        return this.follow(task, phase - SETUP, application)
      case EVENT_LOOP:
        return this.eventLoop(task, phase - SETUP, application)
      case AUDIO:
        return this.audio(task, phase - SETUP, application)
      case CAMERA:
        return this.camera(task, phase - SETUP, application)
      case BATCH:
        return this.batch(task, phase - SETUP, application)
      default:
        return this.cyclic(task, phase - SETUP, application)
    }
  }

  /** A round is over: the next one, or a new setup when it is time for that. */
  private again(task: number): void {
    const { tasks, now } = this.steps.m
    const due = now >= (this.nextSetup.get(task) ?? 0) - this.cycle
    tasks.phase[task] = due ? 0 : SETUP
  }

  private get cycle(): number {
    return FRAME * this.applicationsPerCpu
  }

  private application(round: number): Application {
    const { applications, locks } = this
    for (let index = applications.length; index <= round; index++) {
      applications.push({
        cpu: this.steps.m.cpus - 1 - (index % this.cpus),
        offset: FRAME * Math.floor(index / this.cpus),
        state: locks.create(PI_FUTEX),
        bus: locks.create(RT_MUTEX),
        configuration: locks.create(MUTEX),
        follower: -1,
        transfer: false
      })
    }
    return applications[round]!
  }

  /** The next moment of a period at a phase, at least a little away. */
  private nextAt(period: number, phase: number): number {
    const soon = this.steps.m.now + 20 * US
    return (Math.floor((soon - phase) / period) + 1) * period + phase
  }

  private slot(behaviour: number, { offset }: Application, period: number): number {
    return this.nextAt(period, offset + (SLOT_OF[behaviour] ?? SLOT))
  }

  /** Waits for the others, and then again as SCHED_NORMAL: memory, configuration, mlockall(), policy. */
  private setUp(task: number, behaviour: number, phase: number, application: Application): number {
    const { steps } = this
    const { m } = steps
    const period = SETUP_PERIOD * this.applicationsPerCpu
    switch (phase) {
      case 0: {
        const due = this.nextSetup.get(task)
        const at = this.nextAt(period, application.offset + SETUP_SLOT)
        this.nextSetup.set(task, due === undefined || due <= m.now ? at : due + period)
        return due === undefined || due <= m.now
          ? steps.compute(task, US)
          : steps.sleepUntil(task, due)
      }
      case 1:
        return steps.setPriority(task, DEFAULT_PRIO)
      case 2:
        return steps.touch(task, m.prng.between(12, 30), 800)
      case 3:
        return steps.locked('config_read', task, application.configuration, 180 * US)
      case 4:
        return steps.at.mlockall
      case 5:
        return steps.sleepUntil(task, this.slot(behaviour, application, this.periodOf(behaviour)))
      default:
        return this.begin(task, behaviour, application)
    }
  }

  /** Asks for its policy in its own slot, and is at its work at once; where it comes too late it waits for the next one. */
  private begin(task: number, behaviour: number, application: Application): number {
    const { steps } = this
    const { tasks, now } = steps.m
    const period = this.periodOf(behaviour)
    const late = now - (this.slot(behaviour, application, period) - period)
    if (late > PUNCTUAL) {
      tasks.phase[task] = SETUP - 2
      return steps.compute(task, US)
    }
    if (behaviour !== FOLLOWER && behaviour !== BATCH) tasks.phase[task] = SETUP + 1
    return this.hasDeadline(behaviour)
      ? steps.setDeadline(task)
      : steps.setPriority(task, this.prioOf(behaviour))
  }

  private hasDeadline(behaviour: number): boolean {
    return behaviour === AUDIO || behaviour === CAMERA
  }

  private periodOf(behaviour: number): number {
    if (behaviour === AUDIO) return AUDIO_PERIOD * this.applicationsPerCpu
    return behaviour === CAMERA ? CAMERA_PERIOD * this.applicationsPerCpu : this.cycle
  }

  private prioOf(behaviour: number): number {
    return ROLES.find((role) => role.behaviour === behaviour)?.prio ?? DEFAULT_PRIO
  }

  private cyclic(task: number, step: number, application: Application): number {
    const { steps } = this
    if (step === 0) return steps.sleepUntil(task, this.slot(CYCLIC, application, this.cycle))
    this.again(task)
    return steps.compute(task, steps.m.prng.between(10 * US, 40 * US))
  }

  /** Shares its state with the panel, starts the follower, and has a bus in common with both. */
  private control(task: number, step: number, application: Application): number {
    const { steps } = this
    const { prng } = steps.m
    switch (step) {
      case 0:
        return steps.sleepUntil(task, this.slot(CONTROL, application, this.cycle))
      case 1:
        return steps.locked('pi_section', task, application.state, 8 * US)
      case 2:
        return steps.compute(task, prng.between(10 * US, 30 * US))
      case 3:
        application.transfer = prng.below(3) === 0
        return application.follower === -1
          ? steps.compute(task, US)
          : steps.give('futex_wake', task, application.follower)
      default:
        this.again(task)
        // The follower comes for the bus while it is still in use, and has to wait.
        return application.transfer
          ? steps.locked('i2c_transfer', task, application.bus, 90 * US)
          : steps.compute(task, US)
    }
  }

  private follow(task: number, step: number, application: Application): number {
    const { steps } = this
    switch (step) {
      case 0:
        return steps.at.futex_wait
      case 1:
        return steps.compute(task, steps.m.prng.between(10 * US, 40 * US))
      default:
        this.again(task)
        return application.transfer
          ? steps.locked('i2c_transfer', task, application.bus, 20 * US)
          : steps.compute(task, US)
    }
  }

  private eventLoop(task: number, step: number, application: Application): number {
    const { steps } = this
    switch (step) {
      case 0:
        return steps.timerEvent(task, this.slot(EVENT_LOOP, application, this.cycle))
      case 1:
        return steps.compute(task, steps.m.prng.between(10 * US, 30 * US))
      default:
        this.again(task)
        return steps.call(task, 'write', 2, 300, 500)
    }
  }

  /** Sleeps between its periods; now and then it needs more than it has and is throttled. */
  private audio(task: number, step: number, application: Application): number {
    const { steps } = this
    const { prng } = steps.m
    const period = this.periodOf(AUDIO)
    if (step === 0) return steps.sleepUntil(task, this.slot(AUDIO, application, period))
    this.again(task)
    return steps.compute(
      task,
      prng.below(25) === 0 ? AUDIO_RUNTIME + 6 * MS : prng.between(200 * US, 900 * US)
    )
  }

  /** Its deadline is earlier than its period. Mostly it yields; when it sleeps it can be woken between the two. */
  private camera(task: number, step: number, application: Application): number {
    const { steps } = this
    const { prng, now } = steps.m
    const period = this.periodOf(CAMERA)
    switch (step) {
      case 0:
        return steps.sleepUntil(task, this.slot(CAMERA, application, period))
      case 1:
        return steps.compute(task, prng.between(300 * US, 1_200 * US))
      case 2:
        return prng.below(4) === 0
          ? steps.sleepUntil(task, now + CAMERA_DEADLINE * this.applicationsPerCpu + 2 * MS)
          : steps.at.deadline_yield
      default:
        this.again(task)
        return steps.compute(task, prng.between(100 * US, 400 * US))
    }
  }

  /** Computes for more than a second at the lowest real-time priority: fair tasks of its CPU have their server meanwhile. */
  private batch(task: number, step: number, application: Application): number {
    const { steps } = this
    const { now } = steps.m
    const period = BATCH_PERIOD * this.applicationsPerCpu
    const phase = BATCH_START + application.offset + (SLOT_OF[BATCH] ?? 0)
    if (step === 0) return steps.sleepUntil(task, this.nextAt(period, phase))
    const left = BATCH_LENGTH - ((now - phase) % period)
    if (left <= 0) {
      this.again(task)
      return steps.compute(task, US)
    }
    return steps.compute(task, Math.min(left, 5 * MS))
  }

  /** What an operator sees: it shares a lock and the bus with the controller. */
  private panel(task: number, phase: number, application: Application): number {
    const { steps } = this
    const { tasks, prng } = steps.m
    switch (phase) {
      case 0:
        return steps.sleep(task, prng.between(2 * MS, 14 * MS))
      case 1:
        return steps.locked('pi_section', task, application.state, 260 * US)
      case 2:
        return steps.compute(task, prng.between(50 * US, 400 * US))
      case 3:
        return steps.locked('i2c_transfer', task, application.bus, 240 * US)
      case 4:
        return prng.below(20) === 0
          ? steps.touch(task, prng.between(1, 6), 2 * US)
          : steps.compute(task, US)
      default:
        tasks.phase[task] = 0
        return steps.call(task, 'write', 3, 400, 900)
    }
  }
}
