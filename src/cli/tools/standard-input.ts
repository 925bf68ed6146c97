import { addAbortSignal } from 'node:stream'
import { Failure } from '../io'
import type { CliIo } from '../io'

/**
 * All of standard input, but no more than so many bytes and one; nothing where
 * there is none.
 *
 * @throws Failure after SIGINT or SIGTERM
 */
export async function readStandardInput(io: CliIo, limit: number): Promise<Uint8Array> {
  const pieces: Uint8Array[] = []
  if (io.input === undefined) return new Uint8Array()
  let length = 0
  try {
    for await (const piece of addAbortSignal(io.stop, io.input.stream)) {
      const bytes = typeof piece === 'string' ? Buffer.from(piece) : (piece as Uint8Array)
      pieces.push(bytes)
      length += bytes.length
      if (length > limit) break
    }
  } catch (error) {
    if (!io.stop.aborted) throw error
  }
  // A part of a text is none.
  if (io.stop.aborted) throw new Failure('stopped before standard input was read')
  return Buffer.concat(pieces).subarray(0, limit + 1)
}
