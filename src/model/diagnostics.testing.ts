import type { Diagnostic } from './diagnostics'
import { formatDiagnostic } from './diagnostics'

/** For tests: the diagnostics that lie outside their text, end before they begin, or are no single sentence. */
export function misplaced(text: string, diagnostics: readonly Diagnostic[]): string[] {
  const lines = text.split(/\r\n|\r|\n/)
  // The line feed of a CR LF is one column behind the text of its line.
  const inside = (line: number, column: number): boolean =>
    line >= 1 && column >= 1 && column <= (lines[line - 1]?.length ?? -2) + 2
  return diagnostics
    .filter(
      (d) =>
        !inside(d.line, d.column) ||
        !inside(d.endLine, d.endColumn) ||
        d.endLine < d.line ||
        (d.endLine === d.line && d.endColumn < d.column) ||
        !/^[^\n\r]*[.?]$/.test(d.message)
    )
    .map(formatDiagnostic)
}
