import { join } from 'node:path'
import { loadModels } from '../src/target/load-models'
import { benchEngine } from './engine'
import { benchSimulator } from './simulator'
import { benchTrace } from './trace'

/*
 * Everything that can be measured without a window. The argument is the folder
 * of the project; the rows go to standard output as JSON, for scripts/bench.mjs.
 */

const root = process.argv[2] ?? '.'
const { models } = await loadModels(join(root, 'models'))
const wip = models.find(({ name }) => name === 'wip')
if (wip?.kind !== 'automaton') throw new Error('There is no model wip.')
const rows = [
  ...benchEngine(wip, join(root, 'bench/step.c')),
  ...benchTrace(join(root, 'test/fixtures/trace')),
  ...benchSimulator(models)
]
process.stdout.write(`${JSON.stringify(rows)}\n`)
