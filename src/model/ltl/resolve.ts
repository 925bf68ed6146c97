import type { Fix } from '../diagnostics'
import { closest, quoted } from '../findings'
import type { Findings, Span } from '../findings'
import type { Formula, Formulas } from './formula'
import { checkNames } from './names'
import type { ParsedAssignments } from './parser'
import type { LtlAssignment, LtlExpression } from './syntax'
import { cut } from '../text-edit'

/** Operators, atoms and constants of RULE with every name put in. */
export const MAX_FORMULA_SIZE = 4096
/** How deep they may lie inside each other. */
export const MAX_FORMULA_DEPTH = 400

/** The formula of RULE, with where it is defined. */
export interface ResolvedRule {
  readonly formula: Formula
  readonly nameSpan: Span
  /** Where each atom was first met. */
  readonly atoms: ReadonlyMap<string, Span>
}

interface Sized {
  readonly formula: Formula
  readonly size: number
  readonly depth: number
}

/**
 * Puts the other definitions into RULE. What no definition has is an atom.
 * Of several definitions of a name the last counts, as in rvgen.
 *
 * @returns undefined where no formula results; the reason is among the findings.
 */
export function resolveRule(
  { assignments, unread, hasNameless }: ParsedAssignments,
  formulas: Formulas,
  findings: Findings
): ResolvedRule | undefined {
  const definitions = lastOfEach(assignments, findings)
  const rule = definitions.get('RULE')
  if (rule === undefined) {
    // A definition that could not be read is missing: what follows from that is no finding.
    if (hasNameless || unread.has('RULE')) {
      definitionOrder(definitions, findings)
      return undefined
    }
    const close = closest('RULE', definitions.keys())
    findings.error(
      'no-rule',
      assignments.find((a) => a.name === close)?.nameSpan ?? { start: 0, end: 0 },
      `There is no RULE; expected \`RULE = formula\`.${close === undefined ? '' : ` Is it meant by ${quoted(close)}?`}`,
      ruleFix(assignments, close)
    )
    return undefined
  }
  const order = definitionOrder(definitions, findings)
  if (order === undefined) return undefined
  const atoms = new Map<string, Span>()
  const known = new Map<string, Sized>()
  const resolve = (e: LtlExpression): Sized => {
    switch (e.kind) {
      case 'literal':
        return { formula: formulas.constant(e.value), size: 1, depth: 1 }
      case 'group':
        return resolve(e.of)
      case 'unary': {
        const of = resolve(e.of)
        return sized(formulas.unary(e.op, of.formula), of)
      }
      case 'binary': {
        const left = resolve(e.left)
        const right = resolve(e.right)
        return sized(formulas.binary(e.op, left.formula, right.formula), left, right)
      }
      case 'name': {
        const definition = known.get(e.name)
        if (definition !== undefined) {
          return { ...definition, formula: formulas.copy(definition.formula) }
        }
        // What the order put no definition before is an atom.
        if (!atoms.has(e.name)) atoms.set(e.name, e.span)
        return { formula: formulas.atom(e.name), size: 1, depth: 1 }
      }
    }
  }
  // RULE comes behind the names that it uses, and before all others.
  const used = order.slice(0, order.indexOf(rule) + 1)
  for (const { name, expression } of used) known.set(name, resolve(expression))
  const made = known.get('RULE')
  if (made === undefined) return undefined
  const { formula, size, depth } = made
  if (!hasNameless) {
    const inDoubt = new Set(assignments.filter((a) => unread.has(a.name)))
    reportUnused(definitions, new Set([...used, ...inDoubt]), atoms, findings)
  }
  checkNames(used, definitions, findings)
  // An atom may be a definition that could not be read, and RULE may be defined again.
  if (hasNameless || unread.has('RULE') || [...atoms.keys()].some((a) => unread.has(a))) {
    return undefined
  }
  if (size > MAX_FORMULA_SIZE || depth > MAX_FORMULA_DEPTH) {
    findings.error(
      'too-complex',
      rule.nameSpan,
      size > MAX_FORMULA_SIZE
        ? `With every name put in, RULE has ${size > 1e9 ? 'more than 1000000000' : size} operators and operands; expected at most ${MAX_FORMULA_SIZE}.`
        : `With every name put in, RULE is ${depth} operators deep; expected at most ${MAX_FORMULA_DEPTH}.`
    )
    return undefined
  }
  return { formula, nameSpan: rule.nameSpan, atoms }
}

function sized(formula: Formula, ...parts: readonly Sized[]): Sized {
  return {
    formula,
    size: parts.reduce((sum, part) => sum + part.size, 1),
    depth: 1 + Math.max(...parts.map((part) => part.depth))
  }
}

