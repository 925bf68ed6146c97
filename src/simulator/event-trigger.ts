import { Errno } from '../engine/errno'
import { compileFilter, type EventFilter } from './event-filter'
import type { RecordNames, TraceEvent } from './trace-events'

/** What a trigger does: switch tracing of its instance, or record the stack behind the event. */
export type TriggerKind = 'traceon' | 'traceoff' | 'stacktrace'

/** A trigger of an event. */
export interface EventTrigger {
  readonly kind: TriggerKind
  readonly filter: EventFilter | undefined
  /** How often it still acts; Infinity: always. */
  left: number
  /** What it said when it was set. */
  readonly limit: number
}

/** What a trigger file reads while it has none. */
export const NO_TRIGGERS = '# Available triggers:\n# traceon traceoff stacktrace hist\n'

/**
 * The triggers of an event after a write to its file: `traceon`, `traceoff` or `stacktrace`,
 * `:count`, ` if filter`; with `!` that one goes, and where there is none nothing does
 * (kernel/trace/trace_events_trigger.c).
 * @throws Errno EINVAL, EEXIST where there is one of its kind
 */
export function changedTriggers(
  text: string,
  before: readonly EventTrigger[],
  event: TraceEvent,
  names: RecordNames
): readonly EventTrigger[] {
  const found = /^(!?)(traceon|traceoff|stacktrace)(?::(\d{1,9}))?(?:\s+if\s+(.+))?$/.exec(text)
  if (found === null) {
    throw new Errno('EINVAL', 'expected traceon, traceoff or stacktrace, :count, if filter')
  }
  const [, remove, word, count, condition] = found
  const kind = word as TriggerKind
  if (remove === '!') return before.filter((trigger) => trigger.kind !== kind)
  if (before.some((trigger) => trigger.kind === kind)) {
    throw new Errno('EEXIST', `there is a ${kind} trigger`)
  }
  const limit = count === undefined ? Infinity : Number(count)
  const filter = condition === undefined ? undefined : compileFilter(condition, event, names)
  return [{ kind, filter, left: limit, limit }, ...before]
}

export const triggerText = (triggers: readonly EventTrigger[]): string =>
  triggers.length === 0
    ? NO_TRIGGERS
    : triggers
        .map(({ kind, limit, left, filter }) => {
          const count = limit === Infinity ? 'unlimited' : `count=${left}`
          return `${kind}:${count}${filter === undefined ? '' : ` if ${filter.text}`}\n`
        })
        .join('')
