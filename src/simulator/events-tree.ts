import { Errno } from '../engine/errno'
import { compileFilter } from './event-filter'
import type { TraceEvent } from './trace-events'
import type { TraceHub } from './trace-hub'
import type { TraceInstance } from './trace-instance'
import {
  directory,
  settingFile,
  textFile,
  zeroOrOne,
  type DirectoryNode,
  type FileNode,
  type Node
} from './tracefs-nodes'

/** First of the ids in `id` and `format`; lower ones belong to ftrace's own events in a kernel. */
const FIRST_ID = 300

/** `events/` of an instance. */
export function eventsTree(hub: TraceHub, instance: TraceInstance): DirectoryNode {
  return directory(() => {
    const systems = new Map<string, TraceEvent[]>()
    for (const event of hub.events) {
      const list = systems.get(event.system) ?? []
      list.push(event)
      systems.set(event.system, list)
    }
    const shown = hub.events.filter(({ system }) => system !== 'ftrace')
    const entries: (readonly [string, Node])[] = [['enable', enableFile(hub, instance, shown)]]
    for (const [system, events] of systems) {
      if (system === 'ftrace') continue
      entries.push([system, systemTree(hub, instance, events)])
    }
    return entries
  })
}

function systemTree(
  hub: TraceHub,
  instance: TraceInstance,
  events: readonly TraceEvent[]
): DirectoryNode {
  return directory(() => [
    ['enable', enableFile(hub, instance, events)] as const,
    ...events.map((event) => [event.name, eventTree(hub, instance, event)] as const)
  ])
}

function eventTree(hub: TraceHub, instance: TraceInstance, event: TraceEvent): DirectoryNode {
  return directory(() => [
    ['enable', enableFile(hub, instance, [event])],
    ['id', textFile(() => `${FIRST_ID + event.id}\n`)],
    ['format', textFile(() => formatText(event))],
    [
      'filter',
      settingFile(
        () => `${instance.filters.get(event.id)?.text ?? 'none'}\n`,
        (text) => {
          if (text === '') throw new Errno('EINVAL', 'expected a filter, or 0 for none')
          if (text === '0') instance.filters.delete(event.id)
          else instance.filters.set(event.id, compileFilter(text, event, hub))
        }
      )
    ]
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

function formatText(event: TraceEvent): string {
  const lines = [
    `name: ${event.name}`,
    `ID: ${FIRST_ID + event.id}`,
    'format:',
    '\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;',
    '\tfield:unsigned char common_flags;\toffset:2;\tsize:1;\tsigned:0;',
    '\tfield:unsigned char common_preempt_count;\toffset:3;\tsize:1;\tsigned:0;',
    '\tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;',
    ''
  ]
  let offset = 8
  for (const { declaration, size, signed } of event.fields) {
    const alignment = declaration.startsWith('char ') ? 1 : Math.max(1, Math.min(size, 8))
    offset = Math.ceil(offset / alignment) * alignment
    lines.push(
      `\tfield:${declaration};\toffset:${offset};\tsize:${size};\tsigned:${signed ? 1 : 0};`
    )
    offset += size
  }
  return `${lines.join('\n')}\n\nprint fmt: ${event.printFormat}\n`
}
