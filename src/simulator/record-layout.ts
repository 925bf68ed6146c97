import type { TraceEvent, TraceField } from './trace-events'

/** How a field lies in a record, as the event's `format` says. */
export interface FieldLayout {
  readonly field: TraceField
  /** Bytes from the beginning of the record. */
  readonly offset: number
  readonly kind:
    | 'integer'
    /** An array of characters of a fixed size. */
    | 'characters'
    /** An array of 64-bit numbers. */
    | 'array'
    /** 16 bits offset, 16 bits length of a string behind the fields: __data_loc. */
    | 'string'
    /** What follows the fields: `char buf[]`. */
    | 'rest'
}

export interface RecordLayout {
  readonly fields: readonly FieldLayout[]
  /** Where strings may begin: behind the last field. */
  readonly end: number
  /** Bytes without strings, as the compiler rounds the struct. */
  readonly size: number
}

/** Bytes of common_type, common_flags, common_preempt_count and common_pid. */
export const COMMON_BYTES = 8

const layouts = new WeakMap<TraceEvent, RecordLayout>()

export function layoutOf(event: TraceEvent): RecordLayout {
  const known = layouts.get(event)
  if (known !== undefined) return known
  const fields: FieldLayout[] = []
  let end = COMMON_BYTES
  let alignment = 4
  for (const field of event.fields) {
    const kind = kindOf(field)
    const aligned = kind === 'characters' || kind === 'rest' ? 1 : Math.min(8, field.size)
    alignment = Math.max(alignment, aligned)
    const offset = Math.ceil(end / aligned) * aligned
    fields.push({ field, offset, kind })
    end = offset + field.size
  }
  const layout = { fields, end, size: Math.ceil(end / alignment) * alignment }
  layouts.set(event, layout)
  return layout
}

function kindOf({ declaration, size }: TraceField): FieldLayout['kind'] {
  if (declaration.startsWith('__data_loc')) return 'string'
  if (declaration.startsWith('char ')) return size === 0 ? 'rest' : 'characters'
  return declaration.endsWith(']') ? 'array' : 'integer'
}
