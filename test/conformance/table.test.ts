import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { format, resolveConfig } from 'prettier'
import { expect, it } from 'vitest'
import { loadModels } from '../../src/target/load-models'
import { monitorsPage, scenariosPage } from './table'

const MODELS = fileURLToPath(new URL('../../models', import.meta.url))

/** Compares a page with what it must be, or writes it (npm run docs:monitors). */
async function isCurrent(page: string, text: string): Promise<void> {
  const path = fileURLToPath(new URL(`../../${page}`, import.meta.url))
  const formatted = await format(text, { ...(await resolveConfig(path)), filepath: path })
  if (process.env.RVPANEL_UPDATE_DOCS === '1') writeFileSync(path, formatted)
  expect(readFileSync(path, 'utf8')).toBe(formatted)
}

it('docs/monitors.md says what a run shows', async () => {
  const { models } = await loadModels(MODELS)
  await isCurrent('docs/monitors.md', monitorsPage(models))
})

it('models/scenarios.md says what each scenario is', async () => {
  await isCurrent('models/scenarios.md', scenariosPage())
})
