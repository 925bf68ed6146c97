/** A field of a raw record, as the event's `format` file says where it lies. */
export interface RawField {
  readonly name: string
  readonly offset: number
  /** Bytes; 0: to the end of the record. */
  readonly size: number
  readonly signed: boolean
  /** A string that lies elsewhere in the record: 16 bits offset, 16 bits length. */
  readonly dataLocation: boolean
  /** An array of characters. */
  readonly text: boolean
}

export interface RawFormat {
  readonly name: string
  /** common_type of its records. */
  readonly id: number
  readonly fields: readonly RawField[]
}

const FIELD =
  /^\tfield:([^;\n]{1,200});\toffset:(\d{1,5});\tsize:(\d{1,5});(?:\tsigned:([01]);)?$/gm

/** Reads a `format` file (kernel/trace/trace_events.c). Undefined where it is none. */
export function parseFormat(text: string): RawFormat | undefined {
  const name = /^name: (\S{1,200})$/m.exec(text)?.[1]
  const id = /^ID: (\d{1,5})$/m.exec(text)?.[1]
  if (name === undefined || id === undefined) return undefined
  const fields: RawField[] = []
  for (const [, declaration = '', offset, size, signed] of text.matchAll(FIELD)) {
    const field = /([A-Za-z_]\w*)(\[[^\]]*\])?$/.exec(declaration)
    if (field?.[1] === undefined) continue
    const dataLocation = declaration.startsWith('__data_loc ')
    fields.push({
      name: field[1],
      offset: Number(offset),
      size: Number(size),
      signed: signed === '1',
      dataLocation,
      text: /\bchar\b/.test(declaration) && (dataLocation || field[2] !== undefined)
    })
  }
  return { name, id: Number(id), fields }
}

/**
 * An integer field of a record. Undefined: the record is too short, or the field is no integer.
 * @param record the event's data
 */
export function readInteger(record: Uint8Array, field: RawField): bigint | undefined {
  const { offset, size, signed } = field
  if (offset + size > record.length) return undefined
  const view = new DataView(record.buffer, record.byteOffset, record.length)
  switch (size) {
    case 1:
      return BigInt(signed ? view.getInt8(offset) : view.getUint8(offset))
    case 2:
      return BigInt(signed ? view.getInt16(offset, true) : view.getUint16(offset, true))
    case 4:
      return BigInt(signed ? view.getInt32(offset, true) : view.getUint32(offset, true))
    case 8:
      return signed ? view.getBigInt64(offset, true) : view.getBigUint64(offset, true)
    default:
      return undefined
  }
}

const decoder = new TextDecoder()

/** A field of characters, up to its NUL. Undefined: it does not lie inside of the record. */
export function readText(record: Uint8Array, field: RawField): string | undefined {
  let { offset, size } = field
  if (field.dataLocation) {
    if (offset + 4 > record.length) return undefined
    const where = new DataView(record.buffer, record.byteOffset).getUint32(offset, true)
    offset = where & 0xffff
    size = where >>> 16
  } else if (size === 0) {
    size = record.length - offset
  }
  if (offset > record.length || offset + size > record.length) return undefined
  const bytes = record.subarray(offset, offset + size)
  const nul = bytes.indexOf(0)
  return decoder.decode(nul === -1 ? bytes : bytes.subarray(0, nul))
}
