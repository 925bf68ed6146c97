import { flat, parenthesized } from './text'
import type { CText } from './text'

/** Integer types that an expression can have in C; `long` and its like count as 64 bits wide. */
export type CType = 'int' | 'unsigned int' | 's64' | 'u64'

/** Precedence of what C text is made of, from loose to tight. */
export const TIGHT = {
  ternary: 1,
  '||': 2,
  '&&': 3,
  '|': 4,
  '&': 5,
  '==': 6,
  '!=': 6,
  '<': 7,
  '<=': 7,
  '>': 7,
  '>=': 7,
  '+': 8,
  '-': 8,
  unary: 9,
  primary: 10
} as const

/**
 * C text of an integer. Expressions of instrumentation are about integers without bounds; what
 * values an operand may have tells where C's types would change one.
 */
export interface CValue {
  readonly text: CText
  readonly tight: number
  readonly type: CType
  readonly min: bigint
  readonly max: bigint
  /** What says the same where only truth counts, if something shorter does. */
  readonly truth?: string
}

const LIMITS: Readonly<Record<CType, readonly [bigint, bigint]>> = {
  int: [-(2n ** 31n), 2n ** 31n - 1n],
  'unsigned int': [0n, 2n ** 32n - 1n],
  s64: [-(2n ** 63n), 2n ** 63n - 1n],
  u64: [0n, 2n ** 64n - 1n]
}

/** Text that needs no parentheses anywhere. */
export function primary(
  text: string,
  type: CType,
  [min, max]: readonly [bigint, bigint] = LIMITS[type]
): CValue {
  return { text, tight: TIGHT.primary, type, min, max }
}

/** Text that is 0 or 1 as it stands. */
export const flag = (text: string): CValue => primary(text, 'int', [0n, 1n])

/** Text that is true where it is not 0: `!!text` as an integer. */
export function truthOf(text: string): CValue {
  return { ...flag(`!!${text}`), tight: TIGHT.unary, truth: text }
}

/** A number that the source names or writes out. */
export function literal(value: number, name: string | undefined): CValue {
  const at = BigInt(value)
  const type = fits(at, at, 'int') ? 'int' : 's64'
  const text = name ?? String(value)
  const tight = /^\w/.test(text) ? TIGHT.primary : TIGHT.unary
  return { text, tight, type, min: at, max: at }
}

/** Whether every value from min to max is one of the type. */
export function fits(min: bigint, max: bigint, type: CType): boolean {
  const [least, most] = LIMITS[type]
  return least <= min && max <= most
}

/** The type to which C brings both operands of an operator. */
export function common(a: CType, b: CType): CType {
  for (const type of ['u64', 's64', 'unsigned int'] as const) {
    if (a === type || b === type) return type
  }
  return 'int'
}

/** The value in another type, whose values it has. */
export function cast(value: CValue, type: CType): CValue {
  if (value.type === type) return value
  const inner = value.tight < TIGHT.unary ? parenthesized(value.text) : value.text
  const [least, most] = LIMITS[type]
  const held = fits(value.min, value.max, type)
  return {
    text: `(${type})${flat(inner)}`,
    tight: TIGHT.unary,
    type,
    min: held ? value.min : least,
    max: held ? value.max : most
  }
}

/** The text as an operand of something that binds so tightly. */
export function operand(value: CValue, tight: number): CText {
  return value.tight < tight ? parenthesized(value.text) : value.text
}
