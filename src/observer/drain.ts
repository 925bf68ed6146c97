import type { TracefsStream } from '../target/port'
import type { Clock } from './clock'

/** Decoding goes on for so long before timers and messages have their turn, ms. */
const SLICE_MS = 8

/** Hands a stream's bytes on until it ends, giving way now and then. Rejects where the stream breaks. */
export async function drain(
  stream: TracefsStream,
  clock: Clock,
  use: (bytes: Uint8Array) => void
): Promise<void> {
  let since = clock.now()
  for (;;) {
    const bytes = await stream.next()
    if (bytes === undefined) return
    use(bytes)
    if (clock.now() - since > SLICE_MS) {
      await new Promise<void>((resolve) => clock.after(0, resolve))
      since = clock.now()
    }
  }
}

const NEWLINE = 10
/** A longer line is handed on in pieces. */
const MAX_HELD = 65_536

/** Hands bytes on in whole lines; `finish` gives what is left of one. */
export function wholeLines(use: (bytes: Uint8Array) => void): {
  readonly push: (bytes: Uint8Array) => void
  readonly finish: () => void
} {
  let rest: Uint8Array = new Uint8Array(0)
  return {
    push(bytes) {
      const end = bytes.lastIndexOf(NEWLINE) + 1
      if (end === 0 && rest.length < MAX_HELD) {
        rest = joined(rest, bytes.slice())
        return
      }
      use(joined(rest, end === 0 ? bytes : bytes.subarray(0, end)))
      rest = end === 0 ? new Uint8Array(0) : bytes.slice(end)
    },
    finish() {
      if (rest.length > 0) use(rest)
      rest = new Uint8Array(0)
    }
  }
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  if (a.length === 0) return b
  const both = new Uint8Array(a.length + b.length)
  both.set(a)
  both.set(b, a.length)
  return both
}
