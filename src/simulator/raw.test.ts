import { fileURLToPath } from 'node:url'
import { describe, expect, it, vi } from 'vitest'
import { loadModels } from '../target/load-models'
import { RawPageReader } from '../trace/raw-page'
import { parseFormat, readInteger, readText, type RawFormat } from '../trace/raw-format'
import { SimulatedKernel } from './kernel'

vi.setConfig({ testTimeout: 120_000 })

const MS = 1_000_000
const CPUS = 2
const decoder = new TextDecoder()
const encoder = new TextEncoder()

async function boot(): Promise<SimulatedKernel> {
  const folder = fileURLToPath(new URL('../../models', import.meta.url))
  const { models } = await loadModels(folder)
  return new SimulatedKernel({ cpus: CPUS, tasks: 40, seed: 7, models })
}

const write = (kernel: SimulatedKernel, path: string, text: string): void =>
  kernel.tracefs.write(path, encoder.encode(text), 'append')
const read = (kernel: SimulatedKernel, path: string): string =>
  decoder.decode(kernel.tracefs.read(path))

interface Record {
  readonly name: string
  readonly pid: bigint
  readonly us: bigint
  readonly flags: bigint
  readonly depths: bigint
  /** What the print format makes of the fields; undefined where it calls functions. */
  readonly text: string | undefined
}

/** The formats of every event, by common_type. */
function formatsOf(kernel: SimulatedKernel): Map<number, RawFormat & { readonly print: string }> {
  const formats = new Map<number, RawFormat & { readonly print: string }>()
  for (const line of ['ftrace:print', ...read(kernel, 'available_events').trim().split('\n')]) {
    const text = read(kernel, `events/${line.replace(':', '/')}/format`)
    const format = parseFormat(text)!
    expect(formats.has(format.id)).toBe(false)
    formats.set(format.id, { ...format, print: /^print fmt: (.*)$/m.exec(text)![1]! })
  }
  return formats
}

/** Everything that the raw pipe of a CPU has. */
function rawRecords(
  kernel: SimulatedKernel,
  path: string,
  formats: ReturnType<typeof formatsOf>
): Record[] {
  const file = kernel.tracefs.open(path, { write: false, truncate: false })
  const reader = new RawPageReader()
  const records: Record[] = []
  for (let page = file.read(0, 4096, false); page; page = file.read(0, 4096, false)) {
    expect(page.length).toBe(4096)
    reader.open(page)
    while (reader.next()) {
      const data = page.subarray(reader.offset, reader.offset + reader.length)
      const format = formats.get(data[0]! | (data[1]! << 8))!
      const value = (name: string): bigint =>
        readInteger(
          data,
          format.fields.find((field) => field.name === name)!
        )!
      const ns = BigInt(reader.seconds) * 1_000_000_000n + BigInt(reader.nanoseconds)
      records.push({
        name: format.name,
        pid: value('common_pid'),
        us: (ns + 500n) / 1000n,
        flags: value('common_flags'),
        depths: value('common_preempt_count'),
        text: printed(format, data)
      })
    }
    expect(reader.problem).toBeUndefined()
  }
  file.close()
  return records
}

/** A print format of plain fields, applied. */
function printed(
  format: RawFormat & { readonly print: string },
  data: Uint8Array
): string | undefined {
  const [, template = '', rest = ''] = /^"((?:[^"\\]|\\.)*)"(?:, (.*))?$/.exec(format.print) ?? []
  const field = (name: string) => format.fields.find((one) => one.name === name)!
  const values: string[] = []
  for (const argument of rest.match(/(?:[^,(]|\([^)]*\))+/g) ?? []) {
    const text = argument.trim()
    const string = /^__get_str\((\w+)\)$/.exec(text)?.[1]
    const choice = /^REC->(\w+) \? "(.*)" : "(.*)"$/.exec(text)
    const plain = /^REC->(\w+)$/.exec(text)?.[1]
    if (string !== undefined) values.push(readText(data, field(string))!)
    else if (choice !== null) {
      values.push(readInteger(data, field(choice[1]!)) !== 0n ? choice[2]! : choice[3]!)
    } else if (plain !== undefined) {
      const one = field(plain)
      values.push(one.text ? readText(data, one)! : String(readInteger(data, one)!))
    } else return undefined
  }
  if (/%(?!0?\d*l*[hsdux]|h)/.test(template)) return undefined
  let next = 0
  return template.replace(
    /%(0?)(\d*)[lh]*([sdux])/g,
    (_, zero: string, width: string, type: string) => {
      const value = values[next++]!
      const shown = type === 'x' ? BigInt(value).toString(16) : value
      return zero === '0' ? shown.padStart(Number(width), '0') : shown
    }
  )
}

