import type { TextEdit } from './text-edit'

/** How bad a finding is: an error leaves no automaton, a warning and a note leave one. */
export type Severity = 'error' | 'warning' | 'note'

/** A way to mend a finding, which the author takes or leaves. */
export interface Fix {
  /** What it does, as a command: `Remove the second edge`. */
  readonly title: string
  /** Of the text that was checked. */
  readonly edits: readonly TextEdit[]
  /** It takes text away that may have been meant: nobody applies it unasked. */
  readonly loses?: true
}

/** One finding in a model's or an instrumentation's text. Lines and columns count from 1. */
export interface Diagnostic {
  readonly severity: Severity
  /** Stable identifier in kebab case, such as `two-initial-states`. */
  readonly code: string
  readonly file: string
  readonly line: number
  readonly column: number
  /** End of the range (exclusive column), for underlining. */
  readonly endLine: number
  readonly endColumn: number
  /** One clear sentence: what was found and what was expected. */
  readonly message: string
  /** The best first; none where only the author can know. */
  readonly fixes?: readonly Fix[]
}

/** `file:line:column: severity: message [code]`, the form that editors follow. */
export function formatDiagnostic(d: Diagnostic): string {
  return `${d.file}:${d.line}:${d.column}: ${d.severity}: ${d.message} [${d.code}]`
}
