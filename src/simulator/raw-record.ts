import { AT_ARGUMENTS, AT_EVENT, AT_FLAGS, AT_PID } from './ring-buffer'
import type { RawPage } from './raw-page'
import { layoutOf, type FieldLayout, type RecordLayout } from './record-layout'
import { fieldValues, type FieldValue } from './record-values'
import { kernelId } from './trace-ids'
import {
  FLAG_BH_OFF,
  FLAG_HARDIRQ,
  FLAG_IRQS_OFF,
  FLAG_NEED_RESCHED,
  FLAG_NMI,
  FLAG_SOFTIRQ,
  type TraceHub
} from './trace-hub'

/** common_flags: enum trace_flag_type of include/linux/trace_events.h. */
const TRACE_FLAG_IRQS_OFF = 0x01
const TRACE_FLAG_NEED_RESCHED = 0x04
const TRACE_FLAG_HARDIRQ = 0x08
const TRACE_FLAG_SOFTIRQ = 0x10
const TRACE_FLAG_PREEMPT_RESCHED = 0x20
const TRACE_FLAG_NMI = 0x40
const TRACE_FLAG_BH_OFF = 0x80

const encoder = new TextEncoder()

/**
 * Writes a record of the trace buffer into a page, laid out as the `format`
 * file of its event says.
 * @returns false: the page has no room for it
 */
export function addRecord(
  page: RawPage,
  hub: TraceHub,
  cpu: number,
  time: number,
  words: Int32Array,
  at: number
): boolean {
  const event = hub.eventById[words[at + AT_EVENT]!]
  // An event that is no more has no format either.
  if (event === undefined) return true
  hub.currentCpu = cpu
  const layout = layoutOf(event)
  const values = fieldValues(event, (index) => words[at + AT_ARGUMENTS + index]!, hub)
  const texts = values.map((value, index) => bytesOf(layout.fields[index], value))
  const data = texts.reduce((sum, text) => sum + text.length, 0)
  const start = page.add(time, layout.size + data)
  if (start === -1) return false
  const flags = words[at + AT_FLAGS]!
  const view = new DataView(page.bytes.buffer, start)
  view.setUint16(0, kernelId(hub, event), true)
  view.setUint8(2, commonFlags(flags))
  view.setUint8(3, ((flags >> 8) & 15) | (((flags >> 16) & 15) << 4))
  view.setInt32(4, words[at + AT_PID]!, true)
  writeFields(page.bytes, view, layout, values, texts)
  return true
}

function writeFields(
  page: Uint8Array,
  view: DataView,
  { fields, end }: RecordLayout,
  values: readonly FieldValue[],
  texts: readonly Uint8Array[]
): void {
  let place = end
  for (const [index, { field, offset, kind }] of fields.entries()) {
    const value = values[index]!
    const text = texts[index]!
    if (kind === 'string') {
      view.setUint32(offset, place | (text.length << 16), true)
      page.set(text, view.byteOffset + place)
      place += text.length
    } else if (kind === 'rest') {
      page.set(text, view.byteOffset + offset)
    } else if (typeof value === 'string') {
      // Room for a NUL is kept, as strscpy() does.
      const room = encoder.encode(value).subarray(0, field.size - 1)
      page.set(room, view.byteOffset + offset)
    } else if (typeof value === 'object') {
      for (const [i, one] of value.entries()) view.setBigInt64(offset + 8 * i, BigInt(one), true)
    } else {
      integer(view, offset, field.size, value)
    }
  }
}

function integer(view: DataView, offset: number, size: number, value: number | bigint): void {
  if (size === 8) view.setBigInt64(offset, BigInt(value), true)
  else if (size === 4) view.setInt32(offset, Number(value), true)
  else if (size === 2) view.setInt16(offset, Number(value), true)
  else view.setInt8(offset, Number(value))
}

const NONE = new Uint8Array(0)

/** Bytes behind the fields, with the NUL that ends them. */
function bytesOf(layout: FieldLayout | undefined, value: FieldValue): Uint8Array {
  if (layout === undefined || (layout.kind !== 'string' && layout.kind !== 'rest')) return NONE
  return encoder.encode(`${String(value)}\0`)
}

function commonFlags(flags: number): number {
  return (
    ((flags & FLAG_IRQS_OFF) !== 0 ? TRACE_FLAG_IRQS_OFF : 0) |
    // On x86 the two go together.
    ((flags & FLAG_NEED_RESCHED) !== 0 ? TRACE_FLAG_NEED_RESCHED | TRACE_FLAG_PREEMPT_RESCHED : 0) |
    ((flags & FLAG_HARDIRQ) !== 0 ? TRACE_FLAG_HARDIRQ : 0) |
    ((flags & FLAG_SOFTIRQ) !== 0 ? TRACE_FLAG_SOFTIRQ : 0) |
    ((flags & FLAG_NMI) !== 0 ? TRACE_FLAG_NMI : 0) |
    ((flags & FLAG_BH_OFF) !== 0 ? TRACE_FLAG_BH_OFF : 0)
  )
}
