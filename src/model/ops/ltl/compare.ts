import type { LtlModel } from '../../ltl'
import { OperationFailure } from '../failure'
import { relationOf } from '../witness'
import type { Comparison, Witness } from '../witness'
import { forEachOutcome, printStates, successorsOf } from './valuations'
import type { Valuation } from './valuations'

/** Pairs of sets of states that are looked at before the search gives up. */
const MAX_PAIRS = 100_000

interface Node {
  readonly a: number
  readonly b: number
  readonly parent: Node | undefined
  readonly valuation: Valuation
}

/**
 * Compares two formulas over the sequences of valuations of all their atoms. A sequence is refused
 * where no run of the formula's automaton is left, as a kernel's monitor reports it: what was
 * promised and never comes is no violation, so `eventually A` refuses nothing.
 *
 * The first valuation is judged as every other. (A kernel's monitor that finds no initial state for
 * it says nothing and tries again at the next update.)
 *
 * @throws OperationFailure where it takes too many steps
 */
export function compareFormulas(a: LtlModel, b: LtlModel): Comparison {
  let onlyA: Witness | undefined
  let onlyB: Witness | undefined
  const seen = new Set<string>()
  const nodes: (Node | undefined)[] = [undefined]
  for (const node of nodes) {
    if (onlyA !== undefined && onlyB !== undefined) break
    const sides = [a, b].map((model, i) => ({
      model,
      states:
        node === undefined
          ? model.buchi.initial
          : successorsOf(model.buchi, i === 0 ? node.a : node.b)
    }))
    forEachOutcome(sides, ([nextA = 0, nextB = 0], valuation) => {
      if (nextA === 0 && nextB === 0) return
      const next: Node = { a: nextA, b: nextB, parent: node, valuation }
      if (nextB === 0) onlyA ??= witness(next)
      else if (nextA === 0) onlyB ??= witness(next)
      else {
        const key = `${nextA};${nextB}`
        if (seen.has(key)) return
        seen.add(key)
        nodes.push(next)
      }
    })
    if (nodes.length > MAX_PAIRS) {
      throw new OperationFailure(
        `The comparison takes more than ${MAX_PAIRS} pairs of sets of states; expected simpler formulas.`
      )
    }
  }
  return {
    relation: relationOf(onlyA, onlyB),
    onlyA,
    onlyB,
    notes: ['A step is one valuation of the atoms: those that it names are true, the others false.']
  }
}

function witness(last: Node): Witness {
  const path: Node[] = []
  for (let at: Node | undefined = last; at !== undefined; at = at.parent) path.push(at)
  return {
    start: { a: 'start', b: 'start' },
    steps: path.reverse().map(({ a, b, valuation }) => ({
      event: printValuation(valuation),
      condition: undefined,
      a: a === 0 ? undefined : `{${printStates(a)}}`,
      b: b === 0 ? undefined : `{${printStates(b)}}`
    })),
    values: []
  }
}

/** The true atoms: `RT, PAGEFAULT`. What does not matter is false. */
function printValuation(valuation: Valuation): string {
  const on = [...valuation].filter(([, is]) => is).map(([atom]) => atom)
  return on.length === 0 ? '(no atom)' : on.sort().join(', ')
}
