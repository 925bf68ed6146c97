import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTarget } from '../../src/target/open'
import { realTarget, type RealTarget } from './boot'
import { PATIENCE, WatchedTarget } from './watched'

const target = await realTarget({ cpus: 2 })
if ('skip' in target) console.warn(`skipped: no real kernel to test on: ${target.skip}`)

const here = dirname(fileURLToPath(import.meta.url))
const PHASES = ['connecting', 'tree', 'opening', 'arming', 'streaming', 'changing', 'leaving']

describe.skipIf('skip' in target)('a panel that is killed', { timeout: 5 * PATIENCE }, () => {
  const real = target as RealTarget
  const out = resolve(here, `../../node_modules/.cache/rvpanel-phases-${String(process.pid)}`)
  let panel: WatchedTarget
  let before = ''

  beforeAll(async () => {
    await build({
      configFile: false,
      logLevel: 'error',
      build: { ssr: join(here, 'phases-child.ts'), outDir: out, emptyOutDir: true }
    })
    panel = await WatchedTarget.begin(real)
    before = await panel.tree()
  }, 2 * PATIENCE)

  afterAll(async () => {
    await panel.end()
    rmSync(out, { recursive: true, force: true })
  })

  for (const phase of PHASES) {
    it(`leaves the target as it was: ${phase}`, async () => {
      const stateDir = mkdtempSync(join(tmpdir(), 'rvpanel-state-'))
      const child = spawn(
        process.execPath,
        // prettier-ignore
        [join(out, 'phases-child.js'), JSON.stringify(real.spec), panel.home.config, stateDir,
         real.password, phase],
        { stdio: ['ignore', 'pipe', 'inherit'] }
      )
      const said = await Promise.race([
        once(child.stdout, 'data').then(([chunk]) => String(chunk)),
        once(child, 'exit').then(([code]) => `it ended with ${String(code)}`)
      ])
      child.kill('SIGKILL')
      expect(said).toBe(`${phase}\n`)
      const since = performance.now()
      await panel.untilTree(before)
      console.info(
        `killed while ${phase}: as before within ${((performance.now() - since) / 1000).toFixed(1)} s`
      )
      // What the dead panel's journal has left is nothing for the next one.
      const next = await openTarget(real.spec, {
        ...panel.home.options(({ secret }) => (secret ? real.password : 'yes')),
        stateDir
      })
      await next.close()
      expect(await panel.tree()).toBe(before)
      rmSync(stateDir, { recursive: true, force: true })
    }, 300_000)
  }
})
