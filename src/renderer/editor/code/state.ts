import {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap
} from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands'
import { bracketMatching, indentUnit } from '@codemirror/language'
import { lintGutter, lintKeymap } from '@codemirror/lint'
import { highlightSelectionMatches, searchKeymap } from '@codemirror/search'
import { EditorState } from '@codemirror/state'
import type { Extension } from '@codemirror/state'
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers
} from '@codemirror/view'
import { HIDDEN_CHARACTER } from '../../../model/visible-text'
import { complete } from './completion'
import type { Vocabulary } from './completion'
import { languageOf } from './languages'
import { appearance } from './theme'

/** What the editor of a file asks and tells. */
export interface FileHooks {
  vocabulary(): Vocabulary
  /** Name of the editor for a screen reader. */
  readonly label: string
  readonly readOnly: boolean
}

/** A new editor's state, without history. `text` has line feeds only, or line breaks that are to be kept as they are. */
export function fileState(file: string, text: string, hooks: FileHooks): EditorState {
  return EditorState.create({ doc: text, extensions: extensions(file, hooks) })
}

function extensions(file: string, hooks: FileHooks): Extension {
  return [
    // A carriage return that stands alone stays where it is, and shows.
    EditorState.lineSeparator.of('\n'),
    EditorState.readOnly.of(hooks.readOnly),
    EditorView.contentAttributes.of({
      'aria-label': hooks.label,
      spellcheck: 'false',
      // A text that is only read is scrolled by keys as well.
      tabindex: '0'
    }),
    lineNumbers(),
    lintGutter(),
    highlightSpecialChars({ specialChars: HIDDEN_CHARACTER }),
    highlightActiveLine(),
    highlightActiveLineGutter(),
    history(),
    drawSelection(),
    bracketMatching(),
    closeBrackets(),
    highlightSelectionMatches(),
    indentUnit.of(/\.ya?ml$/.test(file) ? '  ' : '\t'),
    EditorState.tabSize.of(8),
    autocompletion({
      override: [(context) => complete(context, file, hooks.vocabulary())],
      icons: false
    }),
    languageOf(file),
    appearance,
    keymap.of([
      ...closeBracketsKeymap,
      ...completionKeymap,
      ...lintKeymap,
      ...searchKeymap,
      ...historyKeymap,
      // Escape, then Tab leaves the editor.
      indentWithTab,
      ...defaultKeymap
    ])
  ]
}
