import { HARDIRQ_MASK, SOFTIRQ_OFFSET, type Machine } from './machine'
import { AT_EVENT } from './ring-buffer'
import { EVENTS_PER_MONITOR, FIRST_MONITOR_EVENT } from './trace-events'
import type { RvMonitor } from '../engine/monitor'

/*
 * Kernel stacks as Linux 7.3 (x86-64) shows them behind events of RV. The simulated machine has no
 * functions of its own: from what it was doing, these are the functions that a kernel would have
 * been in, without what lies between a tracepoint and the entry that does not follow from its name.
 */

/** Functions that raise a tracepoint, innermost first. */
const RAISED_IN: Readonly<Record<string, readonly string[]>> = {
  sched_waking: ['try_to_wake_up'],
  sched_wakeup: ['ttwu_do_activate', 'try_to_wake_up'],
  sched_wakeup_new: ['wake_up_new_task', 'kernel_clone'],
  sched_switch: ['__schedule', 'schedule'],
  sched_entry_tp: ['__schedule', 'schedule'],
  sched_exit_tp: ['__schedule', 'schedule'],
  sched_set_state_tp: ['__trace_set_current_state'],
  sched_set_need_resched_tp: ['__resched_curr', 'resched_curr'],
  preempt_disable: ['trace_preempt_off', 'preempt_latency_start', 'preempt_count_add'],
  preempt_enable: ['trace_preempt_on', 'preempt_latency_stop', 'preempt_count_sub'],
  irq_disable: ['trace_hardirqs_off'],
  irq_enable: ['trace_hardirqs_on'],
  contention_begin: ['rt_mutex_slowlock_block'],
  contention_end: ['rt_mutex_slowlock_block'],
  page_fault_user: ['exc_page_fault', 'asm_exc_page_fault'],
  page_fault_kernel: ['exc_page_fault', 'asm_exc_page_fault'],
  signal_deliver: ['get_signal', 'arch_do_signal_or_restart'],
  sys_enter: ['syscall_trace_enter', 'do_syscall_64', 'entry_SYSCALL_64_after_hwframe'],
  sys_exit: ['syscall_exit_work', 'do_syscall_64', 'entry_SYSCALL_64_after_hwframe'],
  irq_handler_entry: ['__handle_irq_event_percpu', 'handle_irq_event', 'handle_edge_irq'],
  irq_handler_exit: ['__handle_irq_event_percpu', 'handle_irq_event', 'handle_edge_irq'],
  sched_dl_throttle_tp: ['update_curr_dl_se', 'update_curr'],
  sched_dl_replenish_tp: ['replenish_dl_entity', 'enqueue_dl_entity'],
  sched_dl_update_tp: ['update_curr_dl_se', 'update_curr'],
  sched_dl_server_start_tp: ['dl_server_start', 'enqueue_task_fair'],
  sched_dl_server_stop_tp: ['dl_server_stop', 'dequeue_entities']
}

const HARDIRQ = ['sysvec_apic_timer_interrupt', 'asm_sysvec_apic_timer_interrupt']
const SOFTIRQ = ['handle_softirqs', '__irq_exit_rcu', 'irq_exit_rcu', ...HARDIRQ]
const TIMER = ['call_timer_fn', '__run_timer_base', 'run_timer_softirq']
const SYSCALL = ['do_syscall_64', 'entry_SYSCALL_64_after_hwframe']
const KTHREAD = ['kthread', 'ret_from_fork', 'ret_from_fork_asm']
const IDLE = ['do_idle', 'cpu_startup_entry', 'start_secondary']

/**
 * The stack of a CPU at an event, innermost function first.
 * @param tracepoint the one that a monitor handles right now; undefined: none
 */
export function stackOf(
  m: Machine,
  monitors: readonly RvMonitor[],
  words: Int32Array,
  cpu: number,
  tracepoint: string | undefined
): readonly string[] {
  const monitor =
    monitors[Math.floor((words[AT_EVENT]! - FIRST_MONITOR_EVENT) / EVENTS_PER_MONITOR)]
  const kind = (words[AT_EVENT]! - FIRST_MONITOR_EVENT) % EVENTS_PER_MONITOR
  const rv = words[AT_EVENT]! < FIRST_MONITOR_EVENT ? undefined : monitor
  return [
    'trace_event_buffer_commit',
    ...(rv === undefined ? [] : ofMonitor(rv, kind, tracepoint)),
    ...(tracepoint === undefined ? [] : (RAISED_IN[tracepoint] ?? [])),
    ...contextOf(m, cpu, rv !== undefined && tracepoint === undefined)
  ]
}

function ofMonitor(monitor: RvMonitor, kind: number, tracepoint: string | undefined): string[] {
  const ltl = monitor.automaton === undefined
  const event = kind === 0 ? 'event' : kind === 1 ? 'error' : 'error_env'
  const core = ltl
    ? [`trace_event_raw_event_${event}_ltl_monitor_id`, 'ltl_validate', 'ltl_atom_update']
    : [
        `trace_event_raw_event_${event}_da_monitor${monitor.type === 'per_cpu' || monitor.type === 'global' ? '' : '_id'}`,
        tracepoint === undefined ? 'ha_monitor_timer_callback' : 'da_handle_event'
      ]
  return tracepoint === undefined
    ? core
    : [...core, `handle_${tracepoint.replace(/_tp$/, '')}`, `__do_trace_${tracepoint}`]
}

function contextOf(m: Machine, cpu: number, isTimer: boolean): readonly string[] {
  const count = m.preemptCount[cpu]!
  const { tasks } = m
  const task = m.current[cpu]!
  const below = tasks.isIdle(task) ? IDLE : tasks.kthread[task] === 1 ? KTHREAD : SYSCALL
  if ((count & HARDIRQ_MASK) !== 0) return [...HARDIRQ, ...below]
  if ((count & SOFTIRQ_OFFSET) !== 0) return [...(isTimer ? TIMER : []), ...SOFTIRQ, ...below]
  return isTimer ? ['hrtimer_interrupt', ...HARDIRQ, ...below] : below
}

/** Where the functions would be in a kernel's text, for records in binary: 16 bytes each. */
const TEXT_START = 0xffff_ffff_8100_0000n
const addresses = new Map<string, bigint>()

/** An address that stands for a function. */
export function addressOf(name: string): bigint {
  let address = addresses.get(name)
  if (address === undefined) {
    address = TEXT_START + 16n * BigInt(addresses.size)
    addresses.set(name, address)
  }
  return address
}
