/*
 * The monitor sleep as a program: the same tracepoints as bench/engine-ltl.ts, by
 * way of handlers that are reached through pointers, up to a trace function that
 * is too. model.h, made from the model, has ATOM_*, ATOMS, INITIAL, the labels
 * label(state, atoms) and successors[]. Input: u32 count, u32 instances, then
 * u32 task[count], i32 a[count], i32 b[count], u8 rt[instances],
 * u8 kind[count]. Prints events per second, the sum of the sets that were
 * entered and the number of violations.
 */
#include "bench.h"
#include "model.h"

struct instance {
	uint32_t states, atoms, unknown;
};

static uint32_t *head, *task;
static int32_t *a, *b;
static uint8_t *kind, *rt;
static struct instance *instances;
static uint64_t entered, errors;

static void count_event(uint32_t id, uint32_t states, uint32_t atoms, uint32_t next)
{
	entered += next;
}

static void count_error(uint32_t id)
{
	errors++;
}

static void (*volatile trace_event)(uint32_t, uint32_t, uint32_t, uint32_t) = count_event;
static void (*volatile trace_error)(uint32_t) = count_error;

static void set(struct instance *one, int atom, int value)
{
	one->unknown &= ~(1u << atom);
	if (value)
		one->atoms |= 1u << atom;
	else
		one->atoms &= ~(1u << atom);
}

static uint32_t holding(uint32_t candidates, uint32_t atoms)
{
	uint32_t next = 0;

	for (uint32_t left = candidates; left; left &= left - 1) {
		int state = __builtin_ctz(left);

		if (label(state, atoms))
			next |= 1u << state;
	}
	return next;
}

static void validate(uint32_t id, struct instance *one)
{
	uint32_t candidates = 0, next;

	if (!one->states)
		return;
	for (uint32_t left = one->states; left; left &= left - 1)
		candidates |= successors[__builtin_ctz(left)];
	next = holding(candidates, one->atoms);
	trace_event(id, one->states, one->atoms, next);
	one->states = next;
	if (!next)
		trace_error(id);
}

static void update(uint32_t id, int atom, int value)
{
	struct instance *one = &instances[id];

	set(one, atom, value);
	set(one, ATOM_RT, rt[id]);
	if (one->states)
		validate(id, one);
	else if (!one->unknown)
		one->states = holding(INITIAL, one->atoms);
}

static void pulse(uint32_t id, int atom, int value)
{
	update(id, atom, value);
	set(&instances[id], atom, !value);
	validate(id, &instances[id]);
}

static void set_state(uint32_t id, int32_t state, int32_t unused)
{
	if (state & 1)
		pulse(id, ATOM_SLEEP, 1);
	else if (!state)
		pulse(id, ATOM_ABORT_SLEEP, 1);
}

static void sched_exit(uint32_t id, int32_t unused, int32_t unused2)
{
	pulse(id, ATOM_SCHEDULE_IN, 1);
}

static void sys_enter(uint32_t id, int32_t nr, int32_t arg1)
{
	struct instance *one = &instances[id];

	switch (nr) {
	case 230:
		set(one, ATOM_NANOSLEEP_CLOCK_REALTIME, 1);
		set(one, ATOM_NANOSLEEP_TIMER_ABSTIME, arg1 == 1);
		update(id, ATOM_CLOCK_NANOSLEEP, 1);
		break;
	case 202:
		switch (arg1 & ~(128 | 256)) {
		case 6:
		case 13:
			update(id, ATOM_FUTEX_LOCK_PI, 1);
			break;
		case 0:
		case 9:
		case 11:
			update(id, ATOM_FUTEX_WAIT, 1);
		}
		break;
	case 232:
		update(id, ATOM_EPOLL_WAIT, 1);
	}
}

static void sys_exit(uint32_t id, int32_t unused, int32_t unused2)
{
	struct instance *one = &instances[id];

	set(one, ATOM_FUTEX_LOCK_PI, 0);
	set(one, ATOM_FUTEX_WAIT, 0);
	set(one, ATOM_NANOSLEEP_CLOCK_REALTIME, 0);
	set(one, ATOM_NANOSLEEP_TIMER_ABSTIME, 0);
	set(one, ATOM_EPOLL_WAIT, 0);
	update(id, ATOM_CLOCK_NANOSLEEP, 0);
}

static void contention_begin(uint32_t id, int32_t flags, int32_t unused)
{
	if (flags & 8)
		update(id, ATOM_BLOCK_ON_RT_MUTEX, 1);
}

static void contention_end(uint32_t id, int32_t unused, int32_t unused2)
{
	update(id, ATOM_BLOCK_ON_RT_MUTEX, 0);
}

static void sched_waking(uint32_t id, int32_t unused, int32_t unused2)
{
	pulse(id, ATOM_WOKEN_BY_HARDIRQ, 1);
}

static void (*volatile handlers[])(uint32_t, int32_t, int32_t) = {
	set_state, sched_exit, sys_enter, sys_exit, contention_begin, contention_end, sched_waking
};

static void work(void)
{
	for (uint32_t id = 0; id < head[1]; id++) {
		struct instance *one = &instances[id];

		one->states = one->atoms = 0;
		one->unknown = ATOMS;
		set(one, ATOM_USER_THREAD, 1);
		set(one, ATOM_SLEEP, 0);
		set(one, ATOM_SCHEDULE_IN, 0);
		set(one, ATOM_ABORT_SLEEP, 0);
		set(one, ATOM_WOKEN_BY_EQUAL_OR_HIGHER_PRIO, 0);
		set(one, ATOM_WOKEN_BY_HARDIRQ, 0);
		set(one, ATOM_WOKEN_BY_NMI, 0);
		set(one, ATOM_RT, rt[id]);
	}
	entered = errors = 0;
	for (uint32_t i = 0; i < head[0]; i++)
		handlers[kind[i]](task[i], a[i], b[i]);
}

int main(int argc, char **argv)
{
	FILE *file = argc > 1 ? fopen(argv[1], "rb") : NULL;
	double perSecond;

	if (!file)
		return 1;
	head = take(file, 2 * sizeof(*head));
	task = take(file, head[0] * sizeof(*task));
	a = take(file, head[0] * sizeof(*a));
	b = take(file, head[0] * sizeof(*b));
	rt = take(file, head[1]);
	kind = take(file, head[0]);
	instances = calloc(head[1], sizeof(*instances));
	perSecond = rate(work, head[0]);
	printf("%.0f %llu %llu\n", perSecond, (unsigned long long)entered,
	       (unsigned long long)errors);
	return 0;
}
