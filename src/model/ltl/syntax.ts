import type { Span } from '../findings'
import type { TextEdit } from '../text-edit'

/** Operators before one operand. */
export const UNARY_OPERATORS = ['always', 'eventually', 'next', 'not'] as const
export type UnaryOperator = (typeof UNARY_OPERATORS)[number]

/** Operators between two operands; rvgen's documentation has `equivalent`, its parser has not. */
export const BINARY_OPERATORS = ['until', 'and', 'or', 'imply', 'equivalent'] as const
export type BinaryOperator = (typeof BINARY_OPERATORS)[number]

/** A formula as written. Offsets are those of the file. */
export type LtlExpression =
  | { readonly kind: 'literal'; readonly value: boolean; readonly span: Span }
  | { readonly kind: 'name'; readonly name: string; readonly span: Span }
  /** Parentheses. */
  | { readonly kind: 'group'; readonly of: LtlExpression; readonly span: Span }
  | {
      readonly kind: 'unary'
      readonly op: UnaryOperator
      readonly opSpan: Span
      readonly of: LtlExpression
      readonly span: Span
    }
  | {
      readonly kind: 'binary'
      readonly op: BinaryOperator
      readonly opSpan: Span
      readonly left: LtlExpression
      readonly right: LtlExpression
      readonly span: Span
    }

/** `NAME = expression`. */
export interface LtlAssignment {
  readonly name: string
  readonly nameSpan: Span
  readonly expression: LtlExpression
}

/** The expression in one line, with the parentheses of the source and no others. */
export function printExpression(e: LtlExpression): string {
  switch (e.kind) {
    case 'literal':
      return String(e.value)
    case 'name':
      return e.name
    case 'group':
      return `(${printExpression(e.of)})`
    case 'unary':
      return `${e.op} ${printExpression(e.of)}`
    case 'binary':
      return `${printExpression(e.left)} ${e.op} ${printExpression(e.right)}`
  }
}

/** The edits that put parentheses around a stretch. */
export function parenthesize({ start, end }: Span): TextEdit[] {
  return [
    { start, end: start, text: '(' },
    { start: end, end, text: ')' }
  ]
}
