import { isolateHistory } from '@codemirror/commands'
import type { Diagnostic as Finding } from '@codemirror/lint'
import type { EditorState, Text } from '@codemirror/state'
import type { EditorView } from '@codemirror/view'
import type { Diagnostic } from '../../../model/diagnostics'
import type { TextEdit } from '../../../model/text-edit'
import { visible, visibleLine } from '../../ui/text'

/** Offset of a line and column, which count from 1; what lies outside comes to the nearest place. */
export function offsetAt(doc: Text, line: number, column: number): number {
  const at = doc.line(Math.min(Math.max(line, 1), doc.lines))
  return Math.min(at.from + Math.max(0, column - 1), at.to)
}

/** A finding of the model as CodeMirror underlines it, with its fixes. */
export function findingOf(state: EditorState, diagnostic: Diagnostic): Finding {
  const { doc } = state
  const from = offsetAt(doc, diagnostic.line, diagnostic.column)
  const end = offsetAt(doc, diagnostic.endLine, diagnostic.endColumn)
  // Nothing can be seen of an empty stretch: the character at it, or before it at a line's end.
  const to = end > from ? end : Math.min(from + 1, doc.length)
  return {
    from: to > from ? from : Math.max(0, from - 1),
    to,
    severity: diagnostic.severity === 'note' ? 'info' : diagnostic.severity,
    message: visible(diagnostic.message),
    source: diagnostic.code,
    actions: (diagnostic.fixes ?? []).map((fix) => ({
      name: titleOf(fix),
      apply: (view: EditorView) => {
        // Its places are those of the text that was checked.
        if (view.state.doc.eq(doc)) applyFix(view, fix.edits)
      }
    }))
  }
}

/** What a fix is called on its button: in one line, and in part where a name in it is very long. */
export function titleOf({ title }: { readonly title: string }): string {
  return visibleLine(title.length > MAX_TITLE ? `${title.slice(0, MAX_TITLE - 1)}…` : title)
}

const MAX_TITLE = 90

/** What is done at once is undone at once, and with nothing else. */
export const oneStep = isolateHistory.of('full')

/** Applies edits as one step of the history. */
export function applyFix(view: EditorView, edits: readonly TextEdit[]): void {
  view.dispatch({
    changes: changesOf(edits),
    userEvent: 'input.fix',
    annotations: oneStep,
    scrollIntoView: true
  })
  view.focus()
}

/** Edits as CodeMirror takes them. */
export function changesOf(
  edits: readonly TextEdit[]
): { from: number; to: number; insert: string }[] {
  return edits.map(({ start, end, text }) => ({ from: start, to: end, insert: text }))
}
