import { TracefsError } from '../target/port'

const utf8 = new TextDecoder('utf-8')

/**
 * Text of a tracefs file. Reads of `enable`, `desc`, `monitoring_on` and `reacting_on` end in a
 * newline and a NUL (kernel/trace/rv/rv.c passes the terminator along); both go.
 */
export function fileText(bytes: Uint8Array): string {
  return utf8.decode(bytes).replaceAll('\0', '').trimEnd()
}

/** Whether a name that a target sent may be used in a path or written back to it. */
export function isPlainName(name: string): boolean {
  return name.length <= 80 && /^[A-Za-z0-9_]+$/.test(name)
}

/** A piece of hostile text for a message: control characters escaped, and not too long. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text).replace(
    /[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`
  )
}

/** One sentence for whatever was thrown. */
export function sentence(error: unknown): string {
  if (error instanceof Error && error.message !== '') return error.message
  return 'The target gave no reason.'
}

/** Whether an error says that the path is not there. */
export function isMissing(error: unknown): boolean {
  return error instanceof TracefsError && (error.code === 'ENOENT' || error.code === 'ENOTDIR')
}
