import { Errno } from '../engine/errno'
import { changedTriggers, triggerText } from './event-trigger'
import { compileFilter, FilterError } from './event-filter'
import { formatText } from './event-format'
import { changedHists } from './hist-trigger'
import type { TraceEvent } from './trace-events'
import type { TraceHub } from './trace-hub'
import { kernelId } from './trace-ids'
import type { AppliedFilter, TraceInstance } from './trace-instance'
import {
  directory,
  settingFile,
  textFile,
  zeroOrOne,
  type DirectoryNode,
  type FileNode,
  type Node
} from './tracefs-nodes'

/** Permission bits of every directory below events/ (fs/tracefs/event_inode.c). */
const DIRECTORY_MODE = 0o755

const HEADER_PAGE =
  '\tfield: u64 timestamp;\toffset:0;\tsize:8;\tsigned:0;\n' +
  '\tfield: local_t commit;\toffset:8;\tsize:8;\tsigned:1;\n' +
  '\tfield: char overwrite;\toffset:8;\tsize:1;\tsigned:0;\n' +
  '\tfield: char data;\toffset:16;\tsize:4080;\tsigned:0;\n'
const HEADER_EVENT =
  '# compressed entry header\n' +
  '\ttype_len    :    5 bits\n' +
  '\ttime_delta  :   27 bits\n' +
  '\tarray       :   32 bits\n\n' +
  '\tpadding     : type == 29\n' +
  '\ttime_extend : type == 30\n' +
  '\ttime_stamp : type == 31\n' +
  '\tdata max type_len  == 28\n'
/** What events/SYSTEM/filter reads while it has nothing to say. */
const SYSTEM_FILTER =
  '### global filter ###\n' +
  '# Use this to set filters for multiple events.\n' +
  '# Only events with the given fields will be affected.\n' +
  '# If no events are modified, an error message will be displayed here\n'

/** Events in the order in which the kernel lists them, without ftrace's own. */
export function listedEvents(hub: TraceHub): readonly TraceEvent[] {
  return hub.events
    .filter(({ system }) => system !== 'ftrace')
    .sort((a, b) => kernelId(hub, a) - kernelId(hub, b))
}

/** `events/` of an instance. */
export function eventsTree(hub: TraceHub, instance: TraceInstance): DirectoryNode {
  return eventsDirectory(() => {
    const listed = listedEvents(hub)
    const systems = new Map<string, TraceEvent[]>()
    for (const event of listed) {
      const list = systems.get(event.system) ?? []
      list.push(event)
      systems.set(event.system, list)
    }
    const entries: (readonly [string, Node])[] = [['enable', enableFile(hub, instance, listed)]]
    for (const [system, events] of systems) {
      entries.push([system, systemTree(hub, instance, system, events)])
    }
    entries.push(['ftrace', ftraceTree(hub)])
    if (instance === hub.top) {
      entries.push(
        ['header_event', textFile(() => HEADER_EVENT)],
        ['header_page', textFile(() => HEADER_PAGE)]
      )
    }
    return entries
  })
}

const eventsDirectory = (entries: () => Iterable<readonly [string, Node]>): DirectoryNode => ({
  ...directory(entries),
  mode: DIRECTORY_MODE
})

/** ftrace's own events, which nobody switches: here only what trace_marker writes. */
function ftraceTree(hub: TraceHub): DirectoryNode {
  return eventsDirectory(() =>
    hub.events
      .filter(({ system }) => system === 'ftrace')
      .map((event) => [
        event.name,
        eventsDirectory(() => [
          ['format', textFile(() => formatText(hub, event))],
          ['id', textFile(() => `${kernelId(hub, event)}\n`)]
        ])
      ])
  )
}

function systemTree(
  hub: TraceHub,
  instance: TraceInstance,
  system: string,
  events: readonly TraceEvent[]
): DirectoryNode {
  return eventsDirectory(() => [
    ['enable', enableFile(hub, instance, events)] as const,
    ['filter', systemFilter(hub, instance, system, events)] as const,
    ...events.map((event) => [event.name, eventTree(hub, instance, event)] as const)
  ])
}

function eventTree(hub: TraceHub, instance: TraceInstance, event: TraceEvent): DirectoryNode {
  return eventsDirectory(() => [
    ['enable', enableFile(hub, instance, [event])],
    ['filter', eventFilter(hub, instance, event)],
    ['format', textFile(() => formatText(hub, event))],
    ['hist', textFile(() => histText(instance, event))],
    ['id', textFile(() => `${kernelId(hub, event)}\n`)],
    ['trigger', triggerFile(hub, instance, event)]
  ])
}

