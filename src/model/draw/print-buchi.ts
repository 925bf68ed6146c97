import type { LtlModel } from '../ltl'
import { specOfLtl } from './spec'

/**
 * The Büchi automaton of a formula as DOT for Graphviz. It is no model of an automaton monitor:
 * a state's label is what holds while a run is in it, and edges have none.
 */
export function printBuchi(model: LtlModel): string {
  const { states, edges } = specOfLtl(model)
  const lines = [
    `digraph ${quoted(model.name)} {`,
    `\tlabel = ${quoted(`Büchi automaton of RULE = ${model.rule}`)}`,
    '\tnode [shape = box, style = rounded]'
  ]
  states.forEach(({ name, invariant, initial }) => {
    lines.push(`\t${quoted(name)} [label = ${quoted(`${name}\n${invariant}`)}]`)
    if (!initial) return
    lines.push(`\t${quoted(`init_${name}`)} [shape = point]`)
    lines.push(`\t${quoted(`init_${name}`)} -> ${quoted(name)}`)
  })
  for (const { from, to } of edges) {
    lines.push(`\t${quoted(states[from]?.name ?? '')} -> ${quoted(states[to]?.name ?? '')}`)
  }
  lines.push('}')
  return `${lines.join('\n')}\n`
}

function quoted(text: string): string {
  return `"${text.replace(/[\\"]/g, '\\$&').replace(/\n/g, '\\n')}"`
}
