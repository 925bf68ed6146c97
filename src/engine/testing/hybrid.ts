import type { Automaton } from '../../model/automaton'
import { parseDot } from '../../model/dot'
import type { Expression } from '../../model/expression'
import type { HybridParts } from '../../model/instrumentation'

/**
 * A hybrid automaton by way of DOT.
 * @param edges `from label to`, a blank in the label as `~`: `a go;clk<5ns;reset(clk) b`; the first one begins in the initial state
 * @param invariants by state: `clk < 5 ns`
 */
export function hybrid(
  name: string,
  edges: readonly string[],
  invariants: Readonly<Record<string, string>> = {}
): Automaton {
  const labels = new Map<string, string[]>()
  const states = new Set<string>()
  for (const edge of edges) {
    const [from = '', label = '', to = ''] = edge.split(' ')
    states.add(from).add(to)
    const arrow = `"${from}" -> "${to}"`
    labels.set(arrow, [...(labels.get(arrow) ?? []), label.replaceAll('~', ' ')])
  }
  const [initial = ''] = states
  const nodes = [...states].map((state) => {
    const invariant = invariants[state]
    return `"${state}" [label = "${state}${invariant === undefined ? '' : `\\n${invariant}`}"]`
  })
  const arrows = [...labels].map(([arrow, all]) => `${arrow} [label = "${all.join('\\n')}"]`)
  const text = [
    `digraph ${name} {`,
    `"__init_${initial}" [shape = plaintext, label = ""]`,
    `"__init_${initial}" -> "${initial}"`,
    ...nodes,
    ...arrows,
    '}'
  ].join('\n')
  const { automaton, diagnostics } = parseDot(text, `${name}.dot`)
  if (automaton === undefined) throw new Error(diagnostics.map((d) => d.message).join(' '))
  return automaton
}

export const context = (name: string): Expression => ({ kind: 'context', name })

/** What a hybrid monitor has besides its model. */
export function parts(
  timer: HybridParts['timer'],
  environment: Readonly<Record<string, Expression>> = {},
  values: Readonly<Record<string, Expression>> = {}
): HybridParts {
  return {
    timer,
    environment: new Map(Object.entries(environment)),
    values: new Map(Object.entries(values))
  }
}
