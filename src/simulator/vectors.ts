/** Interrupt vectors of a CPU; a lower one is taken first. */
export const VECTOR_TIMER = 0
export const VECTOR_CALL_FUNCTION = 1
export const VECTOR_RESCHEDULE = 2
export const VECTOR_DISK = 3
export const VECTOR_NETWORK = 4
export const VECTOR_IRQ_WORK = 5
/** smp_call_function_many(), where VECTOR_CALL_FUNCTION is smp_call_function_single(). */
export const VECTOR_CALL_FUNCTION_MANY = 6

/** Vector numbers as x86 and its trace events have them (arch/x86/include/asm/irq_vectors.h). */
export const LOCAL_TIMER_VECTOR = 236
export const IRQ_WORK_VECTOR = 246
export const RESCHEDULE_VECTOR = 253
export const CALL_FUNCTION_SINGLE_VECTOR = 251
export const CALL_FUNCTION_VECTOR = 252

/** Softirqs (include/linux/interrupt.h). */
export const SOFTIRQ_TIMER = 1
export const SOFTIRQ_NET_RX = 3
export const SOFTIRQ_SCHED = 7

/** Interrupt numbers of a CPU's queues: MSI-X vectors, one disk and one network queue per CPU. */
export const diskIrq = (cpu: number): number => 24 + cpu
export const networkIrq = (cpu: number): number => 24 + 256 + cpu
