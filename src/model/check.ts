import type { Diagnostic } from './diagnostics'
import { parseDot } from './dot'
import { parseLtl } from './ltl/parse'

/**
 * Everything that can be said of a model's text: what rvgen refuses, what it passes over in
 * silence, and what it never looks at. Never throws, whatever the text.
 *
 * @param file its ending (`.ltl`, else DOT) chooses the dialect, its stem is the model's name
 */
export function checkModel(text: string, file: string): readonly Diagnostic[] {
  return file.endsWith('.ltl') ? parseLtl(text, file).diagnostics : parseDot(text, file).diagnostics
}
