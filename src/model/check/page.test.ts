import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { format, resolveConfig } from 'prettier'
import { expect, it } from 'vitest'
import { diagnosticsPage } from './page.testing'

it('docs/diagnostics.md says what the register has (RVPANEL_UPDATE_DOCS=1 writes it)', async () => {
  const path = fileURLToPath(new URL('../../../docs/diagnostics.md', import.meta.url))
  const text = diagnosticsPage()
  const formatted = await format(text, { ...(await resolveConfig(path)), filepath: path })
  if (process.env.RVPANEL_UPDATE_DOCS === '1') writeFileSync(path, formatted)
  expect(readFileSync(path, 'utf8')).toBe(formatted)
})
