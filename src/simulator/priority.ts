import type { Machine } from './machine'
import { DEADLINE_PRIO, MAX_RT_PRIO, SCHED_DEADLINE } from './tasks'

/** Changes of a task's priority and policy, under the lock of its runqueue (kernel/sched/syscalls.c, core.c). */

/** rt_mutex_setprio(): priority inheritance gives a task an effective priority. */
export function inheritPriority(m: Machine, by: number, task: number, prio: number): void {
  m.probes.piSetprio(by, task, m.tasks.prio[task]!, prio)
  reposition(m, by, task, prio)
}

/** __sched_setscheduler() of the running task for itself, from its newPolicy and newPrio. */
export function changePolicy(m: Machine, cpu: number, task: number): void {
  const { tasks, scheduler } = m
  const policy = tasks.newPolicy[task]!
  scheduler.account(cpu)
  if (tasks.policy[task] === SCHED_DEADLINE) scheduler.deadline.leaveClass(task)
  tasks.policy[task] = policy
  tasks.normalPrio[task] = policy === SCHED_DEADLINE ? DEADLINE_PRIO : tasks.newPrio[task]!
  reposition(m, cpu, task, tasks.normalPrio[task])
  m.workload.locks.adjust(cpu, task)
  if (policy === SCHED_DEADLINE) scheduler.deadline.enterClass(cpu, task)
}

/** Puts a task where it belongs with a new effective priority, and preempts whoever has to go. */
function reposition(m: Machine, by: number, task: number, prio: number): void {
  const { tasks, scheduler } = m
  const before = tasks.prio[task]!
  const cpu = tasks.cpu[task]!
  const running = tasks.onCpu[task] !== -1
  const waits = tasks.onRq[task] === 1 && !running
  if (running) scheduler.account(cpu, by)
  if (waits) {
    if (before === DEADLINE_PRIO) scheduler.deadline.remove(cpu, task)
    else if (before < MAX_RT_PRIO) scheduler.realTime[cpu]!.remove(task, before)
    else scheduler.fair[cpu]!.remove(task)
  }
  tasks.prio[task] = prio
  const becomesFair = prio >= MAX_RT_PRIO && before < MAX_RT_PRIO
  const { minVruntime } = scheduler.fair[cpu]!
  if (becomesFair && tasks.vruntime[task]! < minVruntime) tasks.vruntime[task] = minVruntime
  if (waits) {
    scheduler.enqueue(by, cpu, task)
    if (prio < before) scheduler.checkPreempt(by, cpu, task)
  } else if (running) {
    if (becomesFair && scheduler.fair[cpu]!.size === 0) scheduler.deadline.startServer(by, cpu)
    if (prio > before && scheduler.queued(cpu) > 0) scheduler.resched(by, cpu)
  }
}
