import { HALT, jump, nothing, type Assembler, type Operation } from './program'
import { PREEMPT_OFFSET } from './machine'
import { deliverSignal } from './ops-signal'
import { setState } from './ops-syscall'
import { TASK_INTERRUPTIBLE } from './tasks'
import {
  irqOff,
  irqOn,
  preemptCountAdd,
  preemptCountAddIrqsOff,
  preemptCountSub,
  preemptCountSubIrqsOff
} from './ops-preempt'

const scheduleEntry: Operation = (m, cpu, preempt) => {
  m.scheduler.preempting[cpu] = preempt
  m.probes.schedEntry(cpu, preempt)
  return 0
}

const scheduleIrqOff: Operation = (m, cpu) => {
  m.disableInterrupts(cpu)
  if (m.current[cpu] === m.faults.enablesPreemptionInSchedule) {
    m.probes.preemptEnable(cpu)
    m.probes.preemptDisable(cpu)
  }
  return 0
}

const deactivate: Operation = (m, cpu) => {
  m.scheduler.deactivate(cpu)
  return 0
}

/** Costs of a real switch: registers, page tables, cold caches. */
const SWITCH = 900

const pickAndSwitch: Operation = (m, cpu) => {
  const switched = m.scheduler.pickAndSwitch(cpu)
  // From here on it is the next task's context, which left at this very place or starts anew.
  m.switched[m.context[cpu]!] = switched
  return switched === 1 ? SWITCH : 0
}

const scheduleExit: Operation = (m, cpu) => {
  const task = m.context[cpu]!
  if (task === m.faults.setsStateInSchedule && m.tasks.done[task] === 1) {
    setState(m, cpu, TASK_INTERRUPTIBLE)
  }
  m.probes.schedExit(cpu, m.switched[task]!)
  return 0
}

const whileNeedResched: Operation = (m, cpu, target) => {
  if (m.needResched[cpu] === 1) m.pc[m.context[cpu]!] = target
  return 0
}

const whileWorkForExit: Operation = (m, cpu, target) => {
  const task = m.context[cpu]!
  if (m.needResched[cpu] === 1 || m.tasks.pendingSignals[task] !== 0) m.pc[task] = target
  return 0
}

const unlessNeedResched: Operation = (m, cpu, target) => {
  if (m.needResched[cpu] === 0) m.pc[m.context[cpu]!] = target
  return 0
}

const halt: Operation = (m, cpu) => {
  m.enableInterrupts(cpu)
  return HALT
}

/** irqentry_exit(): back to what was interrupted. */
const resumeFromIrq: Operation = (m, cpu) => {
  m.enableInterrupts(cpu)
  return m.resume(cpu)
}

/** A task that has no routine of its own does what the workload has for it. It never returns. */
const startMain: Operation = (m, cpu) => {
  const task = m.context[cpu]!
  const main = m.main[task]!
  m.call(task, main === 0 ? m.entries.taskMain : main)
  return 0
}

export function assembleSchedule(assembler: Assembler): void {
  for (const [name, preempt] of [
    ['__schedule', 0],
    ['__schedule_preempt', 1]
  ] as const) {
    // Preemption is off.
    assembler.routine(name, (r) => {
      // Interrupts are still on: what arrives here, sts takes for the switch.
      r.op(scheduleEntry, preempt, 120)
      r.op(scheduleIrqOff, 0, 25)
      preemptCountAddIrqsOff(r, PREEMPT_OFFSET, 60)
      // update_rq_clock(), then the state is read.
      r.op(nothing, 0, 110)
      r.op(deactivate, 0, 60)
      r.op(pickAndSwitch, 0, 90)
      preemptCountSubIrqsOff(r, PREEMPT_OFFSET, 40)
      r.op(irqOn, 0, 25)
      r.op(scheduleExit, 0, 15)
      r.ret()
    })
  }
  assembler.routine('schedule', (r) => {
    // sched_submit_work(): flushes plugged I/O before the task sleeps.
    r.op(nothing, 0, 160)
    r.label('again')
    preemptCountAdd(r, PREEMPT_OFFSET)
    r.call('__schedule')
    preemptCountSub(r, PREEMPT_OFFSET)
    r.jump(whileNeedResched, 'again')
    r.ret()
  })
  // preempt_enable() with a better task waiting.
  assembler.routine('preempt_schedule', (r) => {
    r.label('again')
    preemptCountAdd(r, PREEMPT_OFFSET)
    r.call('__schedule_preempt')
    preemptCountSub(r, PREEMPT_OFFSET)
    r.jump(whileNeedResched, 'again')
    r.ret()
  })
  // An interrupt of kernel code finds preemption due: interrupts are off.
  assembler.routine('preempt_schedule_irq', (r) => {
    r.label('again')
    preemptCountAddIrqsOff(r, PREEMPT_OFFSET, 20)
    r.op(irqOn, 0, 15)
    r.call('__schedule_preempt')
    r.op(irqOff, 0, 15)
    preemptCountSubIrqsOff(r, PREEMPT_OFFSET, 15)
    r.jump(whileNeedResched, 'again')
    r.op(resumeFromIrq)
  })
  // An interrupt of user code finds it, or a signal: an ordinary schedule() on the way out.
  assembler.routine('exit_to_user_mode', (r) => {
    r.label('again')
    r.op(irqOn, 0, 30)
    r.jump(unlessNeedResched, 'signals')
    r.call('schedule')
    r.label('signals')
    r.op(deliverSignal)
    r.op(irqOff, 0, 20)
    r.jump(whileWorkForExit, 'again')
    r.op(resumeFromIrq)
  })
  // schedule_tail() of a new task: it was switched to with the runqueue locked.
  assembler.routine('ret_from_fork', (r) => {
    preemptCountSubIrqsOff(r, PREEMPT_OFFSET, 40)
    r.op(irqOn, 0, 30)
    r.op(scheduleExit, 0, 20)
    preemptCountSub(r, PREEMPT_OFFSET)
    r.op(startMain)
  })
  // do_idle(): preemption is off all the time.
  assembler.routine('idle', (r) => {
    r.label('again')
    r.op(irqOff, 0, 40)
    r.jump(unlessNeedResched, 'sleep', 20)
    r.op(irqOn, 0, 20)
    r.call('__schedule')
    r.jump(jump, 'again', 60)
    r.label('sleep')
    r.op(halt)
    r.jump(jump, 'again', 60)
  })
}
