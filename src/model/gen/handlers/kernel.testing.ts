/**
 * What generated code calls, as Linux 7.3 declares it: enough for a compiler to check types. It is
 * included before the model's header and behind it, as the kernel's own headers are.
 */
export const KERNEL_STUBS = `
#ifndef STUBS
#define STUBS
#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
typedef unsigned char u8; typedef unsigned int u32; typedef long long s64; typedef unsigned long long u64;
typedef int pid_t;
#define __user
#define __init
#define __maybe_unused __attribute__((unused))
#define __exit
#define IS_ENABLED(x) 1
#define ENOMEM 12
#define TICK_NSEC 1000000
#define PREEMPT_MASK 0xff
#define PF_KTHREAD 0x00200000
#define MAX_HA_ENV_LEN 1
#define offsetofend(type, member) (offsetof(type, member) + sizeof(((type *)0)->member))
#define PASTE(a, b) a##b
#define CONCATENATE(a, b) PASTE(a, b)
#define guard(kind) guard_##kind
#define scoped_guard(kind, lock) for (int once = (kind(lock), 1); once; once = 0)
#define for_each_possible_cpu(cpu) for ((cpu) = 0; (cpu) < 4; (cpu)++)
#define for_each_process_thread(g, p) for ((g) = (p) = first_task(); (g); (g) = 0)
struct sched_dl_entity { u64 dl_deadline, dl_period, dl_runtime; unsigned int dl_defer : 1; };
struct task_struct {
	int pid, prio; unsigned int policy, flags;
	struct sched_dl_entity dl, *dl_server; const struct sched_class *sched_class;
};
struct sched_attr { u32 size, sched_policy; u64 sched_flags; };
struct pt_regs; struct ha_monitor; struct da_monitor; struct irqaction; struct kernel_siginfo; struct k_sigaction; struct sched_class;
struct rv_monitor {
	const char *name, *description; bool enabled; int (*enable)(void); void (*disable)(void), (*reset)(void);
};
extern struct rv_monitor rv_sched, rv_rtapp, rv_deadline;
extern unsigned int nr_cpu_ids; extern int tasklist_lock;
int guard_rcu(void); int read_lock(int *);
struct task_struct *first_task(void), *rv_get_current(void), *find_task_by_vpid(pid_t), *dl_task_of(struct sched_dl_entity *);
bool dl_server(struct sched_dl_entity *), rt_or_dl_task(struct task_struct *), is_idle_task(const struct task_struct *);
int raw_smp_processor_id(void), irqs_disabled(void), preempt_count(void), task_cpu(const struct task_struct *);
int in_task(void), in_hardirq(void), in_nmi(void), in_serving_softirq(void);
void syscall_get_arguments(struct task_struct *, struct pt_regs *, unsigned long *);
int syscall_get_nr(struct task_struct *, struct pt_regs *);
unsigned long copy_from_user(void *, const void *, unsigned long);
unsigned long instruction_pointer(struct pt_regs *);
int rv_register_monitor(struct rv_monitor *, struct rv_monitor *); void rv_unregister_monitor(struct rv_monitor *);
enum { TASK_RUNNING, TASK_INTERRUPTIBLE, TASK_RTLOCK_WAIT = 0x1000, SCHED_DEADLINE = 6, DL_TASK = 1, DL_SERVER_FAIR, DL_SERVER_EXT,
	TIF_NEED_RESCHED = 4, CLOCK_REALTIME = 0, TIMER_ABSTIME = 1, FUTEX_WAIT = 0, FUTEX_LOCK_PI = 6, FUTEX_WAIT_BITSET = 9,
	FUTEX_WAIT_REQUEUE_PI = 11, FUTEX_LOCK_PI2 = 13, FUTEX_CMD_MASK = -385, SCHED_FLAG_KEEP_POLICY = 8,
	SCHED_RESET_ON_FORK = 0x40000000 };
#define LCB_F_RT (1U << 3)
#define module_init(f) int (*at_start)(void) = f;
#define module_exit(f) void (*at_end)(void) = f;
#define module_param(name, type, mode) u64 *name##_file = &name;
#define MODULE_LICENSE(text)
#define MODULE_AUTHOR(text)
#define MODULE_DESCRIPTION(text)
#define TP(name, ...) void check_##name(void (*)(void *, ##__VA_ARGS__));
#define rv_attach_trace_probe(monitor, tp, handler) check_##tp(handler)
#define rv_detach_trace_probe(monitor, tp, handler) check_##tp(handler)
TP(preempt_disable, unsigned long, unsigned long) TP(preempt_enable, unsigned long, unsigned long)
TP(irq_disable, unsigned long, unsigned long) TP(irq_enable, unsigned long, unsigned long)
TP(sched_switch, bool, struct task_struct *, struct task_struct *, unsigned int)
TP(sched_wakeup, struct task_struct *) TP(sched_waking, struct task_struct *)
TP(irq_handler_entry, int, struct irqaction *) TP(local_timer_entry, int) TP(irq_work_entry, int)
TP(reschedule_entry, int) TP(call_function_entry, int) TP(call_function_single_entry, int)
TP(sched_entry_tp, bool) TP(sched_exit_tp, bool) TP(sched_set_state_tp, struct task_struct *, int)
TP(sched_set_need_resched_tp, struct task_struct *, int, int) TP(task_newtask, struct task_struct *, u64)
TP(sched_process_exit, struct task_struct *, bool) TP(signal_deliver, int, struct kernel_siginfo *, struct k_sigaction *)
TP(page_fault_user, unsigned long, struct pt_regs *, unsigned long)
TP(page_fault_kernel, unsigned long, struct pt_regs *, unsigned long)
TP(contention_begin, void *, unsigned int) TP(contention_end, void *, int)
TP(sys_enter, struct pt_regs *, long) TP(sys_exit, struct pt_regs *, long)
TP(sched_dl_replenish_tp, struct sched_dl_entity *, int, u8) TP(sched_dl_throttle_tp, struct sched_dl_entity *, int, u8)
TP(sched_dl_server_stop_tp, struct sched_dl_entity *, int, u8)
#define RV_MON_GLOBAL 0
#define RV_MON_PER_CPU 1
#define RV_MON_PER_TASK 2
#define RV_MON_PER_OBJ 3
struct ltl_monitor { unsigned long states[1], atoms[1]; };
bool test_bit(int, const unsigned long *); void __set_bit(int, unsigned long *);
#define RV_MAX_BA_STATES 32
#define RV_MAX_LTL_ATOM 32
#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#elif defined(RV_MON_TYPE)
#define states CONCATENATE(states_, MONITOR_NAME)
#define events CONCATENATE(events_, MONITOR_NAME)
static struct rv_monitor rv_this;
void da_monitor_reset_all(void), da_monitor_destroy(void), ha_monitor_destroy(void);
int da_monitor_init(void), ha_monitor_init(void);
#if RV_MON_TYPE == RV_MON_PER_TASK
#define TARGET struct task_struct *,
void da_reset(struct task_struct *);
#elif RV_MON_TYPE == RV_MON_PER_OBJ
#define TARGET int, monitor_target,
void da_reset(int, monitor_target), da_create_or_get(int, monitor_target), da_destroy_storage(int);
struct da_monitor *da_create_storage(int, monitor_target, struct da_monitor *);
monitor_target ha_get_target(struct ha_monitor *);
#else
#define TARGET
#endif
void da_handle_event(TARGET enum events);
bool da_handle_start_event(TARGET enum events), da_handle_start_run_event(TARGET enum events);
#define ENV_INVALID_VALUE (~0ull)
u64 ha_get_clk_ns(struct ha_monitor *, int, u64), ha_get_clk_jiffy(struct ha_monitor *, int);
void ha_reset_clk_ns(struct ha_monitor *, int, u64), ha_reset_clk_jiffy(struct ha_monitor *, int);
bool ha_check_invariant_ns(struct ha_monitor *, int, u64, u64), ha_check_invariant_jiffy(struct ha_monitor *, int, u64, u64);
void ha_start_timer_ns(struct ha_monitor *, int, u64, u64), ha_start_timer_jiffy(struct ha_monitor *, int, u64, u64);
bool ha_cancel_timer(struct ha_monitor *), ha_monitor_env_invalid(struct ha_monitor *, int);
#else
static struct rv_monitor rv_this;
int ltl_monitor_init(void); void ltl_monitor_destroy(void);
struct ltl_monitor *ltl_get_monitor(struct task_struct *);
void ltl_atom_set(struct ltl_monitor *, enum ltl_atom, bool);
void ltl_atom_update(struct task_struct *, enum ltl_atom, bool), ltl_atom_pulse(struct task_struct *, enum ltl_atom, bool);
#endif
`
