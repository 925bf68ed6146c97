// Memory over a long run: the built program on the simulated kernel with wip
// and wwnr enabled, ten times faster than real time. Prints the heap of the
// window after a collection and the resident memory of each process.
//
// usage: node bench/soak.mjs [--minutes N] [--every SECONDS] [--factor SPEED]
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { _electron } from 'playwright-core'
import { startVirtualDisplay } from '../scripts/lib/display.mjs'
import { hasDisplay } from '../scripts/lib/system.mjs'

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)))
const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    every: { type: 'string', default: '30' },
    factor: { type: 'string', default: '10' }
  }
})

const display = hasDisplay() ? undefined : await startVirtualDisplay()
const profile = mkdtempSync(path.join(tmpdir(), 'rvpanel-soak-'))
// Without a path of its own, since Playwright then waits with the program until it is connected.
const app = await _electron.launch({
  args: [
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    '--log-level=3',
    `--user-data-dir=${profile}`,
    root
  ],
  env: { ...process.env, ...(display && { DISPLAY: display.name }) }
})
try {
  const page = await app.firstWindow()
  await page.waitForSelector('[data-testid="status-phase"][data-phase="connected"]')
  await page.evaluate((factor) => {
    globalThis.soak = { events: 0, violations: 0 }
    globalThis.rvpanel.subscribe(({ batch }) => {
      globalThis.soak.events = batch?.accounts?.events ?? globalThis.soak.events
      globalThis.soak.violations = batch?.accounts?.violations ?? globalThis.soak.violations
    })
    const requests = [
      { op: 'enable', monitor: 'wip', on: true },
      { op: 'enable', monitor: 'wwnr', on: true },
      { op: 'simulatorSpeed', factor }
    ]
    requests.forEach((request, i) =>
      globalThis.rvpanel.post({ type: 'request', id: 1_000_000_000 + i, request })
    )
  }, Number(values.factor))
  const session = await page.context().newCDPSession(page)
  console.log('seconds  events  violations  window heap MiB  resident MiB by process')
  const samples = Math.ceil((Number(values.minutes) * 60) / Number(values.every))
  for (let i = 0; i <= samples; i++) {
    if (i > 0) await delay(Number(values.every) * 1000)
    await session.send('HeapProfiler.collectGarbage')
    const { usedSize } = await session.send('Runtime.getHeapUsage')
    const soak = await page.evaluate(() => globalThis.soak)
    const processes = await app.evaluate(({ app: program }) =>
      program
        .getAppMetrics()
        .map(({ name, type, memory }) => [name ?? type, memory.workingSetSize / 1024])
    )
    console.log(
      `${i * Number(values.every)}  ${soak.events}  ${soak.violations}  ${(usedSize / 2 ** 20).toFixed(1)}  ` +
        processes.map(([name, mib]) => `${name} ${mib.toFixed(0)}`).join(', ')
    )
  }
} finally {
  await app.close()
  display?.stop()
  rmSync(profile, { recursive: true, force: true })
}
