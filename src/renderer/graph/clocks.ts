import type { MonitorInfo } from '../../contract/state'
import { CLOCK_UNSEEN } from '../../contract/state'
import type { Automaton, ClockKind, Constraint } from '../../model/automaton'
import { clockKind, literalValue } from '../../model/labels'
import type { MonitorLive } from '../stores/columns'

/** The clock that an invariant limits, and its limit. */
export interface ClockLimit {
  /** Name of the clock in the model. */
  readonly name: string
  /** Which of the model's stored clocks, -1: one that no transition resets. */
  readonly clock: number
  readonly kind: ClockKind | undefined
  /** As the model spells it. */
  readonly spelled: string
  /** In what the clock counts; undefined: not known to the panel. */
  readonly limit: number | undefined
}

/** A clock at one moment. */
export interface ClockReading {
  readonly limit: ClockLimit
  /** ns since the reset. */
  readonly ns: number
  /** In what the clock counts: jiffies or ns; undefined where the length of a jiffy is not known. */
  readonly value: number | undefined
  /** 0 .. 1 of the limit; undefined where either is not known. */
  readonly share: number | undefined
  /** The instance was reset by a violation with this clock at its limit. */
  readonly violated: boolean
}

/** Limits by state of the model: what its invariants say, and what the target says of their names. */
export function clockLimits(
  automaton: Automaton,
  values: NonNullable<MonitorInfo['values']>
): (ClockLimit | undefined)[] {
  return automaton.states.map((_, state) => {
    const invariant = automaton.invariants[state]
    if (!invariant) return undefined
    const at = automaton.envs.indexOf(invariant.env)
    return {
      name: invariant.env,
      clock: at < automaton.storedEnvs ? at : -1,
      kind: automaton.envKinds[at] ?? clockKind(invariant),
      spelled: invariant.value.text + (invariant.unit ?? ''),
      limit: limitOf(invariant, values)
    }
  })
}

function limitOf(
  invariant: Constraint,
  values: NonNullable<MonitorInfo['values']>
): number | undefined {
  const literal = literalValue(invariant)
  if (literal !== undefined) return literal
  if (invariant.value.kind !== 'parameter') return undefined
  return values.find(({ name }) => name === invariant.value.text)?.value
}

/**
 * The clock of an instance that its state limits; undefined where its state has no limit, where no
 * reset was seen, or where events were lost since.
 *
 * @param now ns of the target's clock
 * @param hz jiffies per second, undefined: not known
 */
export function readClock(
  live: MonitorLive,
  row: number,
  limits: readonly (ClockLimit | undefined)[],
  now: number,
  hz: number | undefined
): ClockReading | undefined {
  const { rows } = live
  if (row < 0 || rows.unsure[row] === 1) return undefined
  const state = rows.state[row] ?? -1
  if (state >= 0) {
    const limit = limits[state]
    return limit && reading(live, row, limit, now, hz, false)
  }
  // A violation stops the instance: its clock shows what it had then.
  if ((rows.violations[row] ?? 0) === 0) return undefined
  const end = (rows.sinceSec[row] ?? 0) * 1e9 + (rows.sinceNsec[row] ?? 0)
  for (const limit of limits) {
    const at = limit && reading(live, row, limit, end, hz, true)
    if (at?.share !== undefined && at.share >= 1) return at
  }
  return undefined
}

function reading(
  { rows }: MonitorLive,
  row: number,
  limit: ClockLimit,
  now: number,
  hz: number | undefined,
  violated: boolean
): ClockReading | undefined {
  const sec = rows.clockSec[limit.clock]?.[row] ?? CLOCK_UNSEEN
  if (sec === CLOCK_UNSEEN) return undefined
  const ns = Math.max(0, now - (sec * 1e9 + (rows.clockNsec[limit.clock]?.[row] ?? 0)))
  const value = valueOf(limit.kind, ns, hz)
  const share =
    value === undefined || limit.limit === undefined || limit.limit <= 0
      ? undefined
      : Math.min(1, value / limit.limit)
  return { limit, ns, value, share, violated }
}

function valueOf(kind: ClockKind | undefined, ns: number, hz: number | undefined) {
  if (kind === 'ns') return ns
  if (kind === 'jiffies' && hz !== undefined) return Math.floor((ns / 1e9) * hz)
  return undefined
}

/** The row whose clock is nearest to its limit, of those that run; -1: none. */
export function nearestRow(
  live: MonitorLive,
  limits: readonly (ClockLimit | undefined)[],
  now: number
): number {
  // States with one limit have the earliest reset in front; among several the share decides.
  let best = -1
  let bestShare = -1
  const { rows } = live
  for (let row = 0; row < rows.size; row++) {
    const state = rows.state[row] ?? -1
    const limit = state < 0 || rows.unsure[row] === 1 ? undefined : limits[state]
    if (!limit) continue
    const sec = rows.clockSec[limit.clock]?.[row] ?? CLOCK_UNSEEN
    if (sec === CLOCK_UNSEEN) continue
    const ns = now - (sec * 1e9 + (rows.clockNsec[limit.clock]?.[row] ?? 0))
    // Where a limit is not known the oldest reset stands for the nearest.
    const share = limit.limit === undefined || limit.limit <= 0 ? ns / 1e18 : ns / limit.limit
    if (share > bestShare) {
      best = row
      bestShare = share
    }
  }
  return best
}
