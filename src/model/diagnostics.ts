/** How bad a finding is: an error leaves no automaton, a warning and a note leave one. */
export type Severity = 'error' | 'warning' | 'note'

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
}

/** `file:line:column: severity: message [code]`, the form that editors follow. */
export function formatDiagnostic(d: Diagnostic): string {
  return `${d.file}:${d.line}:${d.column}: ${d.severity}: ${d.message} [${d.code}]`
}
