import type { ClockKind, Comparison, Constraint, Guard, GuardValue, Unit } from '../../automaton'
import type { Findings } from '../../findings'
import { unitOf } from '../../labels'
import type { CToken } from '../c-tokens'
import { Cursor, attempt } from './cursor'

/** The names that the functions of NAME.c use, as what they stand for. */
export interface Enumerators {
  readonly state: (name: string) => number | undefined
  readonly event: (name: string) => number | undefined
  readonly env: (name: string) => string | undefined
}

/** What NAME.c says of a hybrid automaton: states and events by their index in the header. */
export interface ReadConstraints {
  /** By `state,event`. */
  readonly guards: ReadonlyMap<string, Guard>
  /** By state. */
  readonly invariants: ReadonlyMap<number, Constraint>
}

/** Parentheses inside each other in a guard. */
const MAX_DEPTH = 32

/**
 * Reads guards, resets and invariants back from the functions that rvgen and rvpanel generate:
 * ha_get_env(), ha_verify_guards() and ha_verify_invariants(). What was written by hand in another
 * form is a warning, and is left out.
 */
export function readConstraints(
  tokens: readonly CToken[],
  names: Enumerators,
  findings: Findings
): ReadConstraints {
  return new ConstraintReader(tokens, names, findings).read()
}

class ConstraintReader {
  readonly #tokens: readonly CToken[]
  readonly #names: Enumerators
  readonly #findings: Findings
  readonly #kinds = new Map<string, ClockKind | undefined>()

  constructor(tokens: readonly CToken[], names: Enumerators, findings: Findings) {
    this.#tokens = tokens
    this.#names = names
    this.#findings = findings
  }

