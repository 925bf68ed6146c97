import type { CliIo } from '../io'

/** All of standard input, but no more than so many bytes and one; nothing where there is none. */
export async function readStandardInput(io: CliIo, limit: number): Promise<Uint8Array> {
  const pieces: Uint8Array[] = []
  let length = 0
  for await (const piece of io.input?.(io.stop) ?? []) {
    pieces.push(piece)
    length += piece.length
    if (length > limit) break
  }
  return Buffer.concat(pieces).subarray(0, limit + 1)
}
