import type { LtlModel } from '../ltl'
import { stepBuchi } from './buchi'
import type { LtlAssignment, LtlExpression } from './syntax'

/*
 * What the trace lines of an LTL monitor tell: `comm[pid]: (states) x (atoms) -> (states)`, where
 * the kernel cuts what does not fit its buffers without a sign (include/rv/ltl_monitor.h).
 */

/** Characters that the kernel prints of the atoms (a buffer of 64 bytes), and of a set of states. */
const ATOMS_ROOM = 63
const STATES_ROOM = 31

/** True, false, or not known. */
export type Truth = boolean | undefined

/** Atoms as a line tells them: bit i is the model's atom i; `value` within `known`. Unsigned sets. */
export interface AtomValues {
  readonly known: number
  readonly value: number
}

/** Nothing was told. */
export const NO_ATOMS: AtomValues = { known: 0, value: 0 }

/** A set of states, or undefined where the text is none, or was cut. Empty text: the empty set. */
export function readStates(text: string): number | undefined {
  if (text === '') return 0
  if (text.length >= STATES_ROOM || !/^\d{1,2}(-\d{1,2})?(,\d{1,2}(-\d{1,2})?)*$/.test(text)) {
    return undefined
  }
  let set = 0
  for (const part of text.split(',')) {
    const [first = 0, last = first] = part.split('-').map(Number)
    if (last > 31) return undefined
    for (let i = first; i <= last; i++) set |= 1 << i
  }
  return set >>> 0
}

/** The states of a set, ascending. */
export function membersOf(set: number): number[] {
  return Array.from({ length: 32 }, (_, i) => i).filter((i) => ((set >>> i) & 1) === 1)
}

/**
 * The values that a line's list of true atoms tells: those that it names are true, the others
 * false. Undefined where it names what the model has not: then the model is another one's.
 */
export function readAtoms(text: string, model: LtlModel): AtomValues | undefined {
  const { abbreviations } = model
  const all = abbreviations.length === 32 ? 0xffffffff : 2 ** abbreviations.length - 1
  const names = text === '' ? [] : text.split(',')
  // Cut in the middle of a name, perhaps: it and those behind it are not known.
  if (text.length >= ATOMS_ROOM) names.pop()
  let value = 0
  let known = all
  let last = -1
  for (const name of names) {
    const first = abbreviations.indexOf(name)
    if (first < 0) return undefined
    for (let i = first; i < abbreviations.length; i++) {
      if (abbreviations[i] !== name) continue
      value |= 1 << i
      if (abbreviations.lastIndexOf(name) !== first) known &= ~(1 << i)
      last = i
    }
  }
  if (text.length >= ATOMS_ROOM) known &= last >= 31 ? 0xffffffff : 2 ** (last + 1) - 1
  return { known: known >>> 0, value: (value & known) >>> 0 }
}

/** The value of the model's atom `index`. */
export function atomValue({ known, value }: AtomValues, index: number): Truth {
  return ((known >>> index) & 1) === 0 ? undefined : ((value >>> index) & 1) === 1
}

/** Whether the model's automaton takes this step; undefined where the texts do not tell all. */
export function takesStep(model: LtlModel, from: string, atoms: string, to: string): Truth {
  const [before, after] = [readStates(from), readStates(to)]
  const values = readAtoms(atoms, model)
  if (values === undefined) return false
  if (before === undefined || after === undefined) return undefined
  const all = model.atoms.length === 32 ? 0xffffffff : 2 ** model.atoms.length - 1
  if (values.known !== all) return undefined
  return stepBuchi(model.buchi, before, values.value) === after
}

/** Values of the parts of a specification, from what its atoms are at one moment. */
export class Valuation {
  readonly #definitions: ReadonlyMap<string, LtlAssignment>
  readonly #atoms: ReadonlyMap<string, number>
  readonly #values: AtomValues
  readonly #known = new Map<LtlExpression, Truth>()
  readonly #open = new Set<string>()

  constructor(assignments: readonly LtlAssignment[], model: LtlModel, values: AtomValues) {
    // Of a repeated name the last definition counts.
    this.#definitions = new Map(assignments.map((one) => [one.name, one]))
    this.#atoms = new Map(model.atoms.map((name, i) => [name, i]))
    this.#values = values
  }

