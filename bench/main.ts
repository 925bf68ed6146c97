import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { loadModels } from '../src/target/load-models'
import { benchCheck } from './check'
import { benchCompare } from './compare'
import { benchAllocation, benchEngine } from './engine'
import { benchGen } from './gen'
import type { BenchRow } from './measure'
import { benchObserver } from './observer'
import { benchSimulator } from './simulator'
import { benchTrace } from './trace'

/*
 * Everything that can be measured without a window. The argument is the folder
 * of the project; the rows go to standard output as JSON, for scripts/bench.mjs.
 */

const ALLOCATION = 'allocation'
const [, program = '', root = '.', part] = process.argv
const { models, drawings } = await loadModels(join(root, 'models'))

/** In a process of its own, where the collector can be called and does not come unasked. */
function allocation(): BenchRow[] {
  const flags = ['--expose-gc', '--min-semi-space-size=64', '--max-semi-space-size=64']
  const output = execFileSync(process.execPath, [...flags, program, root, ALLOCATION], {
    encoding: 'utf8'
  })
  // The same program wrote it.
  return JSON.parse(output) as BenchRow[]
}

const rows =
  part === ALLOCATION
    ? benchAllocation(models, () => globalThis.gc?.())
    : [
        ...benchEngine(models, join(root, 'bench')),
        ...allocation(),
        ...benchTrace(join(root, 'test/fixtures/trace')),
        ...(await benchObserver(models, drawings)),
        ...benchSimulator(models),
        ...benchCheck(),
        ...benchCompare(),
        ...benchGen()
      ]
process.stdout.write(`${JSON.stringify(rows)}\n`)
