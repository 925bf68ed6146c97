import { checkModel } from '../check'
import type { CheckOptions } from '../check'
import type { Diagnostic, Fix } from '../diagnostics'
import { applyEdits } from '../text-edit'
import type { TextEdit } from '../text-edit'

/** A fix may uncover further findings; after so many rounds what is left stays. */
const MAX_ROUNDS = 20

/** One fix that was applied, with its finding as it was in the text then. */
export interface AppliedFix {
  readonly diagnostic: Diagnostic
  readonly fix: Fix
}

export interface FixedModel {
  readonly text: string
  readonly applied: readonly AppliedFix[]
}

/**
 * Applies the best fix of each error and warning that has one, until none is
 * left. Fixes that take text away which may have been meant are left to the author.
 */
export function fixModel(text: string, file: string, options: CheckOptions = {}): FixedModel {
  const applied: AppliedFix[] = []
  let current = text
  let found = checkModel(current, file, options)
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const chosen = choose(found)
    const edits = chosen.flatMap(({ fix }) => fix.edits)
    const next = applyEdits(current, edits)
    if (next === current) break
    const left = checkModel(next, file, options)
    // What hid behind an error may come to light once; a text that only gets worse is no repair.
    if (round > 0 && countErrors(left) > countErrors(found)) break
    applied.push(...chosen)
    current = next
    found = left
  }
  return { text: current, applied }
}

function countErrors(diagnostics: readonly Diagnostic[]): number {
  return diagnostics.filter((d) => d.severity === 'error').length
}

/** Fixes whose edits do not touch each other. */
function choose(diagnostics: readonly Diagnostic[]): AppliedFix[] {
  const chosen: AppliedFix[] = []
  const taken: TextEdit[] = []
  for (const diagnostic of diagnostics) {
    const fix = diagnostic.fixes?.find((f) => f.loses !== true)
    if (diagnostic.severity === 'note' || fix === undefined) continue
    const meets = fix.edits.some((e) => taken.some((t) => e.start <= t.end && t.start <= e.end))
    if (meets) continue
    chosen.push({ diagnostic, fix })
    taken.push(...fix.edits)
  }
  return chosen
}
