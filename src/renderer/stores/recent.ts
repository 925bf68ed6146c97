import { targetSpec, type TargetSpec } from '../../contract/requests'
import type { RecentTarget } from '../../contract/settings'
import type { TargetStatus } from '../../contract/state'
import { defaultSimulator } from '../../contract/target-url'
import type { Settings } from './settings'

/** Entries beside the pinned ones: the newest targets, and the newest recordings. */
const KEPT = 8
/** Pinned entries; a further one is not pinned. */
export const MOST_PINNED = 16

type List = Pick<Settings, 'recent'>

/** The same target, however its parts are ordered. */
export function sameTarget(a: TargetSpec, b: TargetSpec): boolean {
  return keyOf(a) === keyOf(b)
}

/** Puts a target that is asked for first in the list; the oldest ones without a pin drop out. */
export function rememberTarget(settings: List, target: TargetSpec, now: number): void {
  const known = find(settings, target)
  const others = settings.recent.filter((one) => one !== known)
  const first: RecentTarget = { ...(known ?? { pinned: false }), target, at: now }
  const room = { target: KEPT, recording: KEPT }
  settings.recent = [first, ...others].filter((one) => {
    if (one.pinned) return true
    return room[one.target.kind === 'recording' ? 'recording' : 'target']-- > 0
  })
}

/**
 * A target is connected: its entry has the time and the kernel's release. One that the program was
 * started on comes into the list now, but for the simulated kernel that it opens by itself.
 *
 * @param isFirst the window itself has asked for no target so far
 */
export function noteConnected(
  settings: List,
  { spec, release }: TargetStatus,
  isFirst: boolean,
  now: number
): void {
  if (spec === undefined) return
  const isDefault = sameTarget(spec, { kind: 'sim', settings: defaultSimulator })
  if (isFirst && !isDefault) rememberTarget(settings, spec, now)
  settings.recent = settings.recent.map((one) =>
    sameTarget(one.target, spec)
      ? { ...one, at: now, ...(release === '' ? {} : { release: release.slice(0, 120) }) }
      : one
  )
}

/** Takes an entry out of the list. */
export function forgetTarget(settings: List, target: TargetSpec): void {
  settings.recent = settings.recent.filter((one) => !sameTarget(one.target, target))
}

/** Pins an entry, or no more; false: there are as many pins as there may be. */
export function pinTarget(settings: List, target: TargetSpec, pinned: boolean): boolean {
  if (pinned && settings.recent.filter((one) => one.pinned).length >= MOST_PINNED) return false
  settings.recent = settings.recent.map((one) =>
    sameTarget(one.target, target) ? { ...one, pinned } : one
  )
  return true
}

/** The entries as they are shown: pinned ones first, then the newest. */
export function shownRecent(settings: List): RecentTarget[] {
  return [...settings.recent].sort((a, b) => Number(b.pinned) - Number(a.pinned))
}

function find(settings: List, target: TargetSpec): RecentTarget | undefined {
  return settings.recent.find((one) => sameTarget(one.target, target))
}

function keyOf(target: TargetSpec): string {
  return JSON.stringify(sorted(targetSpec.parse(target)))
}

/** Objects with their keys in order, at every depth. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, part]) => part !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, part]) => [key, sorted(part)])
  )
}
