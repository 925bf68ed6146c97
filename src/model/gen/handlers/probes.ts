import type { CValue } from './value'
import { flag, primary } from './value'

/** A tracepoint as the kernel declares it. */
export interface Probe {
  /** Parameters of a function attached to it, behind `void *data` (TP_PROTO); fields have the names of TRACEPOINTS. */
  readonly params: readonly string[]
  readonly header: string
  /** Symbols of Kconfig without which it is not there; the monitor needs them. */
  readonly depends?: readonly string[]
  /** A symbol without which it is not there, and which the monitor can do without. */
  readonly guard?: string
  /** A symbol without which it never fires. */
  readonly firesWith?: string
  /** Fields that are no parameter of that name. */
  readonly computed?: Readonly<Record<string, CValue>>
}

const SCHED = '<trace/events/sched.h>'
const IRQ = '<trace/events/irq.h>'
const LOCK = '<trace/events/lock.h>'
const CALLS = '<trace/events/syscalls.h>'

const toggle = (symbol: string): Probe => ({
  params: ['unsigned long ip', 'unsigned long parent_ip'],
  header: '<trace/events/preemptirq.h>',
  depends: [symbol]
})
const wakeup: Probe = { params: ['struct task_struct *p'], header: SCHED }
const softirq: Probe = { params: ['unsigned int vec'], header: IRQ }
const deadline: Probe = {
  params: ['struct sched_dl_entity *dl_se', 'int cpu', 'u8 type'],
  header: SCHED
}
const pageFault: Probe = {
  params: ['unsigned long address', 'struct pt_regs *regs', 'unsigned long error_code'],
  header: '<trace/events/exceptions.h>',
  depends: ['MMU', 'X86 || RISCV'],
  computed: { ip: primary('instruction_pointer(regs)', 'u64') }
}
/** Interrupts of the local APIC, which have no irq_handler_entry. */
const vector = (firesWith?: string): Probe => ({
  params: ['int vector'],
  header: '<asm/trace/irq_vectors.h>',
  guard: 'CONFIG_X86_LOCAL_APIC',
  ...(firesWith === undefined ? {} : { firesWith })
})
const lock = primary('(unsigned long)lock', 'u64')

/** Every tracepoint of TRACEPOINTS, as Linux 7.3 declares it (include/trace/events, arch/x86/include/asm/trace). */
export const PROBES: Readonly<Record<string, Probe>> = {
  preempt_disable: toggle('TRACE_PREEMPT_TOGGLE'),
  preempt_enable: toggle('TRACE_PREEMPT_TOGGLE'),
  irq_disable: toggle('TRACE_IRQFLAGS'),
  irq_enable: toggle('TRACE_IRQFLAGS'),
  sched_switch: {
    params: [
      'bool preempt',
      'struct task_struct *prev',
      'struct task_struct *next',
      'unsigned int prev_state'
    ],
    header: SCHED
  },
  sched_wakeup: wakeup,
  sched_wakeup_new: wakeup,
  sched_waking: wakeup,
  irq_handler_entry: { params: ['int irq', 'struct irqaction *action'], header: IRQ },
  irq_handler_exit: { params: ['int irq', 'struct irqaction *action', 'int ret'], header: IRQ },
  local_timer_entry: vector(),
  local_timer_exit: vector(),
  softirq_entry: softirq,
  softirq_exit: softirq,
  reschedule_entry: vector('CONFIG_SMP'),
  reschedule_exit: vector('CONFIG_SMP'),
  call_function_entry: vector('CONFIG_SMP'),
  call_function_exit: vector('CONFIG_SMP'),
  call_function_single_entry: vector('CONFIG_SMP'),
  call_function_single_exit: vector('CONFIG_SMP'),
  irq_work_entry: vector('CONFIG_IRQ_WORK'),
  irq_work_exit: vector('CONFIG_IRQ_WORK'),
  sched_entry_tp: { params: ['bool preempt'], header: SCHED },
  sched_exit_tp: { params: ['bool is_switch'], header: SCHED },
  sched_set_state_tp: { params: ['struct task_struct *tsk', 'int state'], header: SCHED },
  sched_set_need_resched_tp: {
    params: ['struct task_struct *tsk', 'int cpu', 'int tif'],
    header: SCHED
  },
  task_newtask: {
    params: ['struct task_struct *task', 'u64 clone_flags'],
    header: '<trace/events/task.h>'
  },
  sched_process_exit: { params: ['struct task_struct *p', 'bool group_dead'], header: SCHED },
  signal_deliver: {
    params: ['int sig', 'struct kernel_siginfo *info', 'struct k_sigaction *ka'],
    header: '<trace/events/signal.h>'
  },
  page_fault_user: pageFault,
  page_fault_kernel: pageFault,
  contention_begin: {
    params: ['void *lock', 'unsigned int flags'],
    header: LOCK,
    computed: { lock_addr: lock }
  },
  contention_end: {
    params: ['void *lock', 'int ret'],
    header: LOCK,
    computed: { lock_addr: lock }
  },
  sys_enter: {
    params: ['struct pt_regs *regs', 'long id'],
    header: CALLS,
    depends: ['HAVE_SYSCALL_TRACEPOINTS'],
    computed: {
      ...Object.fromEntries(
        [0, 1, 2, 3, 4, 5].map((i) => [`arg${i}`, primary(`args[${i}]`, 'u64')])
      ),
      policy: primary('policy', 'int'),
      sched_flags: primary('sched_flags', 's64')
    }
  },
  sys_exit: {
    params: ['struct pt_regs *regs', 'long ret'],
    header: CALLS,
    depends: ['HAVE_SYSCALL_TRACEPOINTS'],
    computed: { id: primary('syscall_get_nr(rv_get_current(), regs)', 'int') }
  },
  sched_dl_throttle_tp: deadline,
  sched_dl_replenish_tp: deadline,
  sched_dl_update_tp: deadline,
  sched_dl_server_start_tp: deadline,
  sched_dl_server_stop_tp: deadline
}

/** Value of an integer parameter, by its declaration. */
export function parameterValue(probe: Probe, name: string): CValue | undefined {
  const computed = probe.computed?.[name]
  if (computed !== undefined) return computed
  const declared = probe.params.find((p) => p.endsWith(` ${name}`))
  switch (declared?.slice(0, -name.length - 1)) {
    case 'bool':
      return flag(name)
    case 'u8':
      return primary(name, 'int', [0n, 255n])
    case 'int':
      return primary(name, 'int')
    case 'unsigned int':
      return primary(name, 'unsigned int')
    case 'long':
      return primary(name, 's64')
    case 'unsigned long':
    case 'u64':
      return primary(name, 'u64')
    default:
      return undefined
  }
}
