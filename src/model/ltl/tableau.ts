import { MAX_BA_STATES } from '../ltl'
import type { BuchiAutomaton, Cube } from '../ltl'
import type { Budget } from './budget'
import { FALSE, TRUE, both, either, literal } from './cubes'
import type { FairBuchi } from './emptiness'
import { memoized } from './formula'
import type { Formula } from './formula'
import { printLabel } from './print'

/**
 * Builds the automaton of a formula in negation normal form, on the fly as
 * Gerth, Peled, Vardi and Wolper do (Simple on-the-fly automatic verification
 * of linear temporal logic, 1995), with two differences that the kernel's
 * monitors have: a formula without temporal operators is never split but
 * becomes part of a state's label as a whole, and acceptance is left out. What
 * remains rejects a word as soon as no continuation could satisfy the formula's
 * obligations step by step; that something promised never comes it cannot tell.
 *
 * States are told apart, and numbered in the order in which the search begins
 * them, as in rvgen, which looks at the formulas of a state in an order that
 * changes from run to run. Here the search goes depth first, the left operand
 * before the right, and `until` is first put off and then fulfilled. That gives
 * the numbers of the kernel's own monitors.
 *
 * @param atoms sorted; bit i of a label is atoms[i].
 * @throws TooComplex where it has more than 32 states, or the budget ends.
 */
export function buildBuchi(
  formula: Formula,
  atoms: readonly string[],
  budget: Budget
): BuchiAutomaton {
  return new Tableau(atoms, budget).build(formula)
}

/**
 * As buildBuchi(), with the acceptance: a promise `a until b` is put off in the
 * states that look at it and not at `b`.
 *
 * @throws TooComplex as buildBuchi()
 */
export function buildFairBuchi(
  formula: Formula,
  atoms: readonly string[],
  budget: Budget
): FairBuchi {
  const tableau = new Tableau(atoms, budget)
  const buchi = tableau.build(formula)
  return { buchi, fair: tableau.fair() }
}

/** Where edges come from: a state, or the beginning of a run. */
const START = -1

/** A state that is not complete yet. */
interface Pending {
  /** Counts the nodes of the search. */
  readonly order: number
  readonly from: number
  /** What is still to be looked at; the last first. */
  readonly todo: readonly Formula[]
  /** What was looked at, and holds now. */
  readonly now: ReadonlySet<Formula>
  /** What has to hold from the next step on. */
  readonly next: ReadonlySet<Formula>
}

interface State {
  readonly order: number
  readonly now: ReadonlySet<Formula>
  /** By their order. */
  readonly incoming: Set<number>
}

class Tableau {
  readonly #atoms: ReadonlyMap<string, number>
  readonly #budget: Budget
  readonly #states: State[] = []
  #nodes = 0
  readonly #byKey = new Map<string, State>()
  /** The branch to go on with is the last. */
  readonly #pending: Pending[] = []
  readonly #isTemporal = memoized((f: Formula): boolean => this.#findTemporal(f))
  readonly #label = memoized((f: Formula): readonly Cube[] => this.#makeLabel(f))

  constructor(atoms: readonly string[], budget: Budget) {
    this.#atoms = new Map(atoms.map((atom, i) => [atom, i]))
    this.#budget = budget
  }

  build(formula: Formula): BuchiAutomaton {
    this.#begin(START, [formula])
    for (let node = this.#pending.pop(); node !== undefined; node = this.#pending.pop()) {
      this.#expand(node)
    }
    return this.#automaton()
  }

  /** Of each `until` that a state looks at, the set of states that do not put it off. */
  fair(): number[] {
    const states = [...this.#states].sort((a, b) => a.order - b.order)
    const promises = new Set<Formula & { readonly kind: 'binary' }>()
    for (const { now } of states) {
      for (const f of now) if (f.kind === 'binary' && f.op === 'until') promises.add(f)
    }
    return [...promises].map((promise) =>
      states.reduce(
        (set, { now }, i) => (now.has(promise) && !now.has(promise.right) ? set : set | (1 << i)),
        0
      )
    )
  }

  #begin(from: number, obligations: readonly Formula[]): void {
    const todo = [...obligations].reverse()
    this.#pending.push({ order: this.#nodes++, from, todo, now: new Set(), next: new Set() })
  }

