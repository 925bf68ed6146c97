import {
  CHILD,
  COMMANDS,
  DISK,
  HOG,
  KSOFTIRQD,
  KWORKER,
  MIGRATION,
  PIPE,
  RCU,
  REAL_TIME,
  ROLES,
  SERVER,
  SHELL,
  SLEEPER
} from './behaviours'
import type { Machine } from './machine'
import type { Program } from './program'
import { DEFAULT_PRIO } from './tasks'

const US = 1_000
const MS = 1_000_000

/** Addresses of the routines that a task's step chooses from. */
interface Routines {
  readonly compute: number
  readonly sections: number
  readonly bottomHalf: number
  readonly pipeWrite: number
  readonly pipeRead: number
  readonly wait: number
  readonly kthreadWait: number
  readonly kthreadIdle: number
  readonly kthreadSoftirqs: number
  readonly nanosleep: number
  readonly disk: number
  readonly fork: number
  readonly exit: number
}

/** Kernel threads of a machine: three for each CPU, and rcu_preempt. */
export const kernelThreads = (cpus: number): number => 3 * cpus + 1

/** Children that may live at a time besides the tasks asked for. */
export const childrenAtMost = (tasks: number): number =>
  Math.ceil(tasks / ROLES.length) * ROLES.filter(({ behaviour }) => behaviour === SHELL).length

/** The tasks of the machine and what each of them does next. */
export class Workload {
  private readonly routines: Routines
  private readonly servers: number[] = []
  private readonly softirqThreads: number[] = []
  private period = 10 * MS

  constructor(
    private readonly m: Machine,
    program: Program,
    /** Called when a task is there, before it runs, and when it has gone. */
    private readonly observer: {
      created(task: number): void
      exited(task: number): void
      forked(parent: number, child: number): void
    }
  ) {
    this.routines = {
      compute: program.entry('compute'),
      sections: program.entry('sections'),
      bottomHalf: program.entry('bottom_half_section'),
      pipeWrite: program.entry('pipe_write'),
      pipeRead: program.entry('pipe_read'),
      wait: program.entry('wait_interruptible'),
      kthreadWait: program.entry('kthread_wait'),
      kthreadIdle: program.entry('kthread_idle'),
      kthreadSoftirqs: program.entry('kthread_softirqs'),
      nanosleep: program.entry('nanosleep'),
      disk: program.entry('disk_request'),
      fork: program.entry('fork'),
      exit: program.entry('exit')
    }
  }

  /** Makes the kernel threads and the user tasks; all are runnable. */
  populate(userTasks: number): void {
    const { m } = this
    this.period = 10 * MS * Math.ceil(userTasks / (ROLES.length * m.cpus))
    const systemd = ROLES[0]!
    m.tasks.startPidsAt(1)
    this.spawn(systemd.comm, systemd.behaviour, systemd.prio, -1)
    m.tasks.startPidsAt(15)
    this.spawn('rcu_preempt', RCU, DEFAULT_PRIO, -1)
    for (let cpu = 0; cpu < m.cpus; cpu++) {
      this.spawn(`migration/${cpu}`, MIGRATION, 0, cpu)
      this.softirqThreads.push(this.spawn(`ksoftirqd/${cpu}`, KSOFTIRQD, DEFAULT_PRIO, cpu))
      this.spawn(`kworker/${cpu}:0`, KWORKER, DEFAULT_PRIO, cpu)
    }
    m.tasks.startPidsAt(Math.max(300, 4 * m.cpus + 20))
    let partner = -1
    for (let i = 1; i < userTasks; i++) {
      const role = ROLES[i % ROLES.length]!
      const alone = role.behaviour === PIPE && partner === -1 && i + 1 === userTasks
      const task = this.spawn(role.comm, alone ? SLEEPER : role.behaviour, role.prio, -1)
      if (role.behaviour === SERVER) this.servers.push(task)
      if (role.behaviour !== PIPE || alone) continue
      if (partner === -1) {
        partner = task
        // It begins: as if it had been answered already.
        m.tasks.tokens[task] = 1
      } else {
        m.tasks.peer[task] = partner
        m.tasks.peer[partner] = task
        partner = -1
      }
    }
  }

