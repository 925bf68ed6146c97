import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { pipeline } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { RecordingReader } from '../../trace'
import type { RecordingFacts, RecordSink } from '../../trace'
import { Failure, quote } from '../io'
import { reasonOf } from './text-file'

/**
 * Reads a recording of a monitor from a file; with gzip where the name ends in .gz.
 *
 * @throws Failure for a file that cannot be read
 */
export async function readRecording(
  file: string,
  monitor: string,
  sink: RecordSink
): Promise<RecordingFacts> {
  const reader = new RecordingReader(monitor, sink)
  for await (const chunk of bytesOf(file)) reader.read(chunk)
  return reader.finish()
}

async function* bytesOf(file: string): AsyncGenerator<Uint8Array> {
  try {
    if (!(await stat(file)).isFile()) throw new Failure(`${quote(file)} is no file`)
    const raw = createReadStream(file)
    const stream = file.endsWith('.gz') ? pipeline(raw, createGunzip(), () => undefined) : raw
    for await (const chunk of stream) yield chunk as Uint8Array
  } catch (error) {
    if (error instanceof Failure) throw error
    throw new Failure(`${quote(file)} cannot be read: ${reasonOf(error)}`)
  }
}
