import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'

/** Programs that a target may have for checksums, the quickest first. */
export const SUMMING = ['cksum', 'crc32', 'md5sum', 'sha1sum', 'sha256sum'] as const
export type Summing = (typeof SUMMING)[number]

const TABLE = new Uint32Array(256).map((_, i) => {
  let value = i << 24
  for (let bit = 0; bit < 8; bit++) value = value < 0 ? (value << 1) ^ 0x04c11db7 : value << 1
  return value
})

/** The first word that the program prints for these bytes on its standard input. */
export function checksum(program: Summing, text: string): string {
  const bytes = Buffer.from(text, 'latin1')
  switch (program) {
    case 'cksum':
      return String(cksum(bytes))
    case 'crc32':
      // busybox's program pads it, and takes the reflected CRC of zlib.
      return crc32(bytes).toString(16).padStart(8, '0')
    default:
      return createHash(program.slice(0, -3)).update(bytes).digest('hex')
  }
}

/** The CRC of POSIX cksum: the bytes, then their number, lowest byte first and without leading zeros. */
function cksum(bytes: Uint8Array): number {
  let crc = 0
  const step = (byte: number): void => {
    crc = (crc << 8) ^ (TABLE[((crc >>> 24) ^ byte) & 255] ?? 0)
  }
  for (const byte of bytes) step(byte)
  for (let length = bytes.length; length > 0; length = Math.floor(length / 256)) step(length & 255)
  return ~crc >>> 0
}
