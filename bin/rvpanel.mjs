#!/usr/bin/env node
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const program = new URL('../out/main/cli.js', import.meta.url)
if (!existsSync(program)) {
  console.error(`rvpanel: it is not built yet; run npm start or npm test in ${root} first`)
  process.exit(1)
}
const { main } = await import(program.href)
process.exit(await main(process.argv.slice(2), root))
