import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { pipeline } from 'node:stream'
import { createGunzip } from 'node:zlib'
import type { ModelReply, RecordingCounts } from '../../contract/model-files'
import { RecordingReader } from '../../trace'
import { reasonOf } from './files'

/** Different records are few in what a kernel writes; a damaged recording may have any number. */
const MAX_DIFFERENT = 10_000

/** Counts what a recording has of a monitor; with gzip where the name ends in .gz. */
export async function readRecording(file: string, monitor: string): Promise<ModelReply> {
  const steps = new Map<string, RecordingCounts['steps'][number]>()
  const violations = new Map<string, RecordingCounts['violations'][number]>()
  let lost = 0
  const reader = new RecordingReader(monitor, {
    event: (state, event, next) => {
      count(steps, JSON.stringify([state, event, next]), { state, event, next, count: 1 })
    },
    violation: (state, event) => {
      count(violations, JSON.stringify([state, event]), { state, event, count: 1 })
    },
    lost: (events) => {
      lost += events ?? 1
    }
  })
  try {
    if (!(await stat(file)).isFile()) return failed(`${file} is no file.`)
    const raw = createReadStream(file)
    const stream = file.endsWith('.gz') ? pipeline(raw, createGunzip(), () => undefined) : raw
    for await (const chunk of stream) reader.read(chunk as Uint8Array)
  } catch (error) {
    return failed(`${file} cannot be read: ${reasonOf(error)}.`)
  }
  const { records, monitors } = reader.finish()
  if (records === 0) {
    const there = monitors.size === 0 ? '' : `; there are records of ${[...monitors].join(', ')}`
    return failed(`${file} has no record of the monitor ${monitor}${there}.`)
  }
  const counts = { file, lost, steps: [...steps.values()], violations: [...violations.values()] }
  return { type: 'recording', counts }
}

function count<T extends { count: number }>(all: Map<string, T>, key: string, first: T): void {
  const known = all.get(key)
  if (known !== undefined) known.count++
  else if (all.size < MAX_DIFFERENT) all.set(key, first)
}

const failed = (message: string): ModelReply => ({ type: 'failed', message })
