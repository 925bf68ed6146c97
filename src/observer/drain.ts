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
