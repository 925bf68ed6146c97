import type { LtlModel } from '../../model/ltl'
import { parseLtl, parseLtlFormula } from '../../model/ltl/parse'
import type { LtlAssignment, LtlExpression } from '../../model/ltl/syntax'
import { formatDiagnostic } from '../../model/diagnostics'

/** A formula's text, read. */
export interface ReadFormula {
  readonly text: string
  readonly model: LtlModel
  readonly assignments: readonly LtlAssignment[]
  readonly rule: LtlExpression
}

const CACHE = 32
const known = new Map<string, ReadFormula | string>()

/** A monitor's formula, read once per text; a sentence where it cannot be. */
export function formulaOf(text: string, name: string): ReadFormula | string {
  const before = known.get(text)
  if (before !== undefined) return before
  const { model, diagnostics } = parseLtl(text, `${name}.ltl`)
  const formula = parseLtlFormula(text, `${name}.ltl`).formula
  const rule = formula?.assignments.findLast((one) => one.name === 'RULE')?.expression
  const error = diagnostics.find(({ severity }) => severity === 'error')
  const read =
    model && formula && rule
      ? { text, model, assignments: formula.assignments, rule }
      : error
        ? formatDiagnostic(error)
        : ''
  if (known.size >= CACHE) known.clear()
  known.set(text, read)
  return read
}
