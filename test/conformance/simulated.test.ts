import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll } from 'vitest'
import { loadModels } from '../../src/target/load-models'
import { openTarget } from '../../src/target/open'
import type { TracefsPort } from '../../src/target/port'
import { SCENARIOS } from '../../src/simulator/scenarios'
import { Rv } from './kit'
import { conformance, type Scene } from './suite'

const MODELS = fileURLToPath(new URL('../../models', import.meta.url))

let stateDir = ''
beforeAll(async () => {
  stateDir = await mkdtemp(join(tmpdir(), 'rvpanel-conformance-'))
})
afterAll(() => rm(stateDir, { recursive: true, force: true }))

const open = async (scenario?: string): Promise<TracefsPort> => {
  const { models } = await loadModels(MODELS)
  const settings = { cpus: 4, tasks: 32, seed: 1, ...(scenario === undefined ? {} : { scenario }) }
  return openTarget({ kind: 'sim', settings }, { models, stateDir })
}

/** A machine of its own with a fault. */
const scene = async (scenario: string): Promise<Scene> => {
  const rv = new Rv(await open(scenario))
  return {
    rv,
    end: async () => {
      await rv.port.close()
    }
  }
}

conformance('the simulated kernel', {
  open: () => open(),
  violated: 'wip',
  // The first one of each monitor; src/simulator tries all of them.
  scenes: Object.fromEntries(
    [...SCENARIOS].reverse().map(({ monitor, name }) => [monitor, () => scene(name)])
  )
})
