import { Errno } from '../engine/errno'
import { compileFilter, type EventFilter } from './event-filter'
import type { RecordNames, TraceEvent } from './trace-events'

/** traceon or traceoff at an event. */
export interface EventTrigger {
  readonly on: boolean
  readonly filter: EventFilter | undefined
  /** How often it still acts; Infinity: always. */
  left: number
  /** What it said when it was set. */
  readonly limit: number
}

/** What a trigger file reads while it has none. */
export const NO_TRIGGERS = '# Available triggers:\n# traceon traceoff\n'

/**
 * The triggers of an event after a write to its file: `traceon` or `traceoff`,
 * `:count`, ` if filter`; with `!` that one goes.
 * @throws Errno EINVAL, EEXIST where there is one of its kind, ENOENT where there is none to remove
 */
export function changedTriggers(
  text: string,
  before: readonly EventTrigger[],
  event: TraceEvent,
  names: RecordNames
): readonly EventTrigger[] {
  const found = /^(!?)trace(on|off)(?::(\d{1,9}))?(?:\s+if\s+(.+))?$/.exec(text)
  if (found === null) throw new Errno('EINVAL', 'expected traceon or traceoff, :count, if filter')
  const [, remove, word, count, condition] = found
  const on = word === 'on'
  const same = before.find((trigger) => trigger.on === on)
  if (remove === '!') {
    if (same === undefined) throw new Errno('ENOENT', `there is no trace${String(word)} trigger`)
    return before.filter((trigger) => trigger !== same)
  }
  if (same !== undefined) throw new Errno('EEXIST', `there is a trace${String(word)} trigger`)
  const limit = count === undefined ? Infinity : Number(count)
  if (limit === 0) throw new Errno('EINVAL', 'expected a count of at least 1')
  const filter = condition === undefined ? undefined : compileFilter(condition, event, names)
  return [{ on, filter, left: limit, limit }, ...before]
}

export const triggerText = (triggers: readonly EventTrigger[]): string =>
  triggers.length === 0
    ? NO_TRIGGERS
    : triggers
        .map(({ on, limit, left, filter }) => {
          const count = limit === Infinity ? 'unlimited' : `count=${left}`
          return `trace${on ? 'on' : 'off'}:${count}${filter === undefined ? '' : ` if ${filter.text}`}\n`
        })
        .join('')
