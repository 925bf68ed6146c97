import { enterKernel, jitter, locks } from './ops-syscall'
import { irqOff, irqOn } from './ops-preempt'
import { nothing, type Assembler, type Operation, type RoutineWriter } from './program'

/** Page faults: demand paging of anonymous memory, in user code and where the kernel copies to it. */

const PAGE = 4096
const HEAP = 0x7f31_c000_0000
const USER_IP = 0x55d0_40a1_1c3e
const COPY_TO_USER_IP = 0xffff_8159
/** Bits of the error code of x86: write, user. */
const FAULT_WRITE = 2
const FAULT_USER = 4

const userWork: Operation = (m, cpu) => {
  const task = m.context[cpu]!
  m.userMode[task] = 1
  const mean = m.r1[task]!
  return jitter(mean, m.prng.below(mean + 1))
}

const addressOf = (pages: number): number => HEAP + pages * PAGE

/** exc_page_fault(): an interrupt gate, hence with interrupts off. */
const userFault: Operation = (m, cpu) => {
  const task = m.context[cpu]!
  m.probes.pageFault(cpu, true, addressOf(m.r0[task]!), USER_IP, FAULT_USER | FAULT_WRITE)
  return 0
}

const kernelFault: Operation = (m, cpu) => {
  const pages = m.tasks.phase[m.context[cpu]!]!
  m.probes.pageFault(cpu, false, addressOf(pages), COPY_TO_USER_IP, FAULT_WRITE)
  return 0
}

/** Counts r0 down and jumps while it is not 0. */
export const repeat: Operation = (m, cpu, target) => {
  const context = m.context[cpu]!
  const left = m.r0[context]! - 1
  m.r0[context] = left
  if (left > 0) m.pc[context] = target
  return 0
}

/** handle_mm_fault(): a page is found, cleared and mapped. */
function handleFault(r: RoutineWriter): void {
  r.op(irqOn, 0, 60)
  r.op(nothing, 0, 420)
  locks(r, 1, 60)
}

/** A fault of kernel code: copy_to_user() to a page that is not there yet. */
export function faultInKernel(r: RoutineWriter): void {
  r.op(irqOff, 0, 70)
  r.op(kernelFault, 0, 60)
  handleFault(r)
}

export function assembleFaults(assembler: Assembler): void {
  // r0 pages are touched for the first time, with r1 ns of user code before each.
  assembler.routine('touch', (r) => {
    r.label('again')
    r.op(userWork)
    r.op(enterKernel, 0, 40)
    r.op(irqOff, 0, 30)
    r.op(userFault, 0, 60)
    handleFault(r)
    r.op(irqOff, 0, 30)
    r.op(irqOn, 0, 25)
    r.jump(repeat, 'again')
    r.ret()
  })
}