describe('raw records', () => {
  it('say what the text says, of every event', async () => {
    const kernel = await boot()
    const formats = formatsOf(kernel)
    kernel.tracefs.mkdir('instances/raw')
    kernel.tracefs.mkdir('instances/text')
    for (const path of ['instances/raw', 'instances/text']) {
      write(kernel, `${path}/buffer_size_kb`, '65536')
      write(kernel, `${path}/events/enable`, '1')
    }
    for (const name of ['wip', 'wwnr', 'sched', 'rtapp', 'stall', 'deadline']) {
      write(kernel, 'rv/enabled_monitors', name)
    }
    kernel.advance(200 * MS)
    const seen = new Set<string>()
    for (let cpu = 0; cpu < CPUS; cpu++) {
      const raw = rawRecords(kernel, `instances/raw/per_cpu/cpu${cpu}/trace_pipe_raw`, formats)
      const lines = read(kernel, `instances/text/per_cpu/cpu${cpu}/trace`)
        .split('\n')
        .filter((line) => line !== '' && !line.startsWith('#'))
      const told = lines.map((line, index) => {
        const found = /-(\d+)\s+\[\d+\] (\S{5})\s+(\d+)\.(\d+): (\w+): (.*)$/.exec(line)!
        const [, pid, latency, seconds, micros, name, text] = found
        // Where the print format calls functions, the text is trace-cmd's concern.
        const known = raw[index]?.text !== undefined
        if (known) seen.add(name!)
        return [name, pid, `${seconds!}${micros!}`, latency, known ? text : ''].join(' ')
      })
      const recorded = raw.map((record) =>
        [record.name, record.pid, record.us, latencyOf(record), record.text ?? ''].join(' ')
      )
      expect(recorded).toEqual(told)
    }
    // Each kind of record took part: automata of both kinds of instances, formulas, plain fields.
    for (const name of ['event_wip', 'event_wwnr', 'event_sleep', 'sched_waking', 'sys_exit']) {
      expect(seen).toContain(name)
    }
  })

  it('tell how many were lost before a page', async () => {
    const kernel = await boot()
    write(kernel, 'buffer_size_kb', '8')
    write(kernel, 'events/preemptirq/enable', '1')
    kernel.advance(200 * MS)
    const lost = Number(/overrun: (\d+)/.exec(read(kernel, 'per_cpu/cpu0/stats'))![1])
    const file = kernel.tracefs.open('per_cpu/cpu0/trace_pipe_raw', {
      write: false,
      truncate: false
    })
    const reader = new RawPageReader()
    let missed = 0
    for (let page = file.read(0, 4096, false); page; page = file.read(0, 4096, false)) {
      reader.open(page)
      missed += Math.abs(reader.missed)
    }
    expect(lost).toBeGreaterThan(0)
    // A full page has no room for the number and says only that there is a gap.
    expect([lost, 1]).toContain(missed)
    expect(read(kernel, 'per_cpu/cpu0/stats')).toMatch(/^entries: 0$/m)
  })

  it('are taken off the buffer that trace_pipe reads, in pieces of any size', async () => {
    const kernel = await boot()
    write(kernel, 'events/sched/sched_switch/enable', '1')
    kernel.advance(50 * MS)
    const open = () =>
      kernel.tracefs.open('per_cpu/cpu0/trace_pipe_raw', { write: false, truncate: false })
    const file = open()
    const first = file.read(0, 1000, true)!
    const second = file.read(0, 1_000_000, true)!
    expect([first.length, second.length]).toEqual([1000, 3096])
    while (file.readable()) file.read(0, 65_536, false)
    expect(file.read(0, 4096, true)).toBeUndefined()
    expect(read(kernel, 'per_cpu/cpu0/trace')).not.toContain('sched_switch')
    file.close()
  })
})

/** common_flags and common_preempt_count as the five columns of the text. */
function latencyOf({ flags, depths }: Record): string {
  const has = (bit: bigint): boolean => (flags & bit) !== 0n
  const irqs = has(1n) ? (has(0x80n) ? 'D' : 'd') : has(0x80n) ? 'b' : '.'
  const need = has(4n) ? 'N' : '.'
  const nmi = has(0x40n) ? (has(8n) ? 'Z' : 'z') : ''
  const context = nmi || (has(8n) ? (has(0x10n) ? 'H' : 'h') : has(0x10n) ? 's' : '.')
  const depth = (value: bigint): string => (value === 0n ? '.' : value.toString(16))
  return irqs + need + context + depth(depths & 15n) + depth(depths >> 4n)
}
