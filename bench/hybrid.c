/*
 * The monitor stall as a program: the same tracepoints as bench/engine-ha.ts, by
 * way of handlers that are reached through pointers, up to a trace function that
 * is too. Input: u32 count, instances, limit in jiffies, step in ns; i16
 * table[3 * 4] (states and events as below); u32 task[count]; u8 kind[count].
 * Prints events per second, the sum of the states that were entered, the number
 * of violations and the sum of what the timers wait for.
 */
#include "bench.h"

enum { DEQUEUED, ENQUEUED, RUNNING };
enum { IN, PREEMPT, WAIT, WAKEUP, EVENTS };
enum { WAKES, SWITCHED_IN, PREEMPTED, WAITS };
#define TICK 1000000
#define NEVER UINT64_MAX

struct instance {
	int16_t monitoring, state;
	uint64_t epoch, expires;
};

static uint32_t *head;
static int16_t *table;
static uint32_t limit, step;
static uint8_t *kind;
static uint32_t *task;
static struct instance *instances;
static uint64_t time_ns, jiffies, entered, errors;
static volatile int monitoring_on = 1, enabled = 1;

static void count_event(int id, int state, int event, int next)
{
	entered += next;
}

static void count_error(int id, int state, int event)
{
	errors++;
}

static void (*volatile trace_event)(int, int, int, int) = count_event;
static void (*volatile trace_error)(int, int, int) = count_error;

static int constraint(struct instance *one, int state, int event, int next)
{
	if (state == ENQUEUED && (int64_t)(jiffies - limit - one->epoch) >= 0)
		return 0;
	if ((state == DEQUEUED && event == WAKEUP) || (state == RUNNING && event == PREEMPT))
		one->epoch = jiffies;
	if (next == state)
		return 1;
	if (next == ENQUEUED)
		one->expires = jiffies + limit - (one->epoch == NEVER ? 0 : jiffies - one->epoch);
	else if (state == ENQUEUED)
		one->expires = 0;
	return 1;
}

static void reset(struct instance *one)
{
	if (one->monitoring)
		one->expires = 0;
	one->monitoring = 0;
	one->state = DEQUEUED;
}

static void handle(uint32_t id, int event, int start)
{
	struct instance *one = &instances[id];
	int state, next;

	if (!monitoring_on || !enabled)
		return;
	if (!one->monitoring) {
		if (!start)
			return;
		one->state = DEQUEUED;
		one->monitoring = 1;
		one->epoch = NEVER;
		return;
	}
	state = one->state;
	next = table[state * EVENTS + event];
	if (next < 0) {
		trace_error(id, state, event);
		reset(one);
		return;
	}
	one->state = next;
	if (!constraint(one, state, event, next)) {
		trace_error(id, state, event);
		reset(one);
		return;
	}
	trace_event(id, state, event, next);
}

static void sched_switch(int preempt, uint32_t prev, uint32_t next, unsigned int state)
{
	if (!preempt && state)
		handle(prev, WAIT, 1);
	else
		handle(prev, PREEMPT, 0);
	handle(next, IN, 0);
}

static void sched_wakeup(uint32_t p)
{
	handle(p, WAKEUP, 0);
}

static void (*volatile on_switch)(int, uint32_t, uint32_t, unsigned int) = sched_switch;
static void (*volatile on_wakeup)(uint32_t) = sched_wakeup;

static void work(void)
{
	time_ns = 1000000000;
	jiffies = time_ns / TICK;
	memset(instances, 0, head[1] * sizeof(*instances));
	for (uint32_t id = 1; id < head[1]; id++)
		on_switch(0, id, 0, 1);
	entered = errors = 0;
	for (uint32_t i = 0; i < head[0]; i++) {
		time_ns += step;
		jiffies = time_ns / TICK;
		switch (kind[i]) {
		case WAKES:
			on_wakeup(task[i]);
			break;
		case SWITCHED_IN:
			on_switch(1, 0, task[i], 0);
			break;
		case PREEMPTED:
			on_switch(1, task[i], 0, 0);
			break;
		default:
			on_switch(0, task[i], 0, 1);
		}
	}
}

int main(int argc, char **argv)
{
	FILE *file = argc > 1 ? fopen(argv[1], "rb") : NULL;
	uint64_t armed = 0;
	double perSecond;

	if (!file)
		return 1;
	head = take(file, 4 * sizeof(*head));
	limit = head[2];
	step = head[3];
	table = take(file, 3 * EVENTS * sizeof(*table));
	task = take(file, head[0] * sizeof(*task));
	kind = take(file, head[0]);
	instances = calloc(head[1], sizeof(*instances));
	perSecond = rate(work, head[0]);
	for (uint32_t id = 0; id < head[1]; id++)
		armed += instances[id].expires;
	printf("%.0f %llu %llu %llu\n", perSecond, (unsigned long long)entered,
	       (unsigned long long)errors, (unsigned long long)armed);
	return 0;
}
