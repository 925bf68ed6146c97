import { Errno } from '../engine/errno'
import type { OpenFile } from './open-file'
import { PAGE_BYTES, RawPage } from './raw-page'
import { addRecord } from './raw-record'
import type { TraceHub } from './trace-hub'
import type { TraceInstance } from './trace-instance'

/** Records that are about a page. */
const PAGE_RECORDS = 64
/** How long the oldest record waits for others to share its page, virtual ns. */
const PATIENCE = 100_000_000

/**
 * per_cpu/cpuN/trace_pipe_raw: takes records off, as trace_pipe does, and gives
 * whole pages. A reader of many pages, which is one that splices, waits until
 * there is about a page, as the kernel lets it wait for buffer_percent.
 * @param now virtual time, ns
 */
export function openRawPipe(
  hub: TraceHub,
  instance: TraceInstance,
  cpu: number,
  now: () => number
): OpenFile {
  const ring = instance.rings[cpu]!
  const page = new RawPage()
  let rest = new Uint8Array(0)
  let closed = false
  instance.openPipes++

  const nextPage = (): Uint8Array => {
    page.begin(ring.lost)
    ring.lost = 0
    while (ring.entries > 0) {
      if (!addRecord(page, hub, cpu, ring.timeAt(0), ring.recordWords, ring.wordsAt(0))) {
        // What does not even fit an empty page is dropped, not read for ever.
        if (page.empty) ring.consume()
        break
      }
      ring.consume()
    }
    return page.end()
  }

  return {
    stream: true,
    read: (_position, max, waits) => {
      if (rest.length === 0) {
        if (ring.entries === 0) return undefined
        if (waits && max > PAGE_BYTES && ring.entries < PAGE_RECORDS) {
          if (now() - ring.timeAt(0) < PATIENCE) return undefined
        }
        const pages = Math.max(1, Math.floor(max / PAGE_BYTES))
        const taken = new Uint8Array(pages * PAGE_BYTES)
        let length = 0
        for (; length < taken.length && ring.entries > 0; length += PAGE_BYTES) {
          taken.set(nextPage(), length)
        }
        rest = taken.subarray(0, length)
      }
      const bytes = rest.subarray(0, max)
      rest = rest.subarray(bytes.length)
      return bytes
    },
    write: () => {
      throw new Errno('EINVAL', 'trace_pipe_raw is read-only')
    },
    readable: () => rest.length > 0 || ring.entries > 0,
    close: () => {
      if (!closed) instance.openPipes--
      closed = true
    }
  }
}
