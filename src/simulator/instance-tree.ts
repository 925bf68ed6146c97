import { Errno } from '../engine/errno'
import { eventsTree } from './events-tree'
import type { Machine } from './machine'
import { openTracePipe, traceText } from './trace-pipe'
import { traceTime } from './trace-format'
import type { RingBuffer } from './ring-buffer'
import type { TraceHub } from './trace-hub'
import type { TraceInstance } from './trace-instance'
import {
  directory,
  settingFile,
  switchFile,
  textFile,
  type DirectoryNode,
  type FileNode,
  type Node
} from './tracefs-nodes'

const decoder = new TextDecoder()
/** Largest buffer per CPU that this machine gives, in kB. */
const MAX_BUFFER_KB = 1_048_576

/** Files of one trace instance; the top level has the same ones. */
export function instanceEntries(
  machine: Machine,
  hub: TraceHub,
  instance: TraceInstance
): readonly (readonly [string, Node])[] {
  const { cpus } = machine
  return [
    ['events', eventsTree(hub, instance)],
    ['trace', traceFile(hub, instance, -1)],
    ['trace_pipe', { kind: 'file', pipe: () => openTracePipe(hub, instance, -1) }],
    [
      'tracing_on',
      switchFile(
        () => instance.tracingOn,
        (on) => {
          instance.tracingOn = on
          hub.recount()
        }
      )
    ],
    [
      'trace_marker',
      {
        kind: 'file',
        write: (bytes) => hub.mark(instance, decoder.decode(bytes).replace(/\n+$/, ''))
      }
    ],
    ['buffer_size_kb', bufferSize(instance)],
    ['buffer_total_size_kb', textFile(() => `${instance.bufferKb * cpus}\n`)],
    ['current_tracer', settingFile(() => 'nop\n', expectWord('nop'))],
    ['available_tracers', textFile(() => 'nop\n')],
    [
      'trace_clock',
      settingFile(
        () => '[local] global counter uptime perf mono mono_raw boot tai x86-tsc\n',
        expectWord('local')
      )
    ],
    ['set_event', setEvent(hub, instance)],
    [
      'set_event_pid',
      pids(
        () => instance.onlyPids,
        (set) => (instance.onlyPids = set)
      )
    ],
    [
      'set_event_notrace_pid',
      pids(
        () => instance.withoutPids,
        (set) => (instance.withoutPids = set)
      )
    ],
    [
      'options',
      directory(() => [
        [
          'event-fork',
          switchFile(
            () => instance.eventFork,
            (on) => (instance.eventFork = on)
          )
        ]
      ])
    ],
    [
      'per_cpu',
      directory(() =>
        Array.from(
          { length: cpus },
          (_, cpu) => [`cpu${cpu}`, perCpu(machine, hub, instance, cpu)] as const
        )
      )
    ]
  ]
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
    ['trace', traceFile(hub, instance, cpu)],
    ['trace_pipe', { kind: 'file', pipe: () => openTracePipe(hub, instance, cpu) }],
    ['buffer_size_kb', bufferSize(instance)],
    ['stats', textFile(() => stats(instance.rings[cpu]!, machine.now))]
  ])
}

function stats(ring: RingBuffer, now: number): string {
  const oldest = ring.entries > 0 ? ring.timeAt(0) : 0
  return (
    `entries: ${ring.entries}\noverrun: ${ring.overrun}\ncommit overrun: 0\nbytes: ${ring.bytes}\n` +
    `oldest event ts: ${traceTime(oldest)}\nnow ts: ${traceTime(now)}\n` +
    `dropped events: 0\nread events: ${ring.consumed}\n`
  )
}

function bufferSize(instance: TraceInstance): FileNode {
  return settingFile(
    () => `${instance.bufferKb}\n`,
    (text) => {
      const kb = /^\d{1,9}$/.test(text) ? Number(text) : 0
      if (kb === 0) throw new Errno('EINVAL', 'expected a size in kB of at least 1')
      if (kb > MAX_BUFFER_KB) throw new Errno('ENOMEM', `no memory for ${kb} kB on each CPU`)
      instance.resize(kb)
    }
  )
}

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
        hub.events
          .filter(({ id, system }) => system !== 'ftrace' && instance.enabled[id] === 1)
          .map(({ system, name }) => `${system}:${name}\n`)
          .join(''),
      (text) => {
        for (const word of text.split(/\s+/).filter((one) => one !== '')) {
          const on = !word.startsWith('!')
          const [first = '', second] = (on ? word : word.slice(1)).split(':')
          const matches = hub.events.filter(
            ({ system, name }) =>
              system !== 'ftrace' &&
              (second === undefined
                ? first === name || first === system
                : (first === '*' || first === '' || first === system) &&
                  (second === '*' || second === '' || second === name))
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

const expectWord =
  (word: string) =>
  (text: string): void => {
    if (text !== word) throw new Errno('EINVAL', `this kernel has only ${word}`)
  }