/** Reads 1, 0, or X where some are on and some off. */
function enableFile(
  hub: TraceHub,
  instance: TraceInstance,
  events: readonly TraceEvent[]
): FileNode {
  return settingFile(
    () => {
      const on = events.filter(({ id }) => instance.enabled[id] === 1).length
      return on === 0 ? '0\n' : on === events.length ? '1\n' : 'X\n'
    },
    (text) => {
      const on = zeroOrOne(text)
      for (const event of events) hub.enable(instance, event, on)
    }
  )
}

function eventFilter(hub: TraceHub, instance: TraceInstance, event: TraceEvent): FileNode {
  return settingFile(
    () => `${instance.filters.get(event.id)?.text ?? 'none'}\n`,
    (text) => {
      if (text === '') return
      if (text === '0') {
        instance.filters.delete(event.id)
        return
      }
      try {
        instance.filters.set(event.id, compileFilter(text, event, hub))
      } catch (error) {
        // What was there is gone too: the file says why, and everything is let through.
        if (error instanceof FilterError) instance.filters.set(event.id, refused(text, error))
        throw error
      }
    }
  )
}

/** Sets the filter of every event that has its fields. */
function systemFilter(
  hub: TraceHub,
  instance: TraceInstance,
  system: string,
  events: readonly TraceEvent[]
): FileNode {
  return settingFile(
    () => instance.systemFilters.get(system) ?? SYSTEM_FILTER,
    (text) => {
      if (text === '') return
      instance.systemFilters.delete(system)
      let error: FilterError | undefined
      let set = text === '0'
      for (const event of events) {
        instance.filters.delete(event.id)
        if (text === '0') continue
        try {
          instance.filters.set(event.id, compileFilter(text, event, hub))
          set = true
        } catch (refusal) {
          if (!(refusal instanceof FilterError)) throw refusal
          error = refusal
          const words = "Couldn't find or set field in one of a subsystem's events"
          instance.filters.set(event.id, refused(text, new FilterError(0, words)))
        }
      }
      if (set || error === undefined) {
        if (text !== '0') instance.systemFilters.set(system, `${text}\n`)
        return
      }
      instance.systemFilters.set(system, `${refused(text, error).text}\n`)
      throw error
    }
  )
}

/** A filter that lets everything through, and says what was wrong with the one that was written. */
const refused = (text: string, { position, words }: FilterError): AppliedFilter => ({
  text: `${text}\n${' '.repeat(position)}^\nparse_error: ${words}\n`,
  keeps: () => true
})

/** The histograms of an event, one behind the other (hist_show of kernel/trace/trace_events_hist.c). */
const histText = (instance: TraceInstance, event: TraceEvent): string =>
  (instance.hists.get(event.id) ?? []).map(({ table }) => table).join('\n\n')

function triggerFile(hub: TraceHub, instance: TraceInstance, event: TraceEvent): FileNode {
  const { triggers, hists } = instance
  const set = <T>(of: Map<number, readonly T[]>, next: readonly T[]): void => {
    if (next.length === 0) of.delete(event.id)
    else of.set(event.id, next)
    hub.recount()
  }
  const file = settingFile(
    () => triggersText(instance, event),
    (text) => {
      if (text === '') throw new Errno('EINVAL', 'expected a trigger')
      if (/^!?hist:/.test(text)) {
        set(hists, changedHists(text, hists.get(event.id) ?? [], event, hub))
      } else set(triggers, changedTriggers(text, triggers.get(event.id) ?? [], event, hub))
    }
  )
  return {
    ...file,
    // A write of nothing does nothing (event_trigger_regex_write).
    write: (bytes) => {
      if (bytes.length > 0) file.write?.(bytes)
    },
    truncated: () => {
      set(triggers, [])
      set(hists, [])
    }
  }
}

/** What a trigger file reads. */
export function triggersText(instance: TraceInstance, event: TraceEvent): string {
  const hists = (instance.hists.get(event.id) ?? [])
    .map(({ text }) => `${text} [active]\n`)
    .join('')
  const triggers = instance.triggers.get(event.id) ?? []
  return triggers.length === 0 && hists !== '' ? hists : triggerText(triggers) + hists
}
