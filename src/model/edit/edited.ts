import { INIT_MARKER } from '../dot/statements'
import { quoted } from '../findings'
import type { TextEdit } from '../text-edit'

/** What an operation does to the text, or one sentence why it does nothing. */
export type Edited = { readonly edits: readonly TextEdit[] } | { readonly refused: string }

/** The operation is these replacements; none where the text says so already. */
export const done = (...edits: readonly TextEdit[]): Edited => ({ edits })

/** The operation cannot be done: one sentence for its author. */
export const refused = (sentence: string): Edited => ({ refused: sentence })

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/

/** A sentence about a name that C and the dialect do not take; undefined where they do. */
export function nameProblem(name: string): string | undefined {
  if (!NAME.test(name)) {
    return `${quoted(name)} is no name; expected letters, digits and \`_\`, and no digit first.`
  }
  if (name.startsWith(INIT_MARKER)) {
    return `${quoted(name)} would mark an initial state; expected a name that does not begin with \`${INIT_MARKER}\`.`
  }
  return undefined
}
