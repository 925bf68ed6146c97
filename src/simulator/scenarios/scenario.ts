import type { Machine } from '../machine'
import type { Assembler } from '../program'

/**
 * A documented fault: a mechanism in the simulated kernel that makes one monitor
 * report one kind of violation. Without a scenario the kernel and its
 * applications are correct.
 */
export interface Scenario {
  /** kebab-case, unique. */
  readonly name: string
  /** Name of the monitor that reports it, without its container. */
  readonly monitor: string
  readonly title: string
  /** One or two sentences: the mechanism, and what it violates. */
  readonly description: string
  /** Trace event that it raises, of system `rv`: `error_sleep`, `error_env_stall`. */
  readonly violation: string
  /** Tasks that install() adds at most; the table has room for them besides those asked for. */
  readonly tasks?: number
  /** Routines of the tasks that install() adds; a machine without the scenario does not have them. */
  assemble?(assembler: Assembler): void
  /** Called once, with the workload there and before the machine's first event. */
  install(machine: Machine): void
}
