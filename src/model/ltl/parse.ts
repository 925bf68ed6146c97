import type { Diagnostic } from '../diagnostics'
import { Findings, quoted } from '../findings'
import type { Span } from '../findings'
import { MAX_LTL_ATOMS } from '../ltl'
import type { BuchiAutomaton, LtlModel } from '../ltl'
import { abbreviate } from './abbreviations'
import { Budget, TooComplex } from './budget'
import { Formulas, normalize } from './formula'
import type { Formula } from './formula'
import { tokenize } from './lexer'
import { parseAssignments } from './parser'
import { printFormula } from './print'
import { resolveRule } from './resolve'
import type { ResolvedRule } from './resolve'
import type { LtlAssignment } from './syntax'
import { buildBuchi } from './tableau'
import { checkTraps } from './traps'
import { isViolable } from './violable'

/** Longest text that is read, in UTF-16 units; the kernel's largest has 800. */
export const MAX_LTL_LENGTH = 1 << 16

/** Elementary steps of the construction; the kernel's largest monitor takes 2,000. */
export const MAX_STEPS = 500_000

export interface ParsedLtl {
  /** Undefined exactly when there is a diagnostic of severity error. */
  readonly model: LtlModel | undefined
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * Reads a specification in the LTL dialect of rvgen
 * (tools/verification/rvgen/rvgen/ltl2ba.py) and builds its monitor. What rvgen
 * refuses is an error, but for `equivalent` and a comment that ends with the
 * file; what it reads otherwise than people do is a warning. Never throws,
 * whatever the text.
 *
 * @param file path for the diagnostics; its stem is the model's name.
 */
export function parseLtl(text: string, file: string): ParsedLtl {
  const findings = new Findings(file, text)
  const model = readLtl(text, file, findings)?.model
  return { model: findings.hasErrors ? undefined : model, diagnostics: findings.list() }
}

/** A specification, and where its parts stand. */
export interface ReadLtl {
  readonly model: LtlModel
  readonly formula: LtlFormula
  /** Where RULE is defined. */
  readonly ruleSpan: Span
  /** Where each atom was first met. */
  readonly atoms: ReadonlyMap<string, Span>
}

/**
 * As parseLtl, for further findings about the same text. What is read in spite of
 * errors is good for these alone; undefined where RULE is not known.
 */
export function readLtl(text: string, file: string, findings: Findings): ReadLtl | undefined {
  return read(text, ltlName(file), findings)
}

/** A file's formula without an automaton: for tools that work on formulas. */
export interface LtlFormula {
  /** In the file's order, all of them. */
  readonly assignments: readonly LtlAssignment[]
  /** RULE with every name put in. */
  readonly rule: Formula
  /** The maker of `rule`, for formulas that are to share its parts. */
  readonly formulas: Formulas
}

/** Reads a file up to its formula; undefined after an error. */
export function parseLtlFormula(
  text: string,
  file: string
): { readonly formula: LtlFormula | undefined; readonly diagnostics: readonly Diagnostic[] } {
  const findings = new Findings(file, text)
  const formula = readFormula(text, findings)?.formula
  return { formula: findings.hasErrors ? undefined : formula, diagnostics: findings.list() }
}

/** The file's name without folders and without `.ltl`. */
export function ltlName(file: string): string {
  return (file.split(/[\\/]/).pop() ?? '').replace(/\.ltl$/, '')
}

function read(text: string, name: string, findings: Findings): ReadLtl | undefined {
  if (!/^[A-Za-z0-9_]+$/.test(name)) {
    findings.warning(
      'model-name',
      { start: 0, end: 0 },
      `The file's name gives the model the name ${quoted(name)}; expected letters, digits and \`_\`.`
    )
  }
  const found = readFormula(text, findings)
  if (found === undefined) return undefined
  const { formula, resolved } = found
  const atoms = [...resolved.atoms.keys()].sort()
  const late = atoms[MAX_LTL_ATOMS]
  if (late !== undefined) {
    findings.error(
      'too-many-atoms',
      resolved.atoms.get(late) ?? resolved.nameSpan,
      `RULE has ${atoms.length} atoms; expected at most ${MAX_LTL_ATOMS}.`
    )
    return undefined
  }
  const buchi = build(formula, atoms, resolved.nameSpan, findings)
  if (buchi === undefined) return undefined
  checkBuchi(buchi, resolved.nameSpan, findings)
  const abbreviations = abbreviate(atoms)
  checkAbbreviations(atoms, abbreviations, resolved, findings)
  const model = { name, atoms, abbreviations, rule: printFormula(formula.rule), buchi }
  return { model, formula, ruleSpan: resolved.nameSpan, atoms: resolved.atoms }
}

function readFormula(
  text: string,
  findings: Findings
): { readonly formula: LtlFormula; readonly resolved: ResolvedRule } | undefined {
  const start = { start: 0, end: 0 }
  if (text.length > MAX_LTL_LENGTH) {
    findings.error(
      'too-large',
      start,
      `The file has ${text.length} characters; expected a specification of at most ${MAX_LTL_LENGTH}.`
    )
    return undefined
  }
  const tokens = tokenize(text, findings)
  if (tokens.length === 1) {
    findings.error('empty', start, 'The file has no formula; expected `RULE = formula`.')
    return undefined
  }
  const parsed = parseAssignments(tokens, findings)
  const { assignments } = parsed
  checkTraps(assignments, findings)
  const formulas = new Formulas()
  const resolved = resolveRule(parsed, formulas, findings)
  if (resolved === undefined) return undefined
  return { formula: { assignments, rule: resolved.formula, formulas }, resolved }
}

function build(
  { rule, formulas }: LtlFormula,
  atoms: readonly string[],
  at: Span,
  findings: Findings
): BuchiAutomaton | undefined {
  try {
    return buildBuchi(normalize(rule, formulas), atoms, new Budget(MAX_STEPS))
  } catch (e) {
    if (!(e instanceof TooComplex)) throw e
    findings.error(
      'too-complex',
      at,
      `No monitor can be made of RULE: ${e.message}; expected a simpler formula.`
    )
    return undefined
  }
}

function checkBuchi(buchi: BuchiAutomaton, at: Span, findings: Findings): void {
  if (!buchi.labels.some((label, state) => label.length > 0 && has(buchi.initial, state))) {
    findings.error('contradiction', at, 'RULE can never hold; expected a formula that can.')
  } else if (isViolable(buchi) === false) {
    findings.warning(
      'never-violated',
      at,
      'No sequence of events violates RULE once the monitor has started; expected `always` before a condition, and no promise without a bound such as `eventually`.'
    )
  }
}

const has = (states: number, state: number): boolean => ((states >>> state) & 1) === 1

function checkAbbreviations(
  atoms: readonly string[],
  abbreviations: readonly string[],
  { atoms: places, nameSpan }: ResolvedRule,
  findings: Findings
): void {
  abbreviations.forEach((abbreviation, i) => {
    const first = abbreviations.indexOf(abbreviation)
    if (first === i) return
    const [a, b] = [atoms[first] ?? '', atoms[i] ?? '']
    findings.warning(
      'same-abbreviation',
      places.get(b) ?? nameSpan,
      `Trace lines call both ${quoted(a)} and ${quoted(b)} ${quoted(abbreviation)}; expected names that differ in the first two letters of a word.`
    )
  })
}
