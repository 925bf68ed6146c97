import { HEADER_BYTES } from './protocol'

/** A request as the kernel writes it, for tests. */
export function request(
  opcode: number,
  unique: number,
  node: number,
  body: Uint8Array = new Uint8Array(0)
): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES + body.length)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, bytes.length, true)
  view.setUint32(4, opcode, true)
  view.setBigUint64(8, BigInt(unique), true)
  view.setBigUint64(16, BigInt(node), true)
  bytes.set(body, HEADER_BYTES)
  return bytes
}

/** Numbers of 32 and of 64 bits, one behind the other. */
export function words(...values: readonly (number | bigint)[]): Uint8Array {
  const bytes = new Uint8Array(
    values.reduce<number>((sum, v) => sum + (typeof v === 'bigint' ? 8 : 4), 0)
  )
  const view = new DataView(bytes.buffer)
  let at = 0
  for (const value of values) {
    if (typeof value === 'bigint') view.setBigUint64(at, value, true)
    else view.setUint32(at, value, true)
    at += typeof value === 'bigint' ? 8 : 4
  }
  return bytes
}

export const name = (text: string): Uint8Array => new TextEncoder().encode(`${text}\0`)

export const joined = (...parts: readonly Uint8Array[]): Uint8Array =>
  Uint8Array.from(parts.flatMap((part) => [...part]))

/** The head of a reply, and what follows it. */
export function replyOf(bytes: Uint8Array): {
  readonly error: number
  readonly unique: bigint
  readonly body: DataView
} {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  return {
    error: view.getInt32(4, true),
    unique: view.getBigUint64(8, true),
    body: new DataView(bytes.buffer, bytes.byteOffset + 16, bytes.length - 16)
  }
}