function lastOfEach(
  assignments: readonly LtlAssignment[],
  findings: Findings
): Map<string, LtlAssignment> {
  const last = new Map<string, LtlAssignment>()
  for (const assignment of assignments) {
    const before = last.get(assignment.name)
    if (before !== undefined) {
      findings.warning(
        'repeated-name',
        before.nameSpan,
        `${quoted(assignment.name)} is defined again at ${findings.place(assignment.nameSpan.start)}, and the last definition counts; expected one.`,
        remove(before, findings.text)
      )
    }
    last.set(assignment.name, assignment)
  }
  return last
}

/**
 * The definitions, each behind those that it uses, beginning with what RULE
 * needs. Undefined where a name is defined by itself, which is reported.
 */
function definitionOrder(
  definitions: ReadonlyMap<string, LtlAssignment>,
  findings: Findings
): LtlAssignment[] | undefined {
  const order: LtlAssignment[] = []
  const done = new Set<string>()
  let cyclic = false
  for (const start of ['RULE', ...definitions.keys()]) {
    // Depth first, with a stack of its own: a chain of names may be long.
    const path: string[] = []
    const pending: { readonly name: string; readonly leave: boolean }[] = [
      { name: start, leave: false }
    ]
    for (let step = pending.pop(); step !== undefined; step = pending.pop()) {
      const { name, leave } = step
      const definition = definitions.get(name)
      if (definition === undefined || done.has(name)) continue
      if (leave) {
        path.pop()
        done.add(name)
        order.push(definition)
        continue
      }
      const begins = path.indexOf(name)
      if (begins !== -1) {
        cyclic = true
        reportCycle([...path.slice(begins), name], definition, findings)
        continue
      }
      path.push(name)
      pending.push({ name, leave: true })
      for (const used of namesIn(definition.expression)) pending.push({ name: used, leave: false })
    }
  }
  return cyclic ? undefined : order
}

function reportCycle(
  cycle: readonly string[],
  { name, nameSpan }: LtlAssignment,
  findings: Findings
): void {
  const shown = cycle.length > 8 ? [...cycle.slice(0, 6), '...', name] : cycle
  findings.error(
    'cycle',
    nameSpan,
    `${quoted(name)} is defined by itself (${shown.join(' by ')}); expected a formula without it.`
  )
}

function namesIn(e: LtlExpression, names = new Set<string>()): Set<string> {
  switch (e.kind) {
    case 'literal':
      break
    case 'name':
      names.add(e.name)
      break
    case 'group':
    case 'unary':
      namesIn(e.of, names)
      break
    case 'binary':
      namesIn(e.left, names)
      namesIn(e.right, names)
  }
  return names
}

function reportUnused(
  definitions: ReadonlyMap<string, LtlAssignment>,
  used: ReadonlySet<LtlAssignment>,
  atoms: ReadonlyMap<string, Span>,
  findings: Findings
): void {
  for (const definition of definitions.values()) {
    if (used.has(definition)) continue
    const { name, nameSpan } = definition
    // A misspelt name becomes an atom in silence.
    const close = closest(name, atoms.keys())
    const at = close === undefined ? undefined : atoms.get(close)
    findings.warning(
      'unused-name',
      nameSpan,
      `RULE does not use ${quoted(name)}.${close === undefined || at === undefined ? '' : ` Is it meant by ${quoted(close)}, ${findings.place(at.start)}?`}`,
      close !== undefined && isSimple(definition, close, definitions)
        ? { title: `Call it ${quoted(close)}`, edits: [{ ...nameSpan, text: close }] }
        : undefined,
      remove(definition, findings.text)
    )
  }
}

/** Whether it can take a name that is used without being defined by itself. */
function isSimple(
  { expression }: LtlAssignment,
  name: string,
  definitions: ReadonlyMap<string, LtlAssignment>
): boolean {
  return [...namesIn(expression)].every((used) => used !== name && !definitions.has(used))
}

function remove({ name, nameSpan, expression }: LtlAssignment, text: string): Fix {
  return {
    title: `Remove this definition of ${quoted(name)}`,
    edits: [cut(text, nameSpan.start, expression.span.end)],
    loses: true
  }
}

function ruleFix(
  assignments: readonly LtlAssignment[],
  close: string | undefined
): Fix | undefined {
  const [only, second] = assignments
  const meant =
    assignments.find((a) => a.name === close) ?? (second === undefined ? only : undefined)
  // With its new name it must not be defined by itself.
  if (meant === undefined || assignments.some((a) => namesIn(a.expression).has('RULE'))) {
    return undefined
  }
  return {
    title: `Call ${quoted(meant.name)} \`RULE\``,
    edits: [{ ...meant.nameSpan, text: 'RULE' }]
  }
}
