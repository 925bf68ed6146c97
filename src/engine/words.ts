import { Errno } from './errno'

/** isspace() of lib/ctype.c: tab to carriage return, blank, and the no-break space of Latin-1. */
const isSpace = (byte: number): boolean =>
  (byte >= 0x09 && byte <= 0x0d) || byte === 0x20 || byte === 0xa0

/**
 * What a write leaves in the zeroed buffer of enabled_monitors and reactors
 * (simple_write_to_buffer): the bytes stand at the file's position, which moves
 * on. A second write on the same open file therefore begins with NULs.
 * @param size bytes of the buffer, and the longest write
 * @throws Errno EINVAL for no bytes or more than `size`
 */
export function placeAtOffset(
  bytes: Uint8Array,
  file: { position: number },
  size: number
): Uint8Array {
  if (bytes.length < 1 || bytes.length > size) {
    throw new Errno('EINVAL', `expected 1 to ${size} bytes, not ${bytes.length}`)
  }
  const buffer = new Uint8Array(size)
  if (file.position >= size) return buffer
  const fits = bytes.subarray(0, size - file.position)
  buffer.set(fits, file.position)
  file.position += fits.length
  return buffer
}

/** The C string at the start of a buffer, blanks off both ends (strim), one character for each byte. */
export function parseName(buffer: Uint8Array): string {
  const nul = buffer.indexOf(0)
  let end = nul < 0 ? buffer.length : nul
  let start = 0
  while (end > 0 && isSpace(buffer[end - 1] ?? 0)) end--
  while (start < end && isSpace(buffer[start] ?? 0)) start++
  return Array.from(buffer.subarray(start, end), (byte) => String.fromCharCode(byte)).join('')
}
