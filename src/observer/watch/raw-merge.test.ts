import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { SimulatedKernel } from '../../simulator/kernel'
import { loadModels } from '../../target/load-models'
import { parseFormat, RawText, type RawFormat } from '../../trace'
import { RawMerge } from './raw-merge'

const MS = 1_000_000
const { models } = await loadModels(fileURLToPath(new URL('../../../models', import.meta.url)))

it('makes of the raw pages of all CPUs what trace_pipe prints, in its order, with its losses', () => {
  const kernel = new SimulatedKernel({ cpus: 4, tasks: 30, seed: 5, models })
  const { tracefs } = kernel
  const write = (path: string, text: string): void => {
    tracefs.write(path, new TextEncoder().encode(`${text}\n`), 'append')
  }
  const read = (path: string): string => new TextDecoder().decode(tracefs.read(path))
  // The same records in two instances: read as text, and raw.
  for (const name of ['text', 'raw']) {
    tracefs.mkdir(`instances/${name}`)
    write(`instances/${name}/buffer_size_kb`, '24')
    write(`instances/${name}/events/rv/enable`, '1')
  }
  const formats: RawFormat[] = []
  for (const { name } of tracefs.list('events/rv')) {
    if (!name.includes('_')) continue
    const format = parseFormat(read(`events/rv/${name}/format`))
    if (format) formats.push(format)
  }
  const comms = new Map<number, string>()
  const text = new RawText(formats, comms)
  expect(text.unknown).toEqual(['rv_retries_error'])
  const merge = new RawMerge([0, 1, 2, 3], text, 4096, 8)
  const raw = [0, 1, 2, 3].map((cpu) =>
    tracefs.open(`instances/raw/per_cpu/cpu${String(cpu)}/trace_pipe_raw`, {
      write: false,
      truncate: false
    })
  )
  const pipe = tracefs.open('instances/text/trace_pipe', { write: false, truncate: false })
  let expected = ''
  let made = ''
  const drain = (): void => {
    const decoder = new TextDecoder()
    for (let bytes = pipe.read(0, 65_536, false); bytes; bytes = pipe.read(0, 65_536, false)) {
      expected += decoder.decode(bytes)
    }
    for (const line of read('saved_cmdlines').split('\n')) {
      const [, pid, comm] = /^(\d+) (.*)$/.exec(line) ?? []
      if (comm !== undefined) comms.set(Number(pid), comm)
    }
    for (const [cpu, file] of raw.entries()) {
      for (let bytes = file.read(0, 1000, false); bytes; bytes = file.read(0, 1000, false)) {
        merge.push(cpu, bytes.slice())
      }
    }
    for (const bytes of merge.round()) made += decoder.decode(bytes)
  }
  write('rv/enabled_monitors', 'wip')
  write('rv/enabled_monitors', 'wwnr')
  write('rv/enabled_monitors', 'sched:sssw')
  write('rv/enabled_monitors', 'rtapp:sleep')
  write('rv/enabled_monitors', 'stall')
  for (let i = 0; i < 30; i++) {
    // Now and then so long that the rings overrun.
    kernel.advance(i % 10 === 9 ? 60 * MS : 2 * MS)
    drain()
  }
  for (const bytes of merge.round(true)) made += new TextDecoder().decode(bytes)
  // A page has no room for the number of what is missing before it where it is full.
  const lost = (all: string): number =>
    [...all.matchAll(/\[LOST (\d+) EVENTS\]/g)].reduce((sum, [, n]) => sum + Number(n), 0)
  const marks = (all: string): number => [...all.matchAll(/^CPU:\d+ \[LOST /gm)].length
  expect(lost(expected)).toBeGreaterThan(100)
  expect(lost(made)).toBeLessThanOrEqual(lost(expected))
  expect(marks(made)).toBe(marks(expected))
  // A name is that of when the line was made, here as in the kernel.
  const lines = (all: string): string[] =>
    all
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('CPU:'))
      .map((line) => line.slice(16))
  expect(lines(made).length).toBeGreaterThan(1000)
  expect(lines(made)).toEqual(lines(expected))
})
