import type { Diagnostic } from '../diagnostics'

/** Largest file that is read, in bytes: four for each character of the longest model. */
export const MAX_FILE_BYTES = 1 << 26

/** How far a file is looked into for NUL bytes. */
const SAMPLE = 4096

/** A file's text, or why it is none. */
export type Decoded = { readonly text: string } | { readonly diagnostic: Diagnostic }

/** The bytes as UTF-8. A byte order mark stays, since rvgen refuses it. */
export function decodeModel(bytes: Uint8Array, file: string): Decoded {
  const nul = bytes.subarray(0, SAMPLE).indexOf(0)
  if (nul !== -1) {
    return {
      diagnostic: fileDiagnostic(
        'binary',
        file,
        `Byte ${nul + 1} is NUL: this is no text; expected a model.`
      )
    }
  }
  try {
    return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) }
  } catch {
    return { diagnostic: invalid(bytes, file) }
  }
}

/** A finding about a file as a whole. */
export function fileDiagnostic(
  code: string,
  file: string,
  message: string,
  severity: Diagnostic['severity'] = 'error'
): Diagnostic {
  return { severity, code, file, line: 1, column: 1, endLine: 1, endColumn: 1, message }
}

function invalid(bytes: Uint8Array, file: string): Diagnostic {
  const at = invalidOffset(bytes)
  const before = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(0, at))
  const lines = before.split(/\r\n|\r|\n/)
  const line = lines.length
  const column = (lines.at(-1)?.length ?? 0) + 1
  const hex = (bytes[at] ?? 0).toString(16).padStart(2, '0')
  return {
    ...fileDiagnostic(
      'invalid-utf8',
      file,
      `Byte ${at + 1} (0x${hex}) is not UTF-8; expected the file in that encoding.`
    ),
    line,
    column,
    endLine: line,
    endColumn: column + 1
  }
}

/** Offset of the first byte that begins no UTF-8 sequence (RFC 3629, section 4). */
function invalidOffset(bytes: Uint8Array): number {
  let i = 0
  while (i < bytes.length) {
    const length = sequenceLength(bytes, i)
    if (length === 0) return i
    i += length
  }
  return i
}

function sequenceLength(bytes: Uint8Array, i: number): number {
  const first = bytes[i] ?? 0
  const second = bytes[i + 1] ?? 0
  const follows = (from: number, to: number): boolean => {
    for (let k = from; k <= to; k++) if (((bytes[i + k] ?? 0) & 0xc0) !== 0x80) return false
    return true
  }
  if (first < 0x80) return 1
  if (first >= 0xc2 && first <= 0xdf) return follows(1, 1) ? 2 : 0
  if (first >= 0xe0 && first <= 0xef) {
    // Neither overlong nor a surrogate.
    if (first === 0xe0 && second < 0xa0) return 0
    if (first === 0xed && second > 0x9f) return 0
    return follows(1, 2) ? 3 : 0
  }
  if (first >= 0xf0 && first <= 0xf4) {
    if (first === 0xf0 && second < 0x90) return 0
    if (first === 0xf4 && second > 0x8f) return 0
    return follows(1, 3) ? 4 : 0
  }
  return 0
}
