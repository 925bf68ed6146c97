import type { Machine } from './machine'
import type { Program } from './program'
import { CALL, policyCall, type CallName } from './syscalls'
import { DEFAULT_PRIO, SCHED_DEADLINE, SCHED_FIFO, SCHED_NORMAL } from './tasks'

/** Routines that a task's step may be, see ops-task.ts, ops-lock.ts and ops-fault.ts. */
const ROUTINES = [
  'compute',
  'sections',
  'touch',
  'read_to_new_page',
  'bottom_half_section',
  'mutex_section',
  'config_read',
  'i2c_transfer',
  'pi_section',
  'futex_section',
  'pipe_write',
  'pipe_read',
  'wait_interruptible',
  'futex_wait',
  'futex_wake',
  'epoll_timer',
  'nanosleep',
  'disk_request',
  'mlockall',
  'set_policy',
  'deadline_yield',
  'fork',
  'child_starts',
  'execve',
  'exit',
  'kthread_wait',
  'kthread_idle',
  'kthread_sections',
  'kthread_softirqs'
] as const

export type RoutineName = (typeof ROUTINES)[number]

/** Registers have 32 bits. */
const LONGEST = 2_000_000_000

/** What a bus driver does with the bus once a transfer is over, in ns. */
const BUS_READ = 4_000

/** The vocabulary of behaviours: each sets a task's registers and gives the address of what it does next. */
export class Steps {
  /** Address of each routine. */
  readonly at: Readonly<Record<RoutineName, number>>

  constructor(
    readonly m: Machine,
    program: Program
  ) {
    const addresses: Partial<Record<RoutineName, number>> = {}
    for (const name of ROUTINES) addresses[name] = program.entry(name)
    this.at = { ...(addresses as Record<RoutineName, number>) }
  }

  /** User code. */
  compute(task: number, ns: number): number {
    this.m.r0[task] = Math.max(1, ns)
    return this.at.compute
  }

  /** A system call that does `count` times some work with preemption off, `inside` ns, and some with it on. */
  call(task: number, name: CallName, count: number, inside: number, outside: number): number {
    this.m.tasks.syscall[task] = CALL[name]
    this.work(task, count, inside, outside)
    return this.at.sections
  }

  /** The same in a kernel thread. */
  kernelWork(task: number, count: number, inside: number, outside: number): number {
    this.work(task, count, inside, outside)
    return this.at.kthread_sections
  }

  /** A routine that takes a time in r0. */
  timed(routine: RoutineName, task: number, ns: number): number {
    this.m.r0[task] = Math.max(1, ns)
    return this.at[routine]
  }

  /** clock_nanosleep() in one of its forms, for so many ns from now. */
  sleep(task: number, ns: number, form: CallName = 'sleepFor'): number {
    this.m.tasks.syscall[task] = CALL[form]
    return this.timed('nanosleep', task, ns)
  }

  /** clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME). */
  sleepUntil(task: number, time: number): number {
    return this.sleep(task, this.until(task, time), 'sleepUntil')
  }

  /** epoll_wait() on a timer. */
  timerEvent(task: number, time: number): number {
    return this.timed('epoll_timer', task, this.until(task, time))
  }

  /** Waits for a token in a call of the task's choice. */
  wait(task: number, form: CallName): number {
    this.m.tasks.syscall[task] = CALL[form]
    return this.at.wait_interruptible
  }

  /** Gives a token to another task. */
  give(routine: 'pipe_write' | 'futex_wake', task: number, to: number): number {
    this.m.wakee[task] = to
    return this.at[routine]
  }

  /** Work of about `ns` with a lock held. */
  locked(
    routine: 'mutex_section' | 'config_read' | 'i2c_transfer' | 'pi_section' | 'futex_section',
    task: number,
    lock: number,
    ns: number
  ): number {
    const { tasks, r0, r1 } = this.m
    tasks.lock[task] = lock
    tasks.syscall[task] = CALL.newfstatat
    r0[task] = ns
    r1[task] = routine === 'i2c_transfer' ? BUS_READ : ns
    return this.at[routine]
  }

  /** Touches pages for the first time, with about `ns` of user code before each. */
  touch(task: number, pages: number, ns: number): number {
    this.m.r0[task] = pages
    this.m.r1[task] = ns
    return this.at.touch
  }

  /** sched_setscheduler() for itself. @param prio as the kernel counts, below 100 for SCHED_FIFO */
  setPriority(task: number, prio: number): number {
    return this.policy(task, prio < 100 ? SCHED_FIFO : SCHED_NORMAL, prio)
  }

  /** sched_setattr() for itself, with the reservation that the deadline class has been told. */
  setDeadline(task: number): number {
    return this.policy(task, SCHED_DEADLINE, DEFAULT_PRIO)
  }

  /** ns until a time, or the most that a register holds: the task's step is then done once more. */
  private until(task: number, time: number): number {
    const ns = time - this.m.now
    if (ns <= LONGEST) return ns
    this.m.tasks.phase[task] = this.m.tasks.phase[task]! - 1
    return LONGEST
  }

  private policy(task: number, policy: number, prio: number): number {
    const { tasks } = this.m
    tasks.newPolicy[task] = policy
    tasks.newPrio[task] = prio
    tasks.syscall[task] = policyCall(policy)
    return this.at.set_policy
  }

  private work(task: number, count: number, inside: number, outside: number): void {
    const { r0, r1, r2 } = this.m
    r0[task] = count
    r1[task] = inside
    r2[task] = outside
  }
}