  /** Any task that serves packets, or -1. */
  anyServer(): number {
    return this.servers[this.m.prng.below(this.servers.length)] ?? -1
  }

  ksoftirqd(cpu: number): number {
    return this.softirqThreads[cpu] ?? -1
  }

  /** copy_process() of a shell. @returns the child, not yet runnable, or -1 where no task is free */
  fork(parent: number, cpu: number): number {
    const { tasks, probes } = this.m
    const child = this.create(tasks.commOf(parent), CHILD, tasks.prio[parent]!, -1, parent)
    if (child === -1) return -1
    tasks.cpu[child] = cpu
    tasks.vruntime[child] = tasks.vruntime[parent]!
    this.observer.forked(parent, child)
    probes.newTask(cpu, child)
    probes.processFork(cpu, parent, child)
    return child
  }

  /** A dead task was switched away from for the last time. */
  released(task: number): void {
    this.observer.exited(task)
    this.m.tasks.release(task)
  }

  /** Chooses a task's next step and sets its registers. @returns the address of a routine */
  next(task: number): number {
    const { tasks } = this.m
    const phase = tasks.phase[task]!
    tasks.phase[task] = phase + 1
    switch (tasks.behaviour[task]) {
      case PIPE:
        return this.pipe(task, phase)
      case HOG:
        return this.hog(task, phase)
      case DISK:
        return this.disk(task, phase)
      case REAL_TIME:
        return this.realTime(task, phase)
      case SERVER:
        return this.server(task, phase)
      case SHELL:
        return this.shell(task, phase)
      case CHILD:
        return this.child(task, phase)
      case KWORKER:
        return phase % 2 === 0
          ? this.timed(this.routines.kthreadIdle, task, this.m.prng.exponential(60 * MS))
          : this.sections(task, 2, 500, 1_500)
      case RCU:
        return phase % 2 === 0
          ? this.timed(this.routines.kthreadIdle, task, this.m.prng.between(3 * MS, 30 * MS))
          : this.sections(task, 3, 300, 700)
      case KSOFTIRQD:
        return phase % 2 === 0 ? this.routines.kthreadWait : this.routines.kthreadSoftirqs
      case MIGRATION:
        return this.routines.kthreadWait
      default:
        return this.sleeper(task, phase)
    }
  }

  /** Bursts of round trips through a pair of pipes, then a pause. */
  private pipe(task: number, phase: number): number {
    const { m, routines } = this
    switch (phase) {
      case 0:
        return routines.pipeRead
      case 1:
        return this.compute(task, m.prng.between(25 * US, 200 * US))
      case 2:
        // The side with the lower index makes the pauses.
        if (task < m.tasks.peer[task]! && m.prng.below(12) === 0) {
          return this.timed(routines.nanosleep, task, m.prng.between(120 * MS, 400 * MS))
        }
        return this.compute(task, US)
      case 3:
        m.wakee[task] = m.tasks.peer[task]!
        return routines.pipeWrite
      default:
        m.tasks.phase[task] = 0
        // Mostly it goes to read at once; now and then it works while the other side does.
        return this.compute(task, m.prng.below(4) !== 0 ? m.prng.between(2 * US, 250 * US) : 600)
    }
  }

  private sleeper(task: number, phase: number): number {
    const { m } = this
    switch (phase % 3) {
      case 0:
        return this.timed(this.routines.nanosleep, task, 2 * MS + m.prng.exponential(50 * MS))
      case 1:
        return this.compute(task, m.prng.between(40 * US, 600 * US))
      default:
        return this.sections(task, m.prng.between(2, 9), 250, 900)
    }
  }

  private hog(task: number, phase: number): number {
    const { m } = this
    switch (phase % 2) {
      case 0:
        return this.compute(task, m.prng.between(1 * MS, 9 * MS))
      default:
        if (m.prng.below(40) === 0)
          return this.timed(this.routines.nanosleep, task, m.prng.between(20 * MS, 90 * MS))
        return this.sections(task, m.prng.between(1, 4), 300, 1_200)
    }
  }

