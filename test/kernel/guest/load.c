// SPDX-License-Identifier: MIT
/*
 * What the kernel's monitors watch: sleeps, wakeups, signals, locks, page faults and deadlines, as
 * a few processes of their own. Usage: load PART...
 */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MS 1000000L

static long now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000 * MS + ts.tv_nsec;
}

static void spin(long ms)
{
	for (long end = now() + ms * MS; now() < end;)
		;
}

static void pause_ms(long ms)
{
	struct timespec ts = { ms / 1000, ms % 1000 * MS };

	nanosleep(&ts, NULL);
}

static void wait_until(long at, clockid_t clock)
{
	struct timespec ts = { at / (1000 * MS), at % (1000 * MS) };

	clock_nanosleep(clock, TIMER_ABSTIME, &ts, NULL);
}

static void pin(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	sched_setaffinity(0, sizeof(set), &set);
}

static int fifo(int prio)
{
	struct sched_param param = { .sched_priority = prio };

	return sched_setscheduler(0, prio ? SCHED_FIFO : SCHED_OTHER, &param);
}

static void handler(int sig)
{
	(void)sig;
}

static void part_signals(void)
{
	pid_t child = fork();

	if (child == 0) {
		signal(SIGUSR1, handler);
		for (int i = 0; i < 10; i++)
			pause_ms(20);
		_exit(0);
	}
	pause_ms(30);
	for (int i = 0; i < 5; i++) {
		kill(child, SIGUSR1);
		pause_ms(10);
	}
	waitpid(child, NULL, 0);
}

/* A task that gets a signal before it is a real-time one, and then. */
static void part_rtsignal(void)
{
	signal(SIGUSR1, handler);
	raise(SIGUSR1);
	fifo(10);
	wait_until(now() + 5 * MS, CLOCK_MONOTONIC);
	raise(SIGUSR1);
	fifo(0);
}

/* Sets its policy again and again. */
static void part_policy(void)
{
	fifo(10);
	pause_ms(5);
	fifo(11);
	pause_ms(5);
	fifo(0);
}

/* Good and bad sleeps of a real-time task. */
static void part_rt(void)
{
	fifo(20);
	for (int i = 0; i < 10; i++) {
		wait_until(now() + 3 * MS, CLOCK_MONOTONIC);
		spin(1);
	}
	pause_ms(5);
	fifo(0);
}

static void part_faults(void)
{
	char *at;

	fifo(5);
	at = mmap(NULL, 64 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	for (int i = 0; i < 64; i++)
		at[i * 4096] = 1;
	munmap(at, 64 * 4096);
	fifo(0);
}

static pthread_mutex_t pi;

static void *contender(void *arg)
{
	pin((long)arg % 2);
	fifo(10 + (long)arg);
	for (int i = 0; i < 15; i++) {
		pthread_mutex_lock(&pi);
		spin(2);
		pthread_mutex_unlock(&pi);
		wait_until(now() + 2 * MS, CLOCK_MONOTONIC);
	}
	return NULL;
}

static void part_locks(void)
{
	pthread_mutexattr_t attr;
	pthread_t threads[4];

	pthread_mutexattr_init(&attr);
	pthread_mutexattr_setprotocol(&attr, PTHREAD_PRIO_INHERIT);
	pthread_mutex_init(&pi, &attr);
	for (long i = 0; i < 4; i++)
		pthread_create(&threads[i], NULL, contender, (void *)i);
	for (int i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
}

static void *mapper(void *arg)
{
	size_t size = 8 << 20;

	pin((long)arg);
	for (int i = 0; i < 15; i++) {
		void *at = mmap(NULL, size, PROT_READ | PROT_WRITE,
				MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);

		munmap(at, size);
	}
	return NULL;
}

/* Four threads that wait for the lock of their one address space. */
static void part_maps(void)
{
	pthread_t threads[4];

	for (long i = 0; i < 4; i++)
		pthread_create(&threads[i], NULL, mapper, (void *)i);
	for (int i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
}

static void part_epoll(void)
{
	int fds[2], epoll = epoll_create1(0);
	struct epoll_event event = { .events = EPOLLIN };
	char byte = 0;
	pid_t child;

	if (pipe(fds))
		return;
	epoll_ctl(epoll, EPOLL_CTL_ADD, fds[0], &event);
	child = fork();
	if (child == 0) {
		for (int i = 0; i < 10; i++) {
			pause_ms(3);
			if (write(fds[1], &byte, 1) < 0)
				break;
		}
		_exit(0);
	}
	fifo(15);
	for (int i = 0; i < 10; i++) {
		syscall(SYS_epoll_wait, epoll, &event, 1, 100);
		if (read(fds[0], &byte, 1) < 0)
			break;
	}
	fifo(0);
	waitpid(child, NULL, 0);
}

/* As the kernel has it (uapi/linux/sched/types.h); not every C library knows it. */
struct attributes {
	uint32_t size;
	uint32_t policy;
	uint64_t flags;
	int32_t nice;
	uint32_t priority;
	uint64_t runtime;
	uint64_t deadline;
	uint64_t period;
};

#define POLICY_DEADLINE 6

static int deadline(long runtime, long until, long period)
{
	struct attributes attr = {
		.size = sizeof(attr),
		.policy = POLICY_DEADLINE,
		.runtime = runtime * MS,
		.deadline = until * MS,
		.period = period * MS,
	};

	return syscall(SYS_sched_setattr, 0, &attr, 0);
}

/* One that keeps within its runtime, and one that is throttled. */
static void part_deadline(void)
{
	if (fork() == 0) {
		if (deadline(10, 40, 40))
			perror("sched_setattr");
		for (int i = 0; i < 8; i++) {
			spin(3);
			sched_yield();
		}
		_exit(0);
	}
	if (fork() == 0) {
		deadline(5, 20, 60);
		spin(120);
		wait_until(now() + 30 * MS, CLOCK_MONOTONIC);
		spin(30);
		fifo(0);
		pause_ms(10);
		_exit(0);
	}
	while (wait(NULL) > 0)
		;
}

/* One CPU for a real-time task that does not let go, and another task that waits. */
static void part_hog(void)
{
	pid_t child;

	pin(1);
	child = fork();
	if (child == 0) {
		for (int i = 0; i < 20; i++)
			pause_ms(10);
		_exit(0);
	}
	pause_ms(30);
	fifo(50);
	spin(250);
	fifo(0);
	waitpid(child, NULL, 0);
}

static void part_processes(void)
{
	for (int i = 0; i < 10; i++) {
		if (fork() == 0) {
			pause_ms(1);
			_exit(0);
		}
	}
	while (wait(NULL) > 0)
		;
}

static const struct {
	const char *name;
	void (*run)(void);
} parts[] = {
	{ "signals", part_signals }, { "rtsignal", part_rtsignal }, { "policy", part_policy },
	{ "rt", part_rt },	     { "faults", part_faults },	    { "locks", part_locks },
	{ "epoll", part_epoll },     { "deadline", part_deadline }, { "hog", part_hog },
	{ "processes", part_processes }, { "maps", part_maps },
};

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		for (size_t p = 0; p < sizeof(parts) / sizeof(parts[0]); p++) {
			if (strcmp(argv[i], parts[p].name))
				continue;
			if (fork() == 0) {
				parts[p].run();
				_exit(0);
			}
		}
	}
	while (wait(NULL) > 0 || errno == EINTR)
		;
	return 0;
}
