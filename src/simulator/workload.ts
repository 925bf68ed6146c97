import {
  CHILD,
  COMMANDS,
  DISK,
  HOG,
  IRQ_THREAD,
  KSOFTIRQD,
  KWORKER,
  MIGRATION,
  PIPE,
  RCU,
  REAL_TIME,
  ROLES,
  SCRIPTED,
  SERVER,
  SHELL,
  SLEEPER
} from './behaviours'
import { Locks, MUTEX } from './locks'
import type { Machine } from './machine'
import type { Program } from './program'
import { RealTimeWork } from './realtime'
import { Steps } from './steps'
import { DEFAULT_PRIO } from './tasks'

const US = 1_000
const MS = 1_000_000

/** Kernel threads of a machine: three for each CPU, rcu_preempt and a threaded interrupt handler. */
export const kernelThreads = (cpus: number): number => 3 * cpus + 2

/** Children that may live at a time besides the tasks asked for. */
export const childrenAtMost = (tasks: number): number =>
  Math.ceil(tasks / ROLES.length) * ROLES.filter(({ behaviour }) => behaviour === SHELL).length

/** A task that a scenario adds: what it does at each of its steps, which count from 0. */
export interface Script {
  readonly comm: string
  /** As the kernel counts: below 100 it is SCHED_FIFO from the start. */
  readonly prio: number
  /** CPU to which it is bound, or -1. */
  readonly boundTo: number
  /** @returns the address of a routine, as Steps gives it */
  step(task: number, step: number, steps: Steps): number
}

