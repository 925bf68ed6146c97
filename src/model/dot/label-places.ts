import { quoted } from '../findings'
import type { Findings, Span } from '../findings'
import type { LabelError } from '../labels'
import type { Value } from './syntax'

/** A statement that makes a state, for a sentence. */
export const nodeStatement = (id: string): string => quoted(`"${id}" [label = "${id}"]`)

/** Reports a label of a state or an event that cannot be read. */
export function labelError(
  code: string,
  what: string,
  label: Value,
  error: LabelError,
  findings: Findings
): void {
  findings.error(
    code,
    shift(error.span, label),
    `Unrecognised ${what} ${quoted(label.text)}; expected ${error.expected} here.`
  )
}

/** The place in the file of a stretch of a label. */
export const shift = (span: Span, label: Value): Span => ({
  start: label.span.start + span.start,
  end: label.span.start + span.end
})
