import type { Formula } from './formula'

/** Longer texts are cut: nobody reads more in a state of a picture. */
const MAX_LABEL = 400

/** The formula in one line of the .ltl language, with every parenthesis that it needs, or that a reader does. */
export function printFormula(f: Formula): string {
  switch (f.kind) {
    case 'constant':
      return String(f.value)
    case 'atom':
      return f.name
    case 'unary':
      return `${f.op} ${operand(f.of)}`
    case 'binary':
      return `${operand(f.left)} ${f.op} ${chained(f.op, f.right)}`
  }
}

const operand = (f: Formula): string =>
  f.kind === 'unary' || f.kind === 'binary' ? `(${printFormula(f)})` : printFormula(f)

/** The right operand: `A and B and C` needs no parentheses. */
const chained = (op: string, f: Formula): string =>
  f.kind === 'binary' && f.op === op && (op === 'and' || op === 'or') ? printFormula(f) : operand(f)

/**
 * A state's label, of formulas in negation normal form without temporal
 * operators, all of which hold, in C's spelling: `!RT || !PAGEFAULT`.
 */
export function printLabel(formulas: readonly Formula[]): string {
  const parts = formulas.filter((f) => f.kind !== 'constant' || !f.value)
  const written = (parenthesized: 'or' | 'none'): string[] => {
    // What holds twice is written once.
    return [...new Set(parts.map((part) => new LabelText().side(part, parenthesized).text()))]
  }
  const texts = written('or')
  const whole = texts.length === 1 ? written('none') : texts
  return whole.length === 0 ? 'true' : cut(whole.join(' && '))
}

const cut = (text: string): string =>
  text.length > MAX_LABEL ? `${text.slice(0, MAX_LABEL - 3)}...` : text

/** A formula that repeats itself may be small and its text endless: writing ends where reading does. */
class LabelText {
  #text = ''

  text(): string {
    return this.#text.length > MAX_LABEL ? `${this.#text.slice(0, MAX_LABEL - 3)}...` : this.#text
  }

  /** The formula, in parentheses where its operator is the one given. */
  side(f: Formula, parenthesized: 'and' | 'or' | 'none'): this {
    const parentheses = f.kind === 'binary' && f.op === parenthesized
    if (parentheses) this.#add('(')
    this.#formula(f)
    if (parentheses) this.#add(')')
    return this
  }

  #formula(f: Formula): void {
    if (this.#text.length > MAX_LABEL) return
    switch (f.kind) {
      case 'constant':
        this.#add(String(f.value))
        return
      case 'atom':
        this.#add(f.name)
        return
      case 'unary':
        this.#add('!')
        this.#formula(f.of)
        return
      case 'binary': {
        const other = f.op === 'and' ? 'or' : 'and'
        this.side(f.left, other)
        this.#add(f.op === 'and' ? ' && ' : ' || ')
        this.side(f.right, other)
      }
    }
  }

  #add(text: string): void {
    this.#text += text
  }
}
