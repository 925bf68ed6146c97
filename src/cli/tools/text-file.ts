import { constants } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { MAX_FILE_BYTES, decodeModel } from '../../model/check/decode'
import { formatDiagnostic } from '../../model/diagnostics'
import { printable } from '../columns'
import { Failure } from '../io'

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'No such file or directory',
  EACCES: 'Permission denied',
  EISDIR: 'It is a directory',
  ENOTDIR: 'A part of the path is no directory',
  EROFS: 'The file system is read-only',
  ENOSPC: 'No space left on the device'
}

/** What a system call says, in words. */
export function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'
  return REASONS[code] ?? code
}

/**
 * Reads a file as UTF-8. A pipe or a device, which may have no end, is not opened.
 *
 * @throws Failure where it cannot be read, is no text, or is too long for one
 */
export async function readText(path: string): Promise<string> {
  let bytes: Uint8Array | undefined
  try {
    bytes = await readRegular(path)
  } catch (error) {
    throw new Failure(`${printable(path)} cannot be read: ${reasonOf(error)}`)
  }
  if (bytes === undefined) throw new Failure(`${printable(path)} is no file`)
  return textOf(bytes, path)
}

/** The text of bytes that were read up to one more than the limit. @throws Failure where they are none */
export function textOf(bytes: Uint8Array, name: string): string {
  if (bytes.length > MAX_FILE_BYTES) {
    throw new Failure(
      `${printable(name)} has more than ${MAX_FILE_BYTES} bytes; expected a text of at most so many`
    )
  }
  const decoded = decodeModel(bytes, name)
  if ('text' in decoded) return decoded.text
  throw new Failure(printable(formatDiagnostic(decoded.diagnostic)))
}

/**
 * At most MAX_FILE_BYTES and one byte more; undefined for what is no regular file, which is not
 * opened to wait.
 *
 * @throws what the system says
 */
export async function readRegular(path: string): Promise<Uint8Array | undefined> {
  const { O_RDONLY, O_NONBLOCK } = constants
  if (!(await stat(path)).isFile()) return undefined
  const file = await open(path, O_RDONLY | O_NONBLOCK)
  try {
    const { size } = await file.stat()
    // What is far too large is not read at all.
    if (size > MAX_FILE_BYTES) return new Uint8Array(MAX_FILE_BYTES + 1)
    const pieces: Uint8Array[] = []
    let length = 0
    while (length <= MAX_FILE_BYTES) {
      // Files of /proc have a size of 0 and a text.
      const piece = new Uint8Array(Math.max(65_536, Math.min(size + 1, 1 << 24)))
      const { bytesRead } = await file.read(piece, 0, piece.length)
      if (bytesRead === 0) break
      pieces.push(piece.subarray(0, bytesRead))
      length += bytesRead
    }
    return Buffer.concat(pieces)
  } finally {
    await file.close()
  }
}