  read(): ReadConstraints {
    this.#readKinds()
    const guards = new Map<string, Guard>()
    const invariants = new Map<number, Constraint>()
    this.#eachBranch('ha_verify_guards', (at) => {
      const [state, event] = this.#cell(at)
      const guard = this.#guard(at)
      if (guard !== undefined) guards.set(`${state},${event}`, guard)
    })
    this.#eachBranch('ha_verify_invariants', (at) => {
      const state = this.#condition(at, 'curr_state', this.#names.state)
      at.expect(')', 'behind the condition')
      at.expect('return', 'behind the condition')
      const unit = this.#oneOf(at, ['ha_check_invariant_ns', 'ha_check_invariant_jiffy'])
      at.expect('(', 'behind the function')
      at.expect('ha_mon', 'as first argument')
      at.expect(',', 'between arguments')
      const env = this.#env(at)
      at.expect(',', 'between arguments')
      at.expect('time_ns', 'as third argument')
      at.expect(',', 'between arguments')
      const value = this.#value(at)
      at.expect(')', 'behind the arguments')
      at.expect(';', 'behind the call')
      // What the getter says is what the model said; without a getter the function tells.
      const kind = this.#kinds.has(env)
        ? this.#kinds.get(env)
        : unit.endsWith('_ns')
          ? 'ns'
          : 'jiffies'
      invariants.set(state, withUnit({ env, op: '<', value, unit: undefined }, kind))
    })
    return { guards, invariants }
  }

  /** Which clocks count ns and which ticks, by what ha_get_env() returns. */
  #readKinds(): void {
    const body = this.#body('ha_get_env')
    if (body === undefined) return
    for (let token = body.next(); token !== undefined; token = body.next()) {
      if (token.text !== 'env' || body.peek()?.text !== '==') continue
      body.next()
      const env = this.#names.env(body.next()?.text ?? '')
      if (env === undefined) continue
      const [close, back, call] = [body.peek(), body.peek(1), body.peek(2)]
      if (close?.text !== ')' || back?.text !== 'return') continue
      const kind: ClockKind | undefined =
        call?.text === 'ha_get_clk_ns'
          ? 'ns'
          : call?.text === 'ha_get_clk_jiffy'
            ? 'jiffies'
            : undefined
      this.#kinds.set(env, kind)
    }
  }

  /** The tokens between the braces of a function; undefined where it is not defined. */
  #body(name: string): Cursor | undefined {
    for (let i = 0; i < this.#tokens.length; i++) {
      if (this.#tokens[i]?.text !== name || this.#tokens[i + 1]?.text !== '(') continue
      let at = i + 1
      while (at < this.#tokens.length && !['{', ';'].includes(this.#tokens[at]?.text ?? '')) at++
      if (this.#tokens[at]?.text !== '{') continue
      let depth = 0
      for (let end = at; end < this.#tokens.length; end++) {
        const text = this.#tokens[end]?.kind === 'mark' ? this.#tokens[end]?.text : undefined
        if (text === '{') depth++
        else if (text === '}' && --depth === 0) return new Cursor(this.#tokens, at + 1, end)
      }
    }
    return undefined
  }

  /** Calls `read` behind each `if (` of a function; a branch of another form is a warning. */
  #eachBranch(name: string, read: (at: Cursor) => void): void {
    const body = this.#body(name)
    if (body === undefined) return
    for (let token = body.next(); token !== undefined; token = body.next()) {
      if (token.text !== 'if' || !body.take('(')) continue
      attempt(this.#findings, 'warning', 'constraint-left-out', () => {
        read(body)
      })
    }
  }

  /** `curr_state == S && event == E)` */
  #cell(at: Cursor): [number, number] {
    const state = this.#condition(at, 'curr_state', this.#names.state)
    at.expect('&&', 'between the conditions on state and event')
    const event = this.#condition(at, 'event', this.#names.event)
    at.expect(')', 'behind the condition')
    return [state, event]
  }

  #condition(at: Cursor, variable: string, index: (name: string) => number | undefined): number {
    at.expect(variable, 'as rvgen has it')
    at.expect('==', 'as rvgen has it')
    const found = index(at.peek()?.text ?? '')
    if (found === undefined)
      at.fail(variable === 'event' ? 'an event of the header' : 'a state of the header')
    at.next()
    return found
  }

  /** One statement or a block of them: `res = ...;`, `ha_reset_env(...);`. */
  #guard(at: Cursor): Guard | undefined {
    const isBlock = at.take('{')
    let rule: Pick<Guard, 'constraints' | 'joins'> = { constraints: [], joins: [] }
    let reset: string | undefined
    do {
      if (at.take('res')) {
        at.expect('=', 'behind `res`')
        rule = this.#rule(at)
      } else {
        at.expect('ha_reset_env', 'or `res = ...`')
        at.expect('(', 'behind `ha_reset_env`')
        at.expect('ha_mon', 'as first argument')
        at.expect(',', 'between arguments')
        reset = this.#env(at)
        at.expect(',', 'between arguments')
        at.expect('time_ns', 'as third argument')
        at.expect(')', 'behind the arguments')
      }
      at.expect(';', 'behind the statement')
    } while (isBlock && !at.take('}'))
    const isEmpty = rule.constraints.length === 0 && reset === undefined
    return isEmpty ? undefined : { ...rule, reset }
  }

  /** A disjunction of conjunctions, which the labels of DOT can say without parentheses. */
  #rule(at: Cursor): Pick<Guard, 'constraints' | 'joins'> {
    const start = at.span()
    const constraints: Constraint[] = []
    const joins: ('&&' | '||')[] = []
    for (const all of this.#or(at, 0)) {
      if (all.length === 0) continue
      all.forEach((constraint, i) => {
        if (constraints.length > 0) joins.push(i === 0 ? '||' : '&&')
        constraints.push(constraint)
      })
    }
    if (constraints.length === 0) at.fail('a comparison of ha_get_env()', start)
    return { constraints, joins }
  }

  /** A list of conjunctions; an empty one is a check whether a clock was ever reset. */
  #or(at: Cursor, depth: number): Constraint[][] {
    const found = this.#and(at, depth)
    while (at.take('||')) found.push(...this.#and(at, depth))
    return found
  }

  #and(at: Cursor, depth: number): Constraint[][] {
    let found = this.#operand(at, depth)
    while (at.peek()?.text === '&&') {
      const start = at.span()
      at.next()
      const other = this.#operand(at, depth)
      const [left, right] = [found[0], other[0]]
      // `(a || b) && c` is nothing that a label can say.
      if (found.length !== 1 || other.length !== 1 || !left?.length || !right?.length) {
        at.fail('conditions that a label can say: no `||` inside `&&`', start)
      }
      found = [[...left, ...right]]
    }
    return found
  }

  #operand(at: Cursor, depth: number): Constraint[][] {
    if (depth > MAX_DEPTH) at.fail('fewer parentheses inside each other')
    if (at.take('(')) {
      const inner = this.#or(at, depth + 1)
      at.expect(')', 'behind the condition')
      return inner
    }
    if (at.take('ha_monitor_env_invalid')) {
      at.expect('(', 'behind the function')
      at.expect('ha_mon', 'as first argument')
      at.expect(',', 'between arguments')
      this.#env(at)
      at.expect(')', 'behind the arguments')
      return [[]]
    }
    at.expect('ha_get_env', 'in a condition')
    at.expect('(', 'behind the function')
    at.expect('ha_mon', 'as first argument')
    at.expect(',', 'between arguments')
    const env = this.#env(at)
    at.expect(',', 'between arguments')
    at.expect('time_ns', 'as third argument')
    at.expect(')', 'behind the arguments')
    const op = this.#oneOf(at, ['==', '!=', '<', '<=', '>', '>=']) as Comparison
    const value = this.#value(at)
    return [[withUnit({ env, op, value, unit: undefined }, this.#kinds.get(env))]]
  }

  #env(at: Cursor): string {
    const env = this.#names.env(at.peek()?.text ?? '')
    if (env === undefined) at.fail('an environment variable of the header')
    at.next()
    return env
  }

  #oneOf(at: Cursor, words: readonly string[]): string {
    for (const word of words) if (at.take(word)) return word
    return at.fail(words.map((word) => `\`${word}\``).join(' or '))
  }

  #value(at: Cursor): GuardValue {
    const token = at.peek()
    const number = /^([0-9]+|0[xX][0-9a-fA-F]+)[uUlL]*$/.exec(token?.text ?? '')?.[1]
    if (token?.kind === 'number' && number !== undefined) {
      at.next()
      return { kind: 'literal', text: BigInt(number).toString() }
    }
    const name = token?.text ?? ''
    const isUpper = /^[A-Z_]+$/.test(name)
    if (token?.kind !== 'word' || (!isUpper && !/^[a-z_]+$/.test(name))) {
      at.fail('a number, or a name of capital or of small letters only, as a label can have it')
    }
    at.next()
    if (at.take('(')) {
      at.expect('ha_mon', 'as the argument')
      at.expect(')', 'behind the argument')
      return { kind: isUpper ? 'constant-call' : 'function', text: `${name}()` }
    }
    return { kind: isUpper ? 'constant' : 'parameter', text: name }
  }
}

/** The constraint with a unit, where its value does not tell what the clock counts. */
function withUnit(constraint: Constraint, kind: ClockKind | undefined): Constraint {
  const unit: Unit | undefined = kind === 'ns' ? 'ns' : kind === 'jiffies' ? 'j' : undefined
  return unitOf(constraint) === unit ? constraint : { ...constraint, unit }
}
