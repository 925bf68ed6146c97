import type { Span } from '../findings'

/** A name, number or string as written, without quotes, and where that stands. */
export interface Value {
  readonly text: string
  readonly span: Span
  readonly isQuoted: boolean
}

/** `key = value` in an attribute list. */
export interface Assignment {
  readonly key: Value
  readonly value: Value
}

/** `[ ... ]`, all of one statement together; `span` covers the brackets. */
export interface AttributeList {
  readonly assignments: readonly Assignment[]
  readonly span: Span | undefined
}

export type Statement =
  | {
      readonly kind: 'node'
      readonly id: Value
      readonly attributes: AttributeList
      readonly span: Span
    }
  | {
      readonly kind: 'edge'
      /** A subgraph as an end is undefined. */
      readonly ends: readonly (Value | undefined)[]
      readonly attributes: AttributeList
      readonly span: Span
    }
  | {
      readonly kind: 'defaults'
      readonly of: 'graph' | 'node' | 'edge'
      readonly attributes: AttributeList
      readonly span: Span
    }
  /** `key = value` as a statement: an attribute of the graph. */
  | { readonly kind: 'assignment'; readonly span: Span }
  | { readonly kind: 'subgraph'; readonly statements: readonly Statement[]; readonly span: Span }

/** A file: one graph. */
export interface Graph {
  /** From `strict` or `digraph` to the end of that word. */
  readonly head: Span
  readonly statements: readonly Statement[]
  /** Offset of the closing brace. */
  readonly end: number
  /** False where a statement could not be read. */
  readonly isWhole: boolean
}
