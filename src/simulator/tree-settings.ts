import { Errno } from '../engine/errno'
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

/** Largest buffer per CPU that this machine gives, in kB. */
const MAX_BUFFER_KB = 1_048_576
/** Names of trace_clock. Whatever is chosen, the time is that of the simulation. */
const CLOCKS = [
  'local',
  'global',
  'counter',
  'uptime',
  'perf',
  'mono',
  'mono_raw',
  'boot',
  'tai',
  'x86-tsc'
]

/** Files of an instance that are settings of its buffer and of what goes into it. */
export function settingEntries(
  hub: TraceHub,
  instance: TraceInstance
): readonly (readonly [string, Node])[] {
  return [
    ['available_tracers', textFile(() => 'nop\n')],
    ['buffer_percent', bufferPercent(instance)],
    ['buffer_size_kb', bufferSize(instance, -1)],
    ['buffer_subbuf_size_kb', settingFile(() => '4\n', expectWord('4'))],
    ['buffer_total_size_kb', textFile(() => `${instance.totalKilobytes}\n`)],
    ['current_tracer', settingFile(() => 'nop\n', expectWord('nop'))],
    ['options', optionsTree(instance)],
    ['timestamp_mode', textFile(() => '[delta] absolute\n')],
    ['trace_clock', clock(instance)],
    ['trace_options', optionsFile(instance)],
    ['tracing_cpumask', cpuMask(instance)],
    ['tracing_on', tracingOn(hub, instance)]
  ]
}

/** Any number: what is not 0 switches on. */
function tracingOn(hub: TraceHub, instance: TraceInstance): FileNode {
  return settingFile(
    () => (instance.tracingOn ? '1\n' : '0\n'),
    (text) => {
      instance.tracingOn = number(text, 10) !== 0
      hub.recount()
    }
  )
}

/** @param cpu -1: every one */
export function bufferSize(instance: TraceInstance, cpu: number): FileNode {
  return settingFile(
    () => {
      const sizes = new Set(instance.rings.map((_, one) => instance.kilobytes(one)))
      if (cpu !== -1) return `${instance.kilobytes(cpu)}\n`
      return sizes.size === 1 ? `${[...sizes].join('')}\n` : 'X\n'
    },
    (text) => {
      const kb = number(text, 10)
      if (kb === 0) throw new Errno('EINVAL', 'expected a size in kB of at least 1')
      if (kb > MAX_BUFFER_KB) throw new Errno('ENOMEM', `no memory for ${kb} kB on each CPU`)
      instance.resize(kb, cpu)
    }
  )
}

function bufferPercent(instance: TraceInstance): FileNode {
  return settingFile(
    () => `${instance.percent}\n`,
    (text) => {
      const percent = number(text, 10)
      if (percent > 100) throw new Errno('EINVAL', 'expected 0 to 100 per cent')
      instance.percent = percent
    }
  )
}

function clock(instance: TraceInstance): FileNode {
  return settingFile(
    () => `${CLOCKS.map((name) => (name === instance.clock ? `[${name}]` : name)).join(' ')}\n`,
    (text) => {
      if (!CLOCKS.includes(text)) throw new Errno('EINVAL', `there is no clock ${text}`)
      // Times of two clocks cannot stand in one buffer.
      if (text !== instance.clock) instance.clear()
      instance.clock = text
    }
  )
}

function optionsTree(instance: TraceInstance): DirectoryNode {
  return directory(() =>
    instance.options.names.map((name) => [
      name,
      switchFile(
        () => instance.options.has(name),
        (on) => instance.setOption(name, on)
      )
    ])
  )
}

/** trace_options takes `name` and `noname`, one in each write. */
function optionsFile(instance: TraceInstance): FileNode {
  return settingFile(
    () => instance.options.text,
    (text) => {
      const known = instance.setOption(text, true)
      if (!known && !(text.startsWith('no') && instance.setOption(text.slice(2), false))) {
        throw new Errno('EINVAL', `there is no option ${text}`)
      }
    }
  )
}

/** Groups of 32 bits in hexadecimal, the highest CPUs first, as cpumasks are printed. */
function cpuMask(instance: TraceInstance): FileNode {
  const { excluded } = instance
  const digits = Math.ceil(excluded.length / 4)
  return settingFile(
    () => {
      let text = ''
      for (let digit = digits - 1; digit >= 0; digit--) {
        let value = 0
        for (let bit = 0; bit < 4; bit++) {
          if (excluded[4 * digit + bit] === 0) value |= 1 << bit
        }
        text += value.toString(16) + (digit > 0 && digit % 8 === 0 ? ',' : '')
      }
      return `${text}\n`
    },
    (text) => {
      const hex = text.replace(/,/g, '')
      if (!/^[0-9a-fA-F]{1,64}$/.test(hex)) throw new Errno('EINVAL', 'expected a mask of CPUs')
      const mask = BigInt(`0x${hex}`)
      if (mask >> BigInt(excluded.length) !== 0n) {
        throw new Errno('EINVAL', `this machine has ${excluded.length} CPUs`)
      }
      for (let cpu = 0; cpu < excluded.length; cpu++) {
        excluded[cpu] = ((mask >> BigInt(cpu)) & 1n) === 1n ? 0 : 1
      }
    }
  )
}

function number(text: string, maxDigits: number): number {
  if (!/^\d+$/.test(text) || text.length > maxDigits) {
    throw new Errno('EINVAL', 'expected a number')
  }
  return Number(text)
}

const expectWord =
  (word: string) =>
  (text: string): void => {
    if (text !== word) throw new Errno('EINVAL', `this kernel has only ${word}`)
  }
