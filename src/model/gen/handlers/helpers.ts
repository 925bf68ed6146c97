import type { CUses, Helper } from './uses'

/** C of the functions of our own, and the headers that each needs. */
const HELPERS: Readonly<Record<Helper, { readonly headers: readonly string[]; text: string }>> = {
  dl_entity_id: {
    headers: ['<linux/cpumask.h>', '<linux/sched/deadline.h>', '<trace/events/sched.h>'],
    text: `/* Number of a deadline entity: a task's pid, or that of a CPU's server, which is not above 0. */
static int dl_entity_id(struct sched_dl_entity *dl_se, int cpu, u8 type)
{
	if (type == DL_TASK || !dl_server(dl_se))
		return dl_task_of(dl_se)->pid;
	if (type == DL_SERVER_FAIR)
		return -cpu;
	if (type == DL_SERVER_EXT)
		return -cpu - (int)nr_cpu_ids;
	return -2 * (int)nr_cpu_ids;
}`
  },
  dl_server_id: {
    headers: ['<linux/cpumask.h>', '<linux/sched.h>'],
    text: `#ifdef CONFIG_SCHED_CLASS_EXT
/* Declared for the scheduler alone; its address tells which tasks the ext server runs. */
extern const struct sched_class ext_sched_class;

static bool is_ext_task(struct task_struct *task)
{
	return task->sched_class == &ext_sched_class;
}
#else
static bool is_ext_task(struct task_struct *task)
{
	return false;
}
#endif

/* Number of the deadline server that runs a task. */
static int dl_server_id(struct task_struct *task)
{
	int cpu = task_cpu(task);

	return is_ext_task(task) ? -cpu - (int)nr_cpu_ids : -cpu;
}`
  },
  syscall_policy: {
    headers: ['<linux/uaccess.h>', '<uapi/linux/sched/types.h>'],
    text: `/* The policy that a system call asks for, with the flags beside it; -1 where it asks for none. */
static int syscall_policy(long id, const unsigned long *args, s64 *sched_flags)
{
	size_t size = offsetofend(struct sched_attr, sched_flags);
	struct sched_attr attr;

	*sched_flags = -1;
	if (id == __NR_sched_setscheduler) {
		*sched_flags = 0;
		return args[1];
	}
	if (id != __NR_sched_setattr)
		return -1;
	if (copy_from_user(&attr, (void __user *)args[1], size))
		return -1;
	*sched_flags = attr.sched_flags;
	return attr.sched_policy;
}`
  }
}

/** Call before headers and system calls are read of `uses`: helpers need some of their own. */
export function helperTexts(uses: CUses): string[] {
  const used = (Object.keys(HELPERS) as Helper[]).filter((name) => uses.has(name))
  for (const name of used) uses.header(...HELPERS[name].headers)
  if (uses.has('syscall_policy')) {
    uses.constant('__NR_sched_setscheduler')
    uses.constant('__NR_sched_setattr')
  }
  return used.map((name) => HELPERS[name].text)
}

/** Numbers of system calls that an architecture lacks: each another one that no call has. */
export function missingSyscalls(uses: CUses): string[] {
  const defined = uses.syscalls.map(
    (name, i) => `#ifndef ${name}\n#define ${name} (-${FIRST_MISSING + i})\n#endif`
  )
  if (defined.length === 0) return []
  return [
    `/* Not every architecture has these system calls; none has such numbers. */\n${defined.join('\n')}`
  ]
}

/** Far from -1, which is what a tracer makes of a call that is not to happen. */
const FIRST_MISSING = 4096
