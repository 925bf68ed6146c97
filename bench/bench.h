/* What the C programs of the bench share: reading their input, and timing. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define RUNS 7
#define RUN_SECONDS 0.4

static inline double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

static inline int by_value(const void *a, const void *b)
{
	double d = *(const double *)a - *(const double *)b;

	return (d > 0) - (d < 0);
}

static inline void *take(FILE *file, size_t size)
{
	void *data = malloc(size);

	if (!data || fread(data, 1, size, file) != size)
		exit(1);
	return data;
}

/* Runs work(), which does so many events, until the time is over; the median rate of several runs. */
static inline double rate(void (*work)(void), double events)
{
	double rates[RUNS];

	for (int run = -1; run < RUNS; run++) {
		double start = now(), spent, done = 0;

		do {
			work();
			done += events;
			spent = now() - start;
		} while (spent < RUN_SECONDS);
		if (run >= 0)
			rates[run] = done / spent;
	}
	qsort(rates, RUNS, sizeof(*rates), by_value);
	return rates[RUNS / 2];
}