  private disk(task: number, phase: number): number {
    const { m, routines } = this
    switch (phase % 4) {
      case 0:
        return this.compute(task, m.prng.between(50 * US, 400 * US))
      case 1:
        return this.sections(task, m.prng.between(1, 4), 300, 800)
      case 2:
        return this.timed(
          routines.disk,
          task,
          m.prng.below(10) === 0
            ? m.prng.between(2 * MS, 8 * MS)
            : m.prng.between(70 * US, 300 * US)
        )
      default:
        return m.prng.below(3) === 0
          ? this.timed(routines.nanosleep, task, m.prng.between(20 * MS, 120 * MS))
          : this.compute(task, 5 * US)
    }
  }

  /** Every 10 ms, by an absolute time; less often where so many would leave no time for others. */
  private realTime(task: number, phase: number): number {
    const { m } = this
    const period = this.period
    if (phase % 2 === 0) return this.timed(this.routines.nanosleep, task, period - (m.now % period))
    return this.compute(task, m.prng.between(15 * US, 90 * US))
  }

  private server(task: number, phase: number): number {
    const { m, routines } = this
    switch (phase % 4) {
      case 0:
        return routines.wait
      case 1:
        return this.compute(task, m.prng.between(20 * US, 250 * US))
      case 2:
        m.r1[task] = 900
        return routines.bottomHalf
      default:
        return m.prng.below(5) === 0
          ? this.timed(routines.disk, task, m.prng.between(80 * US, 400 * US))
          : this.sections(task, m.prng.between(1, 3), 250, 700)
    }
  }

  private shell(task: number, phase: number): number {
    const { m, routines } = this
    switch (phase % 4) {
      case 0:
        return this.timed(routines.nanosleep, task, m.prng.between(80 * MS, 700 * MS))
      case 1:
        return routines.fork
      case 2:
        // No child where the task table was full: nothing to wait for.
        return m.wakee[task] === -1 ? this.compute(task, US) : routines.wait
      default:
        return this.compute(task, m.prng.between(30 * US, 200 * US))
    }
  }

  private child(task: number, phase: number): number {
    const { m, routines } = this
    switch (phase) {
      case 0:
        return this.sections(task, 4, 400, 3_000)
      case 1:
        m.tasks.setComm(task, COMMANDS[m.prng.below(COMMANDS.length)]!)
        return this.timed(routines.disk, task, m.prng.between(80 * US, 900 * US))
      case 2:
        return this.compute(task, m.prng.between(200 * US, 4 * MS))
      case 3:
        return this.sections(task, m.prng.between(3, 12), 300, 900)
      default:
        return routines.exit
    }
  }

  private compute(task: number, ns: number): number {
    this.m.r0[task] = ns
    return this.routines.compute
  }

  private sections(task: number, count: number, inside: number, outside: number): number {
    const { m } = this
    m.r0[task] = count
    m.r1[task] = inside
    m.r2[task] = outside
    return this.routines.sections
  }

  private timed(routine: number, task: number, ns: number): number {
    this.m.r0[task] = Math.max(1, ns)
    return routine
  }

  private spawn(comm: string, behaviour: number, prio: number, boundTo: number): number {
    const { m } = this
    const task = this.create(comm, behaviour, prio, boundTo, -1)
    if (task === -1) throw new Error('the task table is too small')
    const cpu = boundTo === -1 ? m.prng.below(m.cpus) : boundTo
    m.tasks.cpu[task] = cpu
    m.scheduler.start(cpu, task)
    return task
  }

  private create(
    comm: string,
    behaviour: number,
    prio: number,
    boundTo: number,
    parent: number
  ): number {
    const { m } = this
    const task = m.tasks.create({
      comm,
      behaviour,
      prio,
      boundTo,
      parent,
      kthread: behaviour >= KWORKER && behaviour <= MIGRATION
    })
    if (task === -1) return -1
    m.start(task, m.entries.taskStart)
    this.observer.created(task)
    return task
  }
}
