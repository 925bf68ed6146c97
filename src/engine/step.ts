/**
 * The hot path of a deterministic automaton: one event on one instance, as
 * include/rv/da_monitor.h defines it. Plain functions over typed arrays, free of
 * allocation, so that the engine, a bench and a replay run the same code.
 *
 * `state[instance]` is the current state, or NOT_MONITORING: the kernel keeps a
 * `monitoring` flag beside `curr_state`, but an instance that is not monitoring
 * is always entered again in the initial state, so one number holds both.
 */

/** The instance waits for a start event. */
export const NOT_MONITORING = -1

/** State 0 is the initial one (dot2c's order). */
export const INITIAL = 0

/** da_handle_event: ignored unless the instance is monitoring. */
export const HANDLE_EVENT = 0
/** da_handle_start_event: starts the instance, and then skips the event. */
export const HANDLE_START_EVENT = 1
/** da_handle_start_run_event: starts the instance, and processes the event from the initial state. */
export const HANDLE_START_RUN_EVENT = 2

/** Which of the three entry points is meant. */
export type Call = typeof HANDLE_EVENT | typeof HANDLE_START_EVENT | typeof HANDLE_START_RUN_EVENT

/** step(): the event was ignored, nothing changed. */
export const IGNORED = -1
/** step(): the instance is monitoring now; the event itself was skipped. */
export const STARTED = -2
/** step(): the model does not allow the event; the state is unchanged, the caller reacts and resets. */
export const VIOLATION = -3

/**
 * Feeds one event to one instance.
 * @param table next state or a negative number: table[state * events + event]
 * @param events number of events of the model
 * @param state the instances' states
 * @returns the new state (0 or more), IGNORED, STARTED or VIOLATION
 */
export function step(
  table: Int16Array,
  events: number,
  state: Int16Array,
  instance: number,
  event: number,
  call: Call
): number {
  // Callers keep instance, state and event in range: the defaults only satisfy the type.
  let current = state[instance] ?? NOT_MONITORING
  if (current < 0) {
    if (call === HANDLE_EVENT) return IGNORED
    if (call === HANDLE_START_EVENT) {
      state[instance] = INITIAL
      return STARTED
    }
    state[instance] = INITIAL
    current = INITIAL
  }
  const next = table[current * events + event] ?? -1
  if (next < 0) return VIOLATION
  state[instance] = next
  return next
}
