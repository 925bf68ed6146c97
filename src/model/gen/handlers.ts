/**
 * What the instrumentation beside a model adds to NAME.c. Without it the generated file is a skeleton
 * with XXX marks; with it the monitor is complete.
 */
export interface MonitorHandlers {
  /** Headers for NAME.c besides those of every monitor, such as `<trace/events/sched.h>`, sorted. */
  readonly includes: readonly string[]
  /**
   * Lines before `#include <rv/da_monitor.h>`: definitions that it reads, such as HA_TIMER_TYPE,
   * DA_SKIP_AUTO_ALLOC or the typedef of monitor_target.
   */
  readonly before: string
  /**
   * Environment getters, constants and parameters of a hybrid automaton: the C text that replaces a
   * placeholder, by the placeholder's name in NAME.h (`CONSTANT`, `parameter`, `call()`, `env`).
   */
  readonly environment: ReadonlyMap<string, string>
  /** Handler functions, C text. */
  readonly functions: string
  /** In the order of attachment. */
  readonly probes: readonly MonitorProbe[]
  /** C statements of enable_NAME() before the probes are attached; '' for none. */
  readonly enable: string
  /** C statements of disable_NAME() after the probes were detached; '' for none. */
  readonly disable: string
  /** LTL: body of ltl_atoms_fetch(). */
  readonly fetch?: string
  /** LTL: body of ltl_atoms_init(). */
  readonly init?: string
  /** Lines `select …` and `depends on …` for Kconfig. */
  readonly kconfig: readonly string[]
}

/** One tracepoint and the function that is attached to it. */
export interface MonitorProbe {
  readonly tracepoint: string
  readonly handler: string
}
