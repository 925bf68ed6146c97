import type { GraphSpec } from '../spec'
import { visibleLine } from '../../visible-text'

/** A state as it is drawn with characters. */
export interface TextState {
  /** Its name, then its invariant or label, wrapped. */
  readonly lines: readonly string[]
  readonly initial: boolean
  readonly final: boolean
}

/** All transitions of a pair of states, one line or more for each event. */
export interface TextEdge {
  readonly from: number
  readonly to: number
  readonly labels: readonly string[]
}

export interface TextGraph {
  readonly states: readonly TextState[]
  readonly edges: readonly TextEdge[]
}

/** What a continued line of a label begins with; a name never begins so. */
export const CONTINUED = '  '

/** The graph with texts of at most `wrap` columns, as far as their words allow. */
export function textGraph(spec: GraphSpec, wrap: number): TextGraph {
  return {
    states: spec.states.map(({ name, invariant, initial, final }) => ({
      lines: [
        visibleLine(name),
        ...(invariant === '' ? [] : wrapped(visibleLine(invariant), wrap))
      ],
      initial,
      final
    })),
    edges: spec.edges.map(({ from, to, labels }) => ({
      from,
      to,
      labels: labels.flatMap(({ event, guard }) =>
        wrapped(visibleLine(guard === '' ? event : `${event}; ${guard}`), wrap)
      )
    }))
  }
}

/** Breaks between words only, after an operator rather than before; further lines are indented. */
export function wrapped(text: string, width: number): string[] {
  if (text.length <= width) return [text]
  const lines: string[] = []
  let line = ''
  for (const word of text.split(/ (?![|&]{2} )/)) {
    const longer = line === '' ? word : `${line} ${word}`
    if (longer.length > width && line.trim() !== '') {
      lines.push(line)
      line = CONTINUED + word
    } else {
      line = longer
    }
  }
  lines.push(line)
  return lines
}
