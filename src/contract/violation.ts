import { z } from 'zod'

/* A violation, and what led to it. */

/** One transition of the instance that led to a violation. */
export const violationStep = z.strictObject({
  sec: z.int(),
  nsec: z.int(),
  cpu: z.int(),
  from: z.string(),
  event: z.string(),
  to: z.string()
})
export type ViolationStep = z.infer<typeof violationStep>

/** One trace line around a violation. */
export const contextLine = z.strictObject({
  sec: z.int(),
  nsec: z.int(),
  cpu: z.int(),
  pid: z.int(),
  comm: z.string(),
  /** Latency columns, such as `d.h1.` */
  flags: z.string(),
  /** Trace event and payload as the kernel prints them. */
  text: z.string(),
  /** The violation itself. */
  here: z.boolean()
})
export type ContextLine = z.infer<typeof contextLine>

/** Functions of a stack that are kept, and characters of each. */
export const MAX_STACK = 64
export const MAX_FUNCTION = 160

/** The reactor that a violation was given to (kernel/trace/rv/rv_reactors.c). */
export const reaction = z.strictObject({
  /** Reactor of the monitor; null: this kernel has none. */
  reactor: z.string().nullable(),
  /** Why it was not called; null: it was. */
  without: z.enum(['no-reactors', 'reacting-off', 'not-given']).nullable()
})
export type Reaction = z.infer<typeof reaction>

export const violation = z.strictObject({
  /** Numbered from 1 per connection, without holes. */
  seq: z.int(),
  monitor: z.int(),
  kind: z.enum(['error', 'error_env', 'ltl', 'retries']),
  sec: z.int(),
  nsec: z.int(),
  cpu: z.int(),
  /** Context that ran the handler. */
  pid: z.int(),
  comm: z.string(),
  flags: z.string(),
  /** Instance: pid or object id; null for global and per-CPU monitors. */
  id: z.int().nullable(),
  /** Comm of the instance's task, where known. */
  label: z.string(),
  state: z.string(),
  event: z.string(),
  env: z.string().nullable(),
  /** The line as the kernel prints it. */
  text: z.string(),
  /** Last transitions of the same instance, oldest first. */
  path: z.array(violationStep),
  /** Trace lines of the same CPU before it, and itself, oldest first. */
  context: z.array(contextLine),
  /** The kernel functions of the context that ran the handler, innermost first; empty: not recorded. */
  stack: z.array(z.string().max(MAX_FUNCTION)).max(MAX_STACK),
  /** What the kernel did about it, as far as the panel knew the switches when it arrived. */
  reaction: reaction
})
export type Violation = z.infer<typeof violation>
