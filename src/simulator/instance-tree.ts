import { Errno } from '../engine/errno'
import { eventsTree, listedEvents, triggersText } from './events-tree'
import { NO_TRIGGERS } from './event-trigger'
import type { Machine } from './machine'
import { openRawPipe } from './raw-pipe'
import { openTracePipe, traceText } from './trace-pipe'
import { traceTime } from './trace-format'
import type { RingBuffer } from './ring-buffer'
import type { TraceHub } from './trace-hub'
import type { TraceInstance } from './trace-instance'
import { bufferSize, settingEntries } from './tree-settings'
import {
  directory,
  settingFile,
  textFile,
  type DirectoryNode,
  type FileNode,
  type Node
} from './tracefs-nodes'

const decoder = new TextDecoder()

/** Files of one trace instance; the top level has the same ones. */
export function instanceEntries(
  machine: Machine,
  hub: TraceHub,
  instance: TraceInstance
): readonly (readonly [string, Node])[] {
  const { cpus } = machine
  const entries: (readonly [string, Node])[] = [
    ...settingEntries(hub, instance),
    [
      'error_log',
      settingFile(
        () => '',
        () => undefined
      )
    ],
    ['events', eventsTree(hub, instance)],
    [
      'per_cpu',
      directory(() =>
        Array.from(
          { length: cpus },
          (_, cpu) => [`cpu${cpu}`, perCpu(machine, hub, instance, cpu)] as const
        )
      )
    ],
    ['set_event', setEvent(hub, instance)],
    [
      'set_event_notrace_pid',
      pids(
        () => instance.withoutPids,
        (set) => (instance.withoutPids = set)
      )
    ],
    [
      'set_event_pid',
      pids(
        () => instance.onlyPids,
        (set) => (instance.onlyPids = set)
      )
    ],
    ['show_event_filters', shownFilters(hub, instance)],
    ['show_event_triggers', shownTriggers(hub, instance)],
    ['trace', traceFile(hub, instance, -1)],
    ['trace_marker', marker(hub, instance)],
    ['trace_pipe', { kind: 'file', pipe: () => openTracePipe(hub, instance, -1) }]
  ]
  return entries.sort(([a], [b]) => (a < b ? -1 : 1))
}

function marker(hub: TraceHub, instance: TraceInstance): FileNode {
  return {
    kind: 'file',
    write: (bytes) => {
      if (!instance.options.has('markers')) throw new Errno('EINVAL', 'the option markers is off')
      hub.mark(instance, decoder.decode(bytes).replace(/\n$/, ''))
    }
  }
}

function traceFile(hub: TraceHub, instance: TraceInstance, cpu: number): FileNode {
  return {
    ...textFile(() => traceText(hub, instance, cpu)),
    mode: 0o640,
    // What is written does not matter.
    write: () => undefined,
    truncated: () => {
      if (cpu === -1) instance.clear()
      else instance.rings[cpu]?.clear()
    }
  }
}

function perCpu(
  machine: Machine,
  hub: TraceHub,
  instance: TraceInstance,
  cpu: number
): DirectoryNode {
  return directory(() => [
    ['buffer_size_kb', bufferSize(instance, cpu)],
    ['stats', textFile(() => stats(instance.rings[cpu]!, machine.now))],
    ['trace', traceFile(hub, instance, cpu)],
    ['trace_pipe', { kind: 'file', pipe: () => openTracePipe(hub, instance, cpu) }],
    [
      'trace_pipe_raw',
      {
        kind: 'file',
        mode: 0o440,
        open: () => openRawPipe(hub, instance, cpu, () => machine.now)
      }
    ]
  ])
}

function stats(ring: RingBuffer, now: number): string {
  const oldest = ring.entries > 0 ? ring.timeAt(0) : 0
  return (
    `entries: ${ring.entries}\noverrun: ${ring.overrun}\ncommit overrun: 0\nbytes: ${ring.bytes}\n` +
    `oldest event ts: ${traceTime(oldest)}\nnow ts: ${traceTime(now)}\n` +
    `dropped events: ${ring.dropped}\nread events: ${ring.consumed}\n`
  )
}

const shownFilters = (hub: TraceHub, instance: TraceInstance): FileNode =>
  textFile(() =>
    listedEvents(hub)
      .flatMap(({ id, system, name }) => {
        const filter = instance.filters.get(id)
        return filter === undefined ? [] : [`${system}:${name}\t${filter.text}\n`]
      })
      .join('')
  )

const shownTriggers = (hub: TraceHub, instance: TraceInstance): FileNode =>
  textFile(() =>
    listedEvents(hub)
      .flatMap((event) => {
        const { system, name } = event
        const text = triggersText(instance, event)
        if (text === NO_TRIGGERS) return []
        return text
          .split('\n')
          .flatMap((line) => (line === '' ? [] : [`${system}:${name}\t${line}\n`]))
      })
      .join('')
  )

/** A list of pids: a write adds to it, opening with O_TRUNC empties it. */
function pids(
  get: () => ReadonlySet<number> | undefined,
  set: (pids: ReadonlySet<number> | undefined) => void
): FileNode {
  return {
    ...settingFile(
      () =>
        [...(get() ?? [])]
          .sort((a, b) => a - b)
          .map((pid) => `${pid}\n`)
          .join(''),
      (text) => {
        const words = text.split(/\s+/).filter((word) => word !== '')
        if (words.some((word) => !/^\d{1,7}$/.test(word)))
          throw new Errno('EINVAL', 'expected pids')
        const all = new Set([...(get() ?? []), ...words.map(Number)])
        set(all.size === 0 ? undefined : all)
      }
    ),
    truncated: () => set(undefined)
  }
}

/** `system:event`, `event`, `system:*`, `*:*`, each with `!` for off. */
function setEvent(hub: TraceHub, instance: TraceInstance): FileNode {
  return {
    ...settingFile(
      () =>
        listedEvents(hub)
          .filter(({ id }) => instance.enabled[id] === 1)
          .map(({ system, name }) => `${system}:${name}\n`)
          .join(''),
      (text) => {
        const listed = listedEvents(hub)
        for (const word of text.split(/\s+/).filter((one) => one !== '')) {
          const on = !word.startsWith('!')
          const [first = '', second] = (on ? word : word.slice(1)).split(':')
          const matches = listed.filter(({ system, name }) =>
            second === undefined
              ? first === name || first === system
              : (first === '*' || first === '' || first === system) &&
                (second === '*' || second === '' || second === name)
          )
          if (matches.length === 0) throw new Errno('EINVAL', `there is no trace event ${word}`)
          for (const event of matches) hub.enable(instance, event, on)
        }
      }
    ),
    truncated: () => {
      for (const event of hub.events) hub.enable(instance, event, false)
    }
  }
}
