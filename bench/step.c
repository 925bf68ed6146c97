/*
 * The loop of bench/engine-da.ts in C: one event on one of many instances of a
 * deterministic automaton, by a table. Reads the same events from a file:
 * u32 count, u32 instances, u32 states, u32 events, i16 table[states * events]
 * (padded to 4 bytes), u32 instance[count], u8 event[count]. Prints events per
 * second and a sum of the states that were entered.
 */
#include "bench.h"

enum { HANDLE_EVENT, HANDLE_START_EVENT, HANDLE_START_RUN_EVENT };
enum { IGNORED = -1, STARTED = -2, VIOLATION = -3 };

static uint32_t *head, *instance;
static int16_t *table, *state;
static uint8_t *event;
static uint64_t sum;
/* volatile: the call must not be known when the loop is compiled */
static volatile int how = HANDLE_EVENT;

static int step(const int16_t *table, int events, int16_t *state, int instance, int event, int call)
{
	int current = state[instance];
	int next;

	if (current < 0) {
		if (call == HANDLE_EVENT)
			return IGNORED;
		state[instance] = current = 0;
		if (call == HANDLE_START_EVENT)
			return STARTED;
	}
	next = table[current * events + event];
	if (next < 0)
		return VIOLATION;
	state[instance] = next;
	return next;
}

static void work(void)
{
	const int16_t *t = table;
	int16_t *s = state;
	const uint32_t *who = instance, count = head[0];
	const uint8_t *what = event;
	int call = how, events = head[3];
	uint64_t entered = 0;

	memset(s, 0, head[1] * sizeof(*s));
	for (uint32_t i = 0; i < count; i++)
		entered += step(t, events, s, who[i], what[i], call);
	sum = entered;
}

int main(int argc, char **argv)
{
	FILE *file = argc > 1 ? fopen(argv[1], "rb") : NULL;
	double perSecond;

	if (!file)
		return 1;
	head = take(file, 4 * sizeof(*head));
	table = take(file, (head[2] * head[3] * sizeof(*table) + 3) & ~3);
	instance = take(file, head[0] * sizeof(*instance));
	event = take(file, head[0]);
	state = calloc(head[1], sizeof(*state));
	perSecond = rate(work, head[0]);
	printf("%.0f %llu\n", perSecond, (unsigned long long)sum);
	return 0;
}
