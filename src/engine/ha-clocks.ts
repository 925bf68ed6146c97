import type { ClockKind } from '../model/automaton'
import type { EngineHost } from './host'

/*
 * The arithmetic of the kernel's clocks (include/rv/ha_monitor.h), which is that
 * of u64. Here a u64 is the signed number with the same 64 bits, so that sums
 * and differences wrap as in the kernel; numbers are exact up to 2^53. An epoch
 * of NEVER is ENV_INVALID_VALUE, 2^64 - 1.
 */

/** Epoch of a clock that was not reset since the instance started. */
export const NEVER = -1

const TWO_32 = 2 ** 32

/** What a clock shows: now - epoch. A clock that was never reset shows now + 1. */
export const clockValue = (now: number, epoch: number): number => now - epoch

/**
 * Whether an invariant holds; `<` and `<=` of the model are the same here. In ns:
 * elapsed <= limit, and a clock that was never reset passes; but a limit above
 * the uptime wraps around, and fails. In jiffies: elapsed < limit, and a clock
 * that was never reset shows the uptime.
 *
 * @param limit of the clock's kind
 */
export function invariantHolds(
  kind: ClockKind,
  now: number,
  epoch: number,
  limit: number
): boolean {
  if (kind === 'jiffies') return now - epoch < limit
  return epoch === NEVER || (limit <= now && epoch >= now - limit)
}

/**
 * Arms the timer of an invariant for what is left of it. The wheel takes ns
 * rounded up to a tick. What is already over in ns wraps around to centuries
 * ahead: the timer then never expires. (The kernel's wheel brings what is that
 * far forward to what it has room for, 12 days at 1000 Hz; here nothing lives as long.)
 *
 * @param limit of the clock's kind
 */
export function armInvariant(
  host: EngineHost,
  timer: number,
  wheel: boolean,
  kind: ClockKind,
  now: number,
  epoch: number,
  limit: number
): void {
  const { timers } = host
  const elapsed = epoch === NEVER ? 0 : now - epoch
  if (kind === 'jiffies') {
    if (wheel) {
      // Compared as signed: what is over expires at the next tick.
      timers.armWheel(timer, now + limit - elapsed)
    } else {
      timers.armHigh(timer, host.now() + jiffiesToNs(limit - elapsed, timers.tick))
    }
    return
  }
  const left = limit - elapsed
  if (wheel) {
    const rounded = left + timers.tick - 1
    if (rounded < 0) timers.cancel(timer)
    else timers.armWheel(timer, host.jiffies() + Math.floor(rounded / timers.tick))
  } else if (left < 0) {
    timers.cancel(timer)
  } else {
    timers.armHigh(timer, host.now() + left)
  }
}

/** Whether one u64 is below another. */
export const below = (left: number, right: number): boolean =>
  left >= 0 === right >= 0 ? left < right : left >= 0

/** jiffies_to_nsecs(), which goes through an unsigned int of µs: 71 minutes at most. */
function jiffiesToNs(jiffies: number, tick: number): number {
  const us = (jiffies * Math.round(tick / 1000)) % TWO_32
  return (us < 0 ? us + TWO_32 : us) * 1000
}
