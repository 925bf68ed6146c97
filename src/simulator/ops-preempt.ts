import { PREEMPT_OFFSET } from './machine'
import type { Operation, RoutineWriter } from './program'

/**
 * Preemption and interrupts off and on, in the order of kernel/sched/core.c:
 * preempt_count_add() counts first and traces then, preempt_count_sub() traces
 * first and counts then, and only the outermost level traces. Between the two
 * steps the count and the trace disagree, and an interrupt that arrives there
 * sees it: this is where wip's known false positive comes from.
 */

/** Length in ns of the gap between the count and the trace event. */
const WINDOW = 60

const countAdd: Operation = (m, cpu, value) => {
  const count = m.preemptCount[cpu]! + value
  m.preemptCount[cpu] = count
  if (count === value) m.inPreemptWindow[cpu] = 1
  return 0
}

const traceAdd: Operation = (m, cpu, value) => {
  if (m.preemptCount[cpu] === value) m.probes.preemptDisable(cpu)
  m.inPreemptWindow[cpu] = 0
  return 0
}

const traceSub: Operation = (m, cpu, value) => {
  if (m.preemptCount[cpu] === value) {
    m.inPreemptWindow[cpu] = 1
    m.probes.preemptEnable(cpu)
  }
  return 0
}

const countSub: Operation = (m, cpu, value) => {
  m.preemptCount[cpu] = m.preemptCount[cpu]! - value
  m.inPreemptWindow[cpu] = 0
  return 0
}

/** preempt_count_add() with interrupts on: the gap is open. */
export function preemptCountAdd(r: RoutineWriter, value: number): void {
  r.op(countAdd, value, WINDOW)
  r.op(traceAdd, value, 15)
}

/** preempt_count_sub() with interrupts on. */
export function preemptCountSub(r: RoutineWriter, value: number): void {
  r.op(traceSub, value, WINDOW)
  r.op(countSub, value, 10)
}

/** preempt_count_add() where interrupts are off, hence nothing can come between: one step. */
const addClosed: Operation = (m, cpu, value) => {
  const count = m.preemptCount[cpu]! + value
  m.preemptCount[cpu] = count
  if (count === value) m.probes.preemptDisable(cpu)
  return 0
}

const subClosed: Operation = (m, cpu, value) => {
  const count = m.preemptCount[cpu]!
  if (count === value) m.probes.preemptEnable(cpu)
  m.preemptCount[cpu] = count - value
  return 0
}

/** preempt_count_add() in a place where interrupts are off. */
export function preemptCountAddIrqsOff(r: RoutineWriter, value: number, cost = 10): void {
  r.op(addClosed, value, cost)
}

/** preempt_count_sub() in a place where interrupts are off. */
export function preemptCountSubIrqsOff(r: RoutineWriter, value: number, cost = 10): void {
  r.op(subClosed, value, cost)
}

/** Goes on in preempt_schedule() where preemption is due and allowed. */
const checkResched: Operation = (m, cpu) => {
  if (m.needResched[cpu] === 1 && m.preemptCount[cpu] === 0 && m.irqsOff[cpu] === 0) {
    m.call(m.context[cpu]!, m.entries.preemptSchedule)
  }
  return 0
}

export function preemptDisable(r: RoutineWriter): void {
  preemptCountAdd(r, PREEMPT_OFFSET)
}

export function preemptEnable(r: RoutineWriter): void {
  preemptCountSub(r, PREEMPT_OFFSET)
  r.op(checkResched)
}

export const irqOff: Operation = (m, cpu) => {
  m.disableInterrupts(cpu)
  return 0
}

export const irqOn: Operation = (m, cpu) => {
  m.enableInterrupts(cpu)
  return 0
}

/** local_irq_save(): the flag before goes to a stack of bits of the context. */
const irqSave: Operation = (m, cpu) => {
  const context = m.context[cpu]!
  const off = m.irqsOff[cpu]!
  m.irqSaved[context] = (m.irqSaved[context]! << 1) | off
  if (off === 0) m.disableInterrupts(cpu)
  return 0
}

const irqRestore: Operation = (m, cpu) => {
  const context = m.context[cpu]!
  const saved = m.irqSaved[context]!
  m.irqSaved[context] = saved >> 1
  if ((saved & 1) === 0) m.enableInterrupts(cpu)
  return 0
}

/** spin_lock_irqsave() */
export function lockIrqsave(r: RoutineWriter): void {
  r.op(irqSave, 0, 12)
  preemptCountAddIrqsOff(r, PREEMPT_OFFSET, 20)
}

/** spin_unlock_irqrestore() */
export function unlockIrqrestore(r: RoutineWriter): void {
  r.op(irqRestore, 0, 12)
  preemptEnable(r)
}
