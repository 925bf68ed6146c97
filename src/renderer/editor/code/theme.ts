import { HighlightStyle, syntaxHighlighting } from '@codemirror/language'
import type { Extension } from '@codemirror/state'
import { EditorView } from '@codemirror/view'
import { tags } from '@lezer/highlight'

/*
 * The panel's tokens as CodeMirror's theme: custom properties reach into the shadow tree that the
 * editor lives in, so that both themes are one.
 */

const look = EditorView.theme({
  '&': { height: '100%', color: 'var(--text)', backgroundColor: 'var(--bg)' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': {
    fontFamily: 'var(--mono)',
    fontSize: '12.5px',
    lineHeight: '1.6',
    fontVariantLigatures: 'none',
    scrollbarWidth: 'thin',
    scrollbarColor: 'var(--scroll) transparent'
  },
  '.cm-content': { caretColor: 'var(--text)', padding: '8px 0' },
  '.cm-cursor': { borderLeftColor: 'var(--text)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground':
    { backgroundColor: 'color-mix(in srgb, var(--accent) 30%, transparent)' },
  '.cm-activeLine': { backgroundColor: 'color-mix(in srgb, var(--hover) 55%, transparent)' },
  '.cm-gutters': { backgroundColor: 'var(--bg)', color: 'var(--dim)', border: 'none' },
  '.cm-activeLineGutter': { backgroundColor: 'transparent', color: 'var(--text)' },
  '.cm-matchingBracket': {
    backgroundColor: 'var(--hover)',
    outline: '1px solid var(--line-strong)'
  },
  '.cm-selectionMatch': { backgroundColor: 'color-mix(in srgb, var(--accent) 18%, transparent)' },
  '.cm-searchMatch': { backgroundColor: 'color-mix(in srgb, var(--warn) 35%, transparent)' },
  '.cm-lintRange-error': underline('--bad'),
  '.cm-lintRange-warning': underline('--warn'),
  '.cm-lintRange-info': underline('--accent'),
  '.cm-tooltip': {
    border: '1px solid var(--line-strong)',
    borderRadius: '8px',
    backgroundColor: 'var(--panel)',
    color: 'var(--text)',
    boxShadow: 'var(--shadow)',
    overflow: 'hidden'
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': { fontFamily: 'var(--mono)', fontSize: '12px' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': { padding: '3px 10px' },
  '.cm-tooltip-autocomplete ul li[aria-selected]': {
    backgroundColor: 'var(--accent-bg)',
    color: 'var(--text)'
  },
  '.cm-completionDetail': { color: 'var(--dim)', fontStyle: 'normal' },
  '.cm-diagnostic': {
    maxWidth: '560px',
    padding: '7px 11px',
    fontFamily: 'var(--font)',
    fontSize: '12.5px',
    lineHeight: '1.45',
    borderLeft: '3px solid var(--accent)'
  },
  '.cm-diagnostic-error': { borderLeftColor: 'var(--bad)' },
  '.cm-diagnostic-warning': { borderLeftColor: 'var(--warn)' },
  '.cm-diagnosticAction': {
    display: 'block',
    margin: '6px 0 0',
    padding: '3px 9px',
    border: '1px solid var(--line)',
    borderRadius: '6px',
    backgroundColor: 'var(--raised)',
    color: 'var(--text)',
    font: 'inherit'
  },
  '.cm-diagnosticAction:hover': { backgroundColor: 'var(--hover)' },
  '.cm-panels': { backgroundColor: 'var(--panel)', color: 'var(--text)' },
  '.cm-panels.cm-panels-top': { borderBottom: '1px solid var(--line)' },
  '.cm-panel input, .cm-panel button': {
    fontFamily: 'var(--font)',
    border: '1px solid var(--line)',
    borderRadius: '6px',
    background: 'var(--raised)',
    color: 'var(--text)'
  },
  // In place of CodeMirror's pictures, which are data: URLs that the page does not load.
  '.cm-lint-marker': { width: '8px', height: '8px', margin: '6px 3px', borderRadius: '50%' },
  '.cm-lint-marker-error': { content: 'normal', backgroundColor: 'var(--bad)' },
  '.cm-lint-marker-warning': { content: 'normal', backgroundColor: 'var(--warn)' },
  '.cm-lint-marker-info': { content: 'normal', backgroundColor: 'var(--accent)' }
})

function underline(colour: string): Record<string, string> {
  return {
    backgroundImage: 'none',
    textDecoration: `underline wavy var(${colour}) 1px`,
    textUnderlineOffset: '3px'
  }
}

const colours = HighlightStyle.define([
  { tag: tags.comment, color: 'var(--dim)', fontStyle: 'italic' },
  { tag: tags.keyword, color: 'var(--s3)' },
  { tag: tags.operator, color: 'var(--soft)' },
  { tag: tags.punctuation, color: 'var(--dim)' },
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: 'var(--s7)' },
  { tag: tags.variableName, color: 'var(--s2)' },
  { tag: tags.definition(tags.variableName), color: 'var(--s2)', fontWeight: '600' },
  { tag: [tags.string, tags.content], color: 'var(--s0)' },
  { tag: tags.special(tags.variableName), color: 'var(--s1)' },
  { tag: [tags.number, tags.atom, tags.bool], color: 'var(--s1)' },
  { tag: tags.escape, color: 'var(--s5)' },
  { tag: tags.typeName, color: 'var(--s7)' },
  { tag: [tags.meta, tags.processingInstruction], color: 'var(--s5)' }
])

/** How the editor looks, in both themes of the panel. */
export const appearance: Extension = [look, syntaxHighlighting(colours)]