/** The tasks of the machine and what each of them does next. */
export class Workload {
  readonly locks: Locks
  readonly realTime: RealTimeWork
  private readonly steps: Steps
  private readonly servers: number[] = []
  private readonly softirqThreads: number[] = []
  private readonly scripts = new Map<number, Script>()
  /** Inode of the files that all tasks with a disk write to. */
  private readonly inode: number
  private irqThread = -1

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
    this.steps = new Steps(m, program)
    this.locks = new Locks(m)
    this.inode = this.locks.create(MUTEX)
    this.realTime = new RealTimeWork(this.steps, this.locks)
  }

  /** Makes the kernel threads and the user tasks; all are runnable. */
  populate(userTasks: number): void {
    const { m, realTime } = this
    realTime.plan(userTasks)
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
    this.irqThread = this.spawn('irq/9-canbus', IRQ_THREAD, 49, -1)
    m.tasks.startPidsAt(Math.max(300, 4 * m.cpus + 20))
    let partner = -1
    for (let i = 1; i < userTasks; i++) {
      const role = ROLES[i % ROLES.length]!
      const round = Math.floor(i / ROLES.length)
      const alone = role.behaviour === PIPE && partner === -1 && i + 1 === userTasks
      const cpu = realTime.cpuFor(role.behaviour, round)
      // Whatever it asks for later, a program begins as SCHED_NORMAL.
      const prio = Math.max(role.prio, DEFAULT_PRIO)
      const task = this.spawn(role.comm, alone ? SLEEPER : role.behaviour, prio, cpu)
      if (role.behaviour >= REAL_TIME) realTime.joined(task, role.behaviour, round)
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

  /** A task of a scenario, runnable. */
  add(script: Script): number {
    const task = this.spawn(script.comm, SCRIPTED, script.prio, script.boundTo)
    this.scripts.set(task, script)
    return task
  }

  /** Any task that serves packets, or -1. */
  anyServer(): number {
    return this.servers[this.m.prng.below(this.servers.length)] ?? -1
  }

  /** The threaded handler of an interrupt, to be woken by its hardirq. */
  get irqHandler(): number {
    return this.irqThread
  }

  ksoftirqd(cpu: number): number {
    return this.softirqThreads[cpu] ?? -1
  }

  /** copy_process() of a shell. @returns the child, not yet runnable, or -1 where no task is free */
  fork(parent: number, cpu: number): number {
    const { tasks, probes } = this.m
    const child = this.create(tasks.commOf(parent), CHILD, tasks.normalPrio[parent]!, -1, parent)
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
    const behaviour = tasks.behaviour[task]!
    tasks.phase[task] = phase + 1
    switch (behaviour) {
      case PIPE:
        return this.pipe(task, phase)
      case HOG:
        return this.hog(task, phase)
      case DISK:
        return this.disk(task, phase)
      case SERVER:
        return this.server(task, phase)
      case SHELL:
        return this.shell(task, phase)
      case CHILD:
        return this.child(task, phase)
      case SLEEPER:
        return this.sleeper(task, phase)
      case SCRIPTED:
        // add() gives every such task its script before it runs.
        return this.scripts.get(task)!.step(task, phase, this.steps)
      default:
        return behaviour >= REAL_TIME
          ? this.realTime.next(task, behaviour, phase)
          : this.kernelThread(task, behaviour, phase)
    }
  }

  private kernelThread(task: number, behaviour: number, phase: number): number {
    const { m, steps } = this
    const { at } = steps
    switch (behaviour) {
      case KWORKER:
        return phase % 2 === 0
          ? steps.timed('kthread_idle', task, m.prng.exponential(60 * MS))
          : steps.kernelWork(task, 2, 500, 1_500)
      case RCU:
        return phase % 2 === 0
          ? steps.timed('kthread_idle', task, m.prng.between(3 * MS, 30 * MS))
          : steps.kernelWork(task, 3, 300, 700)
      case KSOFTIRQD:
        return phase % 2 === 0 ? at.kthread_wait : at.kthread_softirqs
      case IRQ_THREAD:
        return phase % 2 === 0 ? at.kthread_wait : steps.kernelWork(task, 2, 400, 1_200)
      default:
        return at.kthread_wait
    }
  }

  /** Bursts of round trips through a pair of pipes, then a pause. */
  private pipe(task: number, phase: number): number {
    const { m, steps } = this
    switch (phase) {
      case 0:
        return steps.at.pipe_read
      case 1:
        return steps.compute(task, m.prng.between(25 * US, 200 * US))
      case 2:
        // The side with the lower index makes the pauses.
        if (task < m.tasks.peer[task]! && m.prng.below(12) === 0) {
          return steps.sleep(task, m.prng.between(120 * MS, 400 * MS))
        }
        return steps.compute(task, US)
      case 3:
        return steps.give('pipe_write', task, m.tasks.peer[task]!)
      default:
        m.tasks.phase[task] = 0
        // Mostly it goes to read at once; now and then it works while the other side does.
        return steps.compute(task, m.prng.below(4) !== 0 ? m.prng.between(2 * US, 250 * US) : 600)
    }
  }

  private sleeper(task: number, phase: number): number {
    const { m, steps } = this
    switch (phase % 4) {
      case 0:
        return steps.sleep(task, 2 * MS + m.prng.exponential(50 * MS))
      case 1:
        return steps.compute(task, m.prng.between(40 * US, 600 * US))
      case 2:
        return steps.call(task, 'newfstatat', m.prng.between(2, 9), 250, 900)
      default:
        return m.prng.below(6) === 0 ? steps.at.read_to_new_page : steps.compute(task, US)
    }
  }

  private hog(task: number, phase: number): number {
    const { m, steps } = this
    if (phase % 2 === 0) return steps.compute(task, m.prng.between(1 * MS, 9 * MS))
    if (m.prng.below(40) === 0) return steps.sleep(task, m.prng.between(20 * MS, 90 * MS))
    if (m.prng.below(12) === 0) return steps.touch(task, m.prng.between(1, 8), 400)
    return steps.call(task, 'mmap', m.prng.between(1, 4), 300, 1_200)
  }

  private disk(task: number, phase: number): number {
    const { m, steps } = this
    switch (phase % 5) {
      case 0:
        return steps.compute(task, m.prng.between(50 * US, 400 * US))
      case 1:
        return steps.call(task, 'write', m.prng.between(1, 4), 300, 800)
      case 2:
        return steps.locked('mutex_section', task, this.inode, 30 * US)
      case 3:
        return steps.timed(
          'disk_request',
          task,
          m.prng.below(10) === 0
            ? m.prng.between(2 * MS, 8 * MS)
            : m.prng.between(70 * US, 300 * US)
        )
      default:
        return m.prng.below(3) === 0
          ? steps.sleep(task, m.prng.between(20 * MS, 120 * MS))
          : steps.compute(task, 5 * US)
    }
  }

  private server(task: number, phase: number): number {
    const { m, steps } = this
    switch (phase % 4) {
      case 0:
        return steps.wait(task, 'epollWait')
      case 1:
        return steps.compute(task, m.prng.between(20 * US, 250 * US))
      case 2:
        m.r1[task] = 900
        return steps.at.bottom_half_section
      default:
        return m.prng.below(5) === 0
          ? steps.timed('disk_request', task, m.prng.between(80 * US, 400 * US))
          : steps.call(task, 'write', m.prng.between(1, 3), 250, 700)
    }
  }

  private shell(task: number, phase: number): number {
    const { m, steps } = this
    switch (phase % 4) {
      case 0:
        return steps.sleep(task, m.prng.between(80 * MS, 700 * MS))
      case 1:
        return steps.at.fork
      case 2:
        // No child where the task table was full: nothing to wait for.
        return m.wakee[task] === -1 ? steps.compute(task, US) : steps.wait(task, 'wait4')
      default:
        return steps.compute(task, m.prng.between(30 * US, 200 * US))
    }
  }

  /** A copy of the shell faults in what it writes to; the program that it becomes faults in everything. */
  private child(task: number, phase: number): number {
    const { m, steps } = this
    switch (phase) {
      case 0:
        return steps.at.child_starts
      case 1:
        return steps.touch(task, 4, 2 * US)
      case 2:
        return steps.timed('disk_request', task, m.prng.between(80 * US, 900 * US))
      case 3:
        return steps.at.execve
      case 4:
        m.tasks.setComm(task, COMMANDS[m.prng.below(COMMANDS.length)]!)
        return steps.touch(task, m.prng.between(15, 60), 1_200)
      case 5:
        return steps.compute(task, m.prng.between(200 * US, 4 * MS))
      case 6:
        return steps.call(task, 'getdents64', m.prng.between(3, 12), 300, 900)
      default:
        return steps.at.exit
    }
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
      kthread: behaviour >= KWORKER && behaviour <= IRQ_THREAD
    })
    if (task === -1) return -1
    m.start(task, m.entries.taskStart)
    this.observer.created(task)
    return task
  }
}
