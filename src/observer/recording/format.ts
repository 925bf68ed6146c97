import { crc32 } from 'node:zlib'
import { z } from 'zod'

/*
 * The panel's own recording (docs/recordings.md): a line that names it, and then records, each with
 * a header of 20 bytes in little-endian order:
 *
 *     u8   type, a letter
 *     u8   3 zeros
 *     u32  length of the payload, bytes
 *     f64  when it was written, ms since 1970
 *     u32  CRC-32 of the 16 bytes before it and of the payload
 */

/** First bytes of a recording; the number is the version of the format. */
export const MAGIC = 'rvpanel recording 1\n'
/** What every version begins with. */
export const ANY_MAGIC = 'rvpanel recording '

const HEADER = 20
/** A longer payload is none that the panel wrote, bytes. */
export const MAX_PAYLOAD = 1 << 24

/** Types of records; a reader passes over those that it does not know. */
export const Rec = {
  /** JSON, first of all: `recordedFacts`. */
  Facts: 'F',
  /** Bytes of the trace_pipe that has all events. */
  Events: 'E',
  /** Bytes of the trace_pipe that has the errors alone. */
  Violations: 'V',
  /** Bytes of the kernel log. */
  Log: 'K',
  /** JSON: `recordedChange`. */
  Change: 'C',
  /** The recording was ended by its user; no payload. */
  End: 'Z'
} as const

const name = z
  .string()
  .max(80)
  .regex(/^[A-Za-z0-9_]+(:[A-Za-z0-9_]+)?$/)
/** Module parameters that bound a monitor's clocks, where the panel could read them. */
const values = z
  .array(z.object({ name: z.string().max(80), value: z.number() }))
  .max(100)
  .optional()
const monitor = z.object({
  /** `parent:child`, or the name. */
  name,
  class: z.enum(['da', 'ha', 'ltl', 'container', 'unknown']),
  /** As the files of the target, or the model, said. */
  type: z.enum(['global', 'per_cpu', 'per_task', 'per_obj', 'unknown']),
  hasId: z.boolean(),
  description: z.string().max(1000),
  enabled: z.boolean(),
  reactor: z.string().max(80).nullable(),
  /** DOT text of the model that the panel had for it, for whoever has none. */
  model: z.string().nullable(),
  values
})
export const switchFacts = z.object({
  monitoringOn: z.boolean(),
  reactingOn: z.boolean().nullable(),
  reactors: z.array(z.string().max(80)).max(100).nullable()
})

/** What the target was when the recording began. */
export const recordedFacts = z.object({
  /** Name of the target. */
  target: z.string().max(5000),
  release: z.string().max(300),
  cpus: z.int().min(0).max(65_536),
  monitors: z.array(monitor).max(2000),
  switches: switchFacts
})
export type RecordedFacts = z.infer<typeof recordedFacts>
export type RecordedMonitor = RecordedFacts['monitors'][number]

/** What happened to the target beside its streams. */
export const recordedChange = z.discriminatedUnion('is', [
  /** A monitor is on or off, or has another reactor; `off`: its instances are in no state. */
  z.object({
    is: z.literal('monitor'),
    name,
    enabled: z.boolean(),
    reactor: z.string().max(80).nullable(),
    off: z.boolean(),
    values
  }),
  /** The kernel reset a monitor: none of its instances is in a state any more. */
  z.object({ is: z.literal('reset'), name, off: z.boolean() }),
  z.object({ is: z.literal('switches'), switches: switchFacts }),
  /** Events that the kernel's counters say were lost since the recording began. */
  z.object({ is: z.literal('losses'), events: z.number().min(0) }),
  /** A stream ended by itself, or a piece of it was damaged: what it held nobody knows. */
  z.object({ is: z.literal('gap') }),
  /** pids, comms and thread groups of the tasks that there are. */
  z.object({
    is: z.literal('tasks'),
    tasks: z.array(z.tuple([z.int(), z.string().max(64), z.int()]))
  })
])
export type RecordedChange = z.infer<typeof recordedChange>

/** A record as bytes. */
export function encodeRecord(type: string, at: number, payload: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(HEADER + payload.length)
  const view = new DataView(bytes.buffer)
  bytes[0] = type.charCodeAt(0)
  view.setUint32(4, payload.length, true)
  view.setFloat64(8, at, true)
  bytes.set(payload, HEADER)
  view.setUint32(16, checksum(bytes, payload), true)
  return bytes
}

/** A record as JSON. */
export function encodeJson(
  type: string,
  at: number,
  value: RecordedFacts | RecordedChange
): Uint8Array {
  return encodeRecord(type, at, new TextEncoder().encode(JSON.stringify(value)))
}

function checksum(head: Uint8Array, payload: Uint8Array): number {
  return crc32(payload, crc32(head.subarray(0, HEADER - 4)))
}

/** Takes one record; `payload` is good until it returns. */
export type RecordSink = (type: string, payload: Uint8Array, at: number) => void

/** Takes a recording apart, whose bytes come in any pieces. Never throws on account of them. */
export class RecordParser {
  /** What is wrong, one sentence; nothing behind it is read. */
  problem: string | undefined
  records = 0
  #rest: Uint8Array = new Uint8Array()
  /** Bytes of the file before #rest. */
  #offset = MAGIC.length
  #toSkip = MAGIC.length

  /** @param bytes from the file's first byte on, the magic line included */
  push(bytes: Uint8Array, sink: RecordSink): void {
    if (this.problem !== undefined) return
    let piece = bytes
    if (this.#toSkip > 0) {
      const skipped = Math.min(this.#toSkip, piece.length)
      this.#toSkip -= skipped
      piece = piece.subarray(skipped)
    }
    let data = piece
    if (this.#rest.length > 0) {
      data = new Uint8Array(this.#rest.length + piece.length)
      data.set(this.#rest)
      data.set(piece, this.#rest.length)
    }
    const used = this.#records(data, sink)
    this.#rest = data.slice(used)
    this.#offset += used
  }

  /** The file ended. */
  finish(): void {
    if (this.problem !== undefined || this.#rest.length === 0) return
    this.problem = `The recording ends in the middle of a record, at byte ${String(this.#offset)}, as after a crash: what came before it is shown.`
  }

  #records(data: Uint8Array, sink: RecordSink): number {
    const view = new DataView(data.buffer, data.byteOffset, data.length)
    let at = 0
    while (data.length - at >= HEADER) {
      const length = view.getUint32(at + 4, true)
      if (length > MAX_PAYLOAD) {
        this.#damaged(at, `says that it is ${String(length)} bytes long`)
        return data.length
      }
      const end = at + HEADER + length
      if (end > data.length) break
      const payload = data.subarray(at + HEADER, end)
      const head = data.subarray(at, at + HEADER)
      if (checksum(head, payload) !== view.getUint32(at + 16, true)) {
        this.#damaged(at, 'does not match its checksum')
        return data.length
      }
      this.records++
      sink(String.fromCharCode(head[0] ?? 0), payload, view.getFloat64(at + 8, true))
      at = end
    }
    return at
  }

  #damaged(at: number, what: string): void {
    this.problem = `The recording is damaged: the record at byte ${String(this.#offset + at)} ${what}; what came before it is shown.`
  }
}
