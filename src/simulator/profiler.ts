import type { Machine } from './machine'
import { preemptDisable, preemptEnable } from './ops-preempt'
import { locks, sleepUntilDone, systemCall, waitEvent } from './ops-syscall'
import { jump, nothing, type Assembler, type Operation } from './program'
import { CALL } from './syscalls'
import { TASK_INTERRUPTIBLE, TASK_SLEEPING } from './tasks'
import { addThread } from './threads'
import { TIMER_HIGH_RESOLUTION } from './devices'
import { VECTOR_CALL_FUNCTION_MANY } from './vectors'

const MS = 1_000_000
/** How often it looks whether every CPU has done what it was asked. */
const SPIN = 80

/**
 * `perf record`: NMIs of each CPU take samples, irq_work wakes it to write them
 * to a file. Now and then it starts and stops counters, for which the kernel
 * patches its own code and asks every CPU to synchronise.
 */
export class Profiler {
  /** The task. */
  readonly task: number
  private unanswered = 0

  constructor(private readonly m: Machine) {
    const user = { prio: 120, kthread: false, boundTo: -1 }
    this.task = addThread(m, { ...user, comm: 'perf', main: 'perf_record' })
    addThread(m, { ...user, comm: 'perf', main: 'perf_control' })
  }

  /** smp_call_function_many() to every other CPU. */
  callOthers(cpu: number): void {
    const { m } = this
    this.unanswered = m.cpus - 1
    for (let other = 0; other < m.cpus; other++) {
      if (other !== cpu) m.devices.sendIpi(other, VECTOR_CALL_FUNCTION_MANY)
    }
  }

  /** A CPU has run the function. */
  callDone(): void {
    this.unanswered--
  }

  get waits(): boolean {
    return this.unanswered > 0
  }
}

/** Tasks that it makes. */
export const PROFILER_TASKS = 2

const callOthers: Operation = (m, cpu) => {
  m.profiler.callOthers(cpu)
  return 0
}

const awaitOthers: Operation = (m, cpu) => {
  if (!m.profiler.waits) return 0
  const task = m.context[cpu]!
  m.pc[task] = m.pc[task]! - 1
  return SPIN
}

const userCode: Operation = (m, cpu, mean) => {
  m.userMode[m.context[cpu]!] = 1
  return (mean >> 1) + m.prng.below(mean)
}

const chooseSleep: Operation = (m, cpu) => {
  m.r0[m.context[cpu]!] = m.prng.between(60 * MS, 240 * MS)
  return 0
}

export function assembleProfiler(assembler: Assembler): void {
  assembler.routine('perf_record', (r) => {
    r.label('again')
    r.call('perf_poll')
    r.op(userCode, 30_000)
    r.jump(jump, 'again')
  })
  systemCall(assembler, 'perf_poll', CALL.poll, (r) => {
    waitEvent(r, TASK_INTERRUPTIBLE)
    locks(r, 1, 70)
  })
  assembler.routine('perf_control', (r) => {
    r.label('again')
    r.op(userCode, 12_000)
    r.op(chooseSleep)
    r.call('perf_sleep')
    r.call('perf_ioctl')
    r.jump(jump, 'again')
  })
  systemCall(assembler, 'perf_sleep', CALL.sleepFor, (r) =>
    sleepUntilDone(r, TASK_SLEEPING, TIMER_HIGH_RESOLUTION)
  )
  // PERF_EVENT_IOC_ENABLE: a static key is switched, text_poke_sync() after it.
  systemCall(assembler, 'perf_ioctl', CALL.perfEnable, (r) => {
    locks(r, 2, 180)
    preemptDisable(r)
    r.op(callOthers, 0, 200)
    r.op(awaitOthers)
    preemptEnable(r)
    r.op(nothing, 0, 300)
  })
}
