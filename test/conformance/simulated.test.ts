import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll } from 'vitest'
import { loadModels } from '../../src/target/load-models'
import { openTarget } from '../../src/target/open'
import { conformance } from './suite'

const MODELS = fileURLToPath(new URL('../../models', import.meta.url))

let stateDir = ''
beforeAll(async () => {
  stateDir = await mkdtemp(join(tmpdir(), 'rvpanel-conformance-'))
})
afterAll(() => rm(stateDir, { recursive: true, force: true }))

conformance('the simulated kernel', {
  open: async () => {
    const { models } = await loadModels(MODELS)
    const settings = { cpus: 4, tasks: 32, seed: 1 }
    return openTarget({ kind: 'sim', settings }, { models, stateDir })
  },
  violated: 'wip'
})
