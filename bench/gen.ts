import { parseDot } from '../src/model/dot'
import { generateMonitor } from '../src/model/gen/monitor'
import { bigModelText } from './big-model'
import { cpuMs, rvgenMs } from './check'
import { median, type BenchRow } from './measure'

const RUNS = 7
/** What generating a monitor of 1,000 states and 50 events may take at most. */
const MOST_MS = 1000

/**
 * A monitor of a model of 1,000 states and 50 events, from the model's text to the texts of its
 * files: the first in a process, as a command has it, and against rvgen (see benchCheck()).
 */
export function benchGen(): BenchRow[] {
  const text = bigModelText()
  const generate = (): void => {
    const { automaton } = parseDot(text, 'big.dot')
    if (automaton === undefined) throw new Error('The big model has an error.')
    generateMonitor(
      { kind: 'automaton', automaton },
      { name: 'big', description: 'big', parent: undefined, type: 'per_cpu' }
    )
  }
  const first = cpuMs(generate)
  const ms = median(Array.from({ length: RUNS }, () => cpuMs(generate)))
  const what = 'gen: a monitor of 1,000 states and 50 events'
  const peer = 'rvgen, Python 3.12'
  const rvgen = rvgenMs(text)
  return [
    { what: `${what}, the first in a process`, figure: first, unit: 'ms', most: MOST_MS },
    typeof rvgen === 'string'
      ? { what, figure: 1000 / ms, unit: '/s', peer, missing: rvgen }
      : { what, figure: 1000 / ms, unit: '/s', peer, peerFigure: 1000 / rvgen, aim: 1 }
  ]
}
