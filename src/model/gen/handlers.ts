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
   * What a hybrid automaton needs besides its model. By the name of an environment variable: the C
   * expression that ha_get_env() returns for it; clocks whose unit is known need none. By any other
   * name (`CONSTANT`, `MACRO()`, `parameter`, `function()`, as guards spell it, or a name of one's
   * own): its whole C definition; these are printed in the map's order before ha_get_env().
   */
  readonly environment: ReadonlyMap<string, string>
  /** Handler functions, C text without a line break at its end. */
  readonly functions: string
  /** In the order of attachment. */
  readonly probes: readonly MonitorProbe[]
  /** C statements of enable_NAME() before the probes are attached; '' for none. Lines with their tab, none at the end. */
  readonly enable: string
  /** C statements of disable_NAME() after the probes were detached; '' for none. */
  readonly disable: string
  /** LTL: body of ltl_atoms_fetch(), lines with their tab; `task` and `mon` are its arguments. */
  readonly fetch?: string
  /** LTL: body of ltl_atoms_init(), likewise; `task_creation` is its third argument. */
  readonly init?: string
  /** Lines `select …` and `depends on …` for Kconfig, without their tab. */
  readonly kconfig: readonly string[]
}

/** One tracepoint and the function that is attached to it. */
export interface MonitorProbe {
  readonly tracepoint: string
  readonly handler: string
}
