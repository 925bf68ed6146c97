import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { format, resolveConfig } from 'prettier'
import { expect, it } from 'vitest'
import { loadModels } from '../../src/target/load-models'
import { monitorsPage } from './table'

const PAGE = fileURLToPath(new URL('../../docs/monitors.md', import.meta.url))
const MODELS = fileURLToPath(new URL('../../models', import.meta.url))

it('docs/monitors.md says what a run shows (npm run docs:monitors writes it)', async () => {
  const { models } = await loadModels(MODELS)
  const options = await resolveConfig(PAGE)
  const page = await format(monitorsPage(models), { ...options, filepath: PAGE })
  if (process.env.RVPANEL_UPDATE_DOCS === '1') writeFileSync(PAGE, page)
  expect(readFileSync(PAGE, 'utf8')).toBe(page)
})
