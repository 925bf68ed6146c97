import type { Findings } from '../findings'
import { Budget, TooComplex } from '../ltl/budget'
import { isSatisfiable } from '../ltl/emptiness'
import { MAX_STEPS } from '../ltl/parse'
import type { ReadLtl } from '../ltl/parse'
import { checkAtomNames } from './names'

/** What a formula says as a whole: never true, or always. Its automaton alone does not tell. */
export function checkLtl(read: ReadLtl, findings: Findings): void {
  const { model, formula, ruleSpan, atoms } = read
  checkAtomNames(model, atoms, findings)
  const { rule, formulas } = formula
  const can = (negated: boolean): boolean | undefined => {
    try {
      const asked = negated ? formulas.unary('not', rule) : rule
      return isSatisfiable(asked, formulas, model.atoms, new Budget(MAX_STEPS))
    } catch (e) {
      // The formula is fine; the question has no answer in reasonable time.
      if (e instanceof TooComplex) return undefined
      throw e
    }
  }
  if (can(false) === false) {
    findings.warning(
      'never-true',
      ruleSpan,
      'No sequence of events satisfies RULE as a whole; expected a formula that some do.'
    )
  } else if (can(true) === false) {
    findings.warning(
      'always-true',
      ruleSpan,
      'RULE holds whatever happens; expected a formula that some sequence of events violates.'
    )
  }
}