  /** Looks at one formula of the node, and splits the node where it has two ways to hold. */
  #expand(node: Pending): void {
    this.#budget.spend(1 + node.now.size + node.todo.length)
    const formula = node.todo.at(-1)
    if (formula === undefined) {
      this.#complete(node)
      return
    }
    const rest = { ...node, todo: node.todo.slice(0, -1) }
    if (node.now.has(formula)) {
      this.#pending.push(rest)
      return
    }
    const seen = { ...rest, now: new Set(node.now).add(formula) }
    if (!this.#isTemporal(formula)) {
      // A way that needs what is never true is none. Other contradictions make
      // states that are never entered, as in rvgen.
      if (formula.kind !== 'constant' || formula.value) this.#pending.push(seen)
      return
    }
    if (formula.kind === 'unary') {
      this.#branch({ ...seen, next: new Set(node.next).add(formula.of) }, [])
    } else if (formula.kind === 'binary') {
      const { op, left, right } = formula
      const later = { ...seen, next: new Set(node.next).add(formula) }
      switch (op) {
        case 'and':
          this.#branch(seen, [left, right])
          break
        case 'or':
          this.#branch(seen, [left], seen, [right])
          break
        case 'until':
          this.#branch(later, [left], seen, [right])
          break
        default:
          this.#branch(later, [right], seen, [right, left])
      }
    }
  }

  /** Goes on with one node or two, the first first, each with formulas to look at before all others. */
  #branch(
    first: Pending,
    formulas: readonly Formula[],
    second?: Pending,
    others: readonly Formula[] = []
  ): void {
    const node = (from: Pending, more: readonly Formula[]): Pending => {
      return { ...from, order: this.#nodes++, todo: [...from.todo, ...[...more].reverse()] }
    }
    const before = node(first, formulas)
    if (second !== undefined) this.#pending.push(node(second, others))
    this.#pending.push(before)
  }

  #complete({ order, from, now, next }: Pending): void {
    const key = `${ids(now)};${ids(next)}`
    const before = this.#byKey.get(key)
    if (before !== undefined) {
      before.incoming.add(from)
      return
    }
    if (this.#states.length === MAX_BA_STATES) {
      this.#budget.exceeded(`the automaton has more than ${MAX_BA_STATES} states`)
    }
    const state: State = { order, now, incoming: new Set([from]) }
    this.#byKey.set(key, state)
    this.#states.push(state)
    this.#begin(order, [...next])
  }

  #automaton(): BuchiAutomaton {
    const states = [...this.#states].sort((a, b) => a.order - b.order)
    const numbers = new Map(states.map(({ order }, number) => [order, number]))
    const successors = new Uint32Array(states.length)
    let initial = 0
    states.forEach(({ incoming }, state) => {
      const bit = (1 << state) >>> 0
      for (const order of incoming) {
        const from = numbers.get(order)
        if (from === undefined) initial = (initial | bit) >>> 0
        else successors[from] = ((successors[from] ?? 0) | bit) >>> 0
      }
    })
    const parts = states.map(({ now }) => [...now].filter((f) => !this.#isTemporal(f)))
    return {
      states: states.length,
      initial,
      successors,
      labels: parts.map((of) =>
        of.reduce((label, f) => both(label, this.#label(f), this.#budget), TRUE)
      ),
      labelTexts: parts.map(printLabel)
    }
  }

  #findTemporal(f: Formula): boolean {
    switch (f.kind) {
      case 'constant':
      case 'atom':
        return false
      case 'unary':
        return f.op !== 'not' || this.#isTemporal(f.of)
      case 'binary':
        return (
          (f.op !== 'and' && f.op !== 'or') || this.#isTemporal(f.left) || this.#isTemporal(f.right)
        )
    }
  }

  #makeLabel(f: Formula): readonly Cube[] {
    switch (f.kind) {
      case 'constant':
        return f.value ? TRUE : FALSE
      case 'atom':
        return literal(this.#atoms.get(f.name) ?? 0, true)
      case 'unary':
        return literal(f.of.kind === 'atom' ? (this.#atoms.get(f.of.name) ?? 0) : 0, false)
      case 'binary': {
        const join = f.op === 'and' ? both : either
        return join(this.#label(f.left), this.#label(f.right), this.#budget)
      }
    }
  }
}

function ids(formulas: ReadonlySet<Formula>): string {
  return [...formulas]
    .map((f) => f.id)
    .sort((a, b) => a - b)
    .join(',')
}
