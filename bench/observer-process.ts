import { writeFileSync } from 'node:fs'
import { performance } from 'node:perf_hooks'
import { join } from 'node:path'
import { serveObserver } from '../src/main/observer-serving'
import { openTarget } from '../src/observer/open-target'
import { loadModels } from '../src/target/load-models'
import { openFeed, type FeedAccount } from './feed-port'

/*
 * The observer's process as it ships, but for the machine under it: at a rate that no simulated
 * machine reaches, recorded streams are played (feed-port.ts). The second line of the account's
 * file is when stamps began, ms since 1970.
 */

const settings = {
  rate: Number(process.env.RVPANEL_BENCH_RATE ?? 1_000_000),
  lines: 1_000_000,
  folder: process.env.RVPANEL_BENCH_FOLDER ?? '.',
  models: process.env.RVPANEL_BENCH_MODELS ?? 'models'
}

serveObserver(async (spec, options) => {
  if (spec.kind !== 'sim') return openTarget(spec, options)
  const { models } = await loadModels(settings.models)
  const account: FeedAccount = { begin: 0, given: 0, dropped: 0 }
  const clock = {
    now: () => performance.timeOrigin + performance.now(),
    every: (ms: number, tick: () => void) => {
      const timer = setInterval(tick, ms)
      return () => {
        clearInterval(timer)
      }
    }
  }
  const port = openFeed({ ...spec.settings, ...settings }, models, clock, account)
  clock.every(500, () => {
    writeFileSync(join(settings.folder, 'account.json'), JSON.stringify(account))
  })
  return port
})
