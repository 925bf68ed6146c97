import type { Fix } from '../diagnostics'
import { quoted } from '../findings'
import type { Findings, Span } from '../findings'
import type { LtlAssignment, LtlExpression } from './syntax'

/*
 * rvgen puts a definition's operator in the place of each of its names, but
 * once, and then turns operators and negations round in place. Seen with the
 * rvgen of Linux 7.3: a name that stands for a name alone is not followed, and
 * what two uses share may be negated twice.
 */

/** How a definition is used by RULE, itself or through others. */
interface Use {
  count: number
  positive: boolean
  negative: boolean
}

/**
 * Reports names that mean what they say here, and something else in rvgen.
 *
 * @param used the definitions that RULE needs, each behind those that it uses.
 */
export function checkNames(
  used: readonly LtlAssignment[],
  definitions: ReadonlyMap<string, LtlAssignment>,
  findings: Findings
): void {
  const uses = new Map<string, Use>([['RULE', { count: 1, positive: true, negative: false }]])
  for (const { name, expression } of [...used].reverse()) {
    const use = uses.get(name)
    if (use !== undefined) count(expression, use.positive, use.negative, uses)
  }
  for (const { name, nameSpan, expression } of used) {
    checkDoubleNegation(expression, definitions, findings)
    const top = inside(expression)
    if (top.kind === 'name' && definitions.has(top.name)) {
      findings.warning(
        'name-of-name',
        top.span,
        `${quoted(name)} stands for the definition of ${quoted(top.name)}, but rvgen takes ${quoted(top.name)} for an atom here; expected that definition's formula.`,
        inline(top.span, definitions.get(top.name), findings.text)
      )
    }
    const use = uses.get(name)
    if (use !== undefined && use.count > 1 && isUnsafe(top, use, definitions)) {
      findings.warning(
        'shared-name',
        nameSpan,
        `${quoted(name)} is used ${use.count} times, and rvgen builds a wrong monitor of that, since it negates shared formulas in place; expected a definition for each use where rvgen is to read the file.`
      )
    }
  }
}

/** A definition's formula in the place of its name. */
function inline(at: Span, definition: LtlAssignment | undefined, text: string): Fix | undefined {
  if (definition === undefined) return undefined
  const { start, end } = definition.expression.span
  // A comment inside it would take what follows on its line.
  const source = text.slice(start, end)
  if (/[#\r\n]/.test(source)) return undefined
  return { title: 'Put the formula here', edits: [{ ...at, text: `(${source})` }] }
}

/** rvgen takes two negations away and forgets to bring what is below them into normal form. */
function checkDoubleNegation(
  e: LtlExpression,
  definitions: ReadonlyMap<string, LtlAssignment>,
  findings: Findings
): void {
  const negated = e.kind === 'unary' ? negatedBy(e, definitions) : undefined
  const twice = negated === undefined ? undefined : negatedBy(negated, definitions)
  const below = twice === undefined ? undefined : followed(twice, definitions)
  if (below !== undefined && isRewritten(below, definitions)) {
    findings.warning(
      'double-negation',
      e.span,
      'rvgen fails on two negations of a formula that has `imply`, `always`, `eventually` or `not` at its top; expected none of the two.'
    )
  }
  switch (e.kind) {
    case 'literal':
    case 'name':
      return
    case 'group':
    case 'unary':
      checkDoubleNegation(e.of, definitions, findings)
      return
    case 'binary':
      checkDoubleNegation(e.left, definitions, findings)
      checkDoubleNegation(e.right, definitions, findings)
  }
}

function isRewritten(e: LtlExpression, definitions: ReadonlyMap<string, LtlAssignment>): boolean {
  if (e.kind === 'binary') return e.op === 'imply'
  if (e.kind !== 'unary') return false
  if (e.op !== 'not') return e.op !== 'next'
  const { kind } = followed(e.of, definitions)
  return kind !== 'name'
}

/** What the `not` at the expression's top negates. */
function negatedBy(
  e: LtlExpression,
  definitions: ReadonlyMap<string, LtlAssignment>
): LtlExpression | undefined {
  const top = e.kind === 'unary' ? e : followed(e, definitions)
  return top.kind === 'unary' && top.op === 'not' ? top.of : undefined
}

/** The expression, or the definition that it names. Definitions are known to have no cycle. */
function followed(
  e: LtlExpression,
  definitions: ReadonlyMap<string, LtlAssignment>
): LtlExpression {
  let at = inside(e)
  for (;;) {
    const definition = at.kind === 'name' ? definitions.get(at.name) : undefined
    if (definition === undefined) return at
    at = inside(definition.expression)
  }
}

/** Whether rvgen changes what the uses share: below a negation, and where the operator itself goes away. */
function isUnsafe(
  top: LtlExpression,
  use: Use,
  definitions: ReadonlyMap<string, LtlAssignment>
): boolean {
  switch (top.kind) {
    case 'name':
      return false
    case 'unary': {
      if (top.op !== 'not') return use.negative
      const of = inside(top.of)
      return of.kind !== 'name' || definitions.has(of.name)
    }
    case 'binary':
      return top.op === 'imply' || top.op === 'equivalent' || use.negative
    default:
      return use.negative
  }
}

function count(
  e: LtlExpression,
  positive: boolean,
  negative: boolean,
  uses: Map<string, Use>
): void {
  switch (e.kind) {
    case 'literal':
      return
    case 'name': {
      const use = uses.get(e.name) ?? { count: 0, positive: false, negative: false }
      use.count++
      use.positive ||= positive
      use.negative ||= negative
      uses.set(e.name, use)
      return
    }
    case 'group':
      count(e.of, positive, negative, uses)
      return
    case 'unary':
      if (e.op === 'not') count(e.of, negative, positive, uses)
      else count(e.of, positive, negative, uses)
      return
    case 'binary': {
      const both = e.op === 'equivalent'
      const flipped = both || e.op === 'imply'
      count(
        e.left,
        both || (flipped ? negative : positive),
        both || (flipped ? positive : negative),
        uses
      )
      count(e.right, both || positive, both || negative, uses)
    }
  }
}

function inside(e: LtlExpression): LtlExpression {
  return e.kind === 'group' ? inside(e.of) : e
}