  /**
   * Whether the formula holds from this moment on. What depends on the future is not known, but for
   * what the moment decides by itself: `A until B` where B holds, or neither does; `always A` where
   * A does not hold; `eventually A` where it does.
   */
  of(e: LtlExpression): Truth {
    if (this.#known.has(e)) return this.#known.get(e)
    const value = this.#compute(e)
    this.#known.set(e, value)
    return value
  }

  /** The value of an atom or of a definition. */
  ofName(name: string): Truth {
    const definition = this.#definitions.get(name)
    if (definition !== undefined) {
      if (this.#open.has(name)) return undefined
      this.#open.add(name)
      const value = this.of(definition.expression)
      this.#open.delete(name)
      return value
    }
    const atom = this.#atoms.get(name)
    return atom === undefined ? undefined : atomValue(this.#values, atom)
  }

  definition(name: string): LtlAssignment | undefined {
    return this.#definitions.get(name)
  }

  #compute(e: LtlExpression): Truth {
    switch (e.kind) {
      case 'literal':
        return e.value
      case 'name':
        return this.ofName(e.name)
      case 'group':
        return this.of(e.of)
      case 'unary': {
        const value = this.of(e.of)
        if (e.op === 'not') return not(value)
        if (e.op === 'always') return value === false ? false : undefined
        if (e.op === 'eventually') return value === true ? true : undefined
        return undefined
      }
      case 'binary': {
        const [left, right] = [this.of(e.left), this.of(e.right)]
        switch (e.op) {
          case 'and':
            return and(left, right)
          case 'or':
            return or(left, right)
          case 'imply':
            return or(not(left), right)
          case 'equivalent':
            return left === undefined || right === undefined ? undefined : left === right
          case 'until':
            // A until B: B now, or A now and the rest later.
            return or(right, left === false ? false : undefined)
        }
      }
    }
  }
}

const not = (a: Truth): Truth => (a === undefined ? undefined : !a)
const and = (a: Truth, b: Truth): Truth =>
  a === false || b === false ? false : a === undefined || b === undefined ? undefined : true
const or = (a: Truth, b: Truth): Truth => not(and(not(a), not(b)))

/** A part of a specification that failed. */
export interface FailedPart {
  readonly expression: LtlExpression
  /** It does not hold now; or it is a promise of an earlier event that was broken now. */
  readonly kind: 'now' | 'promise'
  /** Names of the atoms in it, with their values, in order of the text. */
  readonly atoms: readonly { readonly name: string; readonly value: Truth }[]
}

/**
 * What of RULE fails with these atoms: the body of `always` where it is false now; otherwise every
 * `until` that can no longer be kept, one of which an earlier event had promised.
 */
export function failedParts(rule: LtlExpression, values: Valuation): FailedPart[] {
  const body = bodyOf(rule)
  const part = (expression: LtlExpression, kind: FailedPart['kind']): FailedPart => ({
    expression,
    kind,
    atoms: namesIn(expression, values).map((name) => ({ name, value: values.ofName(name) }))
  })
  if (values.of(body) === false) return [part(body, 'now')]
  const broken: FailedPart[] = []
  walk(rule, values, (e) => {
    if (e.kind !== 'binary' || e.op !== 'until' || values.of(e) !== false) return
    if (!broken.some(({ expression }) => expression === e)) broken.push(part(e, 'promise'))
  })
  return broken
}

function bodyOf(e: LtlExpression): LtlExpression {
  if (e.kind === 'group') return bodyOf(e.of)
  return e.kind === 'unary' && e.op === 'always' ? bodyOf(e.of) : e
}

/** The names of atoms in an expression, those of definitions put in. */
export function namesIn(e: LtlExpression, values: Valuation): string[] {
  const found = new Set<string>()
  walk(e, values, (one) => {
    if (one.kind === 'name' && values.definition(one.name) === undefined) found.add(one.name)
  })
  return [...found]
}

/** Visits an expression and the definitions that it names, each of these once. */
function walk(
  e: LtlExpression,
  values: Valuation,
  visit: (e: LtlExpression) => void,
  seen = new Set<string>()
): void {
  visit(e)
  switch (e.kind) {
    case 'literal':
      return
    case 'name': {
      const definition = values.definition(e.name)
      if (definition === undefined || seen.has(e.name)) return
      seen.add(e.name)
      walk(definition.expression, values, visit, seen)
      return
    }
    case 'group':
    case 'unary':
      walk(e.of, values, visit, seen)
      return
    case 'binary':
      walk(e.left, values, visit, seen)
      walk(e.right, values, visit, seen)
  }
}
