/*
 * The loop of bench/engine.ts in C: one event on one of many instances of a
 * deterministic automaton, by a table. Reads the same events from a file:
 * u32 count, u32 instances, u32 states, u32 events, i16 table[states * events],
 * u16 instance[count], u8 event[count]. Prints events per second and a sum of
 * the states that were entered.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { HANDLE_EVENT, HANDLE_START_EVENT, HANDLE_START_RUN_EVENT };
enum { IGNORED = -1, STARTED = -2, VIOLATION = -3 };

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

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

static int by_value(const void *a, const void *b)
{
	double d = *(const double *)a - *(const double *)b;

	return (d > 0) - (d < 0);
}

static void *take(FILE *file, size_t size)
{
	void *data = malloc(size);

	if (!data || fread(data, 1, size, file) != size)
		exit(1);
	return data;
}

int main(int argc, char **argv)
{
	FILE *file = argc > 1 ? fopen(argv[1], "rb") : NULL;
	double rates[7];
	uint32_t *head;
	int16_t *table, *state;
	uint16_t *instance;
	uint8_t *event;
	uint64_t sum = 0;

	if (!file)
		return 1;
	head = take(file, 4 * sizeof(*head));
	table = take(file, head[2] * head[3] * sizeof(*table));
	instance = take(file, head[0] * sizeof(*instance));
	event = take(file, head[0]);
	state = calloc(head[1], sizeof(*state));
	/* volatile: the call must not be known when the loop is compiled */
	volatile int how = HANDLE_EVENT;

	for (int run = -1; run < 7; run++) {
		double start = now(), spent;
		double done = 0;

		do {
			int call = how;

			sum = 0;
			memset(state, 0, head[1] * sizeof(*state));
			for (uint32_t i = 0; i < head[0]; i++)
				sum += step(table, head[3], state, instance[i], event[i], call);
			done += head[0];
			spent = now() - start;
		} while (spent < 0.4);
		if (run >= 0)
			rates[run] = done / spent;
	}
	qsort(rates, 7, sizeof(*rates), by_value);
	printf("%.0f %llu\n", rates[3], (unsigned long long)sum);
	return 0;
}
