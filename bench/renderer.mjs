// The window under load: frames per second, the longest frame and the memory
// while about 100,000 trace events a second come in from a simulated kernel of
// 64 CPUs and 2,000 tasks. It drives the built program as it ships.
//
// usage: node bench/renderer.mjs [--seconds N] [--rate EVENTS_PER_SECOND]
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { fileURLToPath } from 'node:url'
import { _electron } from 'playwright-core'
import { startVirtualDisplay } from '../scripts/lib/display.mjs'
import { hasDisplay } from '../scripts/lib/system.mjs'

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)))

/**
 * Measures the window under load.
 * @param {{ seconds?: number, rate?: number }} [options] rate in trace events per second of real time
 * @returns {Promise<{ events: number, eventsPerSecond: number, framesPerSecond: number, longestFrameMs: number,
 *   framesOver50ms: number, heapBeforeMiB: number, heapAfterMiB: number, rssBeforeMiB: number, rssAfterMiB: number }>}
 */
export async function measureWindow({ seconds = 60, rate = 100_000 } = {}) {
  const display = hasDisplay() ? undefined : await startVirtualDisplay()
  const profile = mkdtempSync(path.join(tmpdir(), 'rvpanel-bench-'))
  // Without a path of its own, since Playwright then waits with the program until it is connected.
  const app = await _electron.launch({
    args: [
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--log-level=3',
      `--user-data-dir=${profile}`,
      root,
      '--cpus',
      '64',
      '--tasks',
      '2000'
    ],
    env: { ...process.env, ...(display && { DISPLAY: display.name }) }
  })
  try {
    const page = await app.firstWindow()
    await page.waitForSelector('[data-testid="status-phase"][data-phase="connected"]')
    await page.evaluate(listen)
    await page.evaluate(
      (ops) => ops.forEach((op) => globalThis.bench.request(op)),
      [
        { op: 'enable', monitor: 'wip', on: true },
        { op: 'enable', monitor: 'wwnr', on: true }
      ]
    )
    await tune(page, rate)
    const before = await memory(app, page)
    const frames = await page.evaluate(countFrames, seconds * 1000)
    const after = await memory(app, page)
    return {
      events: frames.events,
      eventsPerSecond: frames.events / frames.seconds,
      framesPerSecond: frames.count / frames.seconds,
      longestFrameMs: frames.longest,
      framesOver50ms: frames.over,
      heapBeforeMiB: before.heap,
      heapAfterMiB: after.heap,
      rssBeforeMiB: before.rss,
      rssAfterMiB: after.rss
    }
  } finally {
    await app.close()
    display?.stop()
    rmSync(profile, { recursive: true, force: true })
  }
}

/** In the page: keeps the newest event count, and sends requests of its own. */
function listen() {
  let id = 1_000_000_000
  globalThis.bench = {
    events: 0,
    virtual: 0,
    request: (request) => globalThis.rvpanel.post({ type: 'request', id: id++, request })
  }
  globalThis.rvpanel.subscribe((message) => {
    const events = message.batch?.accounts?.events
    if (events !== undefined) globalThis.bench.events = events
    const time = message.batch?.simulator?.time
    if (time !== undefined) globalThis.bench.virtual = time[0] + time[1] / 1e9
  })
}

/**
 * Sets the simulated kernel's speed so that the wanted rate of events arrives.
 * It measures events per virtual second, which stay the same on a machine that
 * is too slow for the speed that was asked for.
 */
async function tune(page, rate) {
  let factor = 0.1
  for (let round = 0; round < 4; round++) {
    await page.evaluate(
      (f) => globalThis.bench.request({ op: 'simulatorSpeed', factor: f }),
      factor
    )
    const perVirtualSecond = await page.evaluate(async () => {
      const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
      await pause(500)
      const { events, virtual } = globalThis.bench
      await pause(1500)
      return (globalThis.bench.events - events) / (globalThis.bench.virtual - virtual)
    })
    const next = Math.min(100, Math.max(1e-4, rate / Math.max(perVirtualSecond || 0, 1)))
    if (round > 0 && Math.abs(next / factor - 1) < 0.05) return
    factor = next
  }
}

/** In the page: animation frames over a time. */
function countFrames(milliseconds) {
  return new Promise((resolve) => {
    const began = performance.now()
    const events = globalThis.bench.events
    let last = began
    let count = 0
    let longest = 0
    let over = 0
    const frame = () => {
      const now = performance.now()
      longest = Math.max(longest, now - last)
      if (now - last > 50) over += 1
      last = now
      count += 1
      if (now - began < milliseconds) requestAnimationFrame(frame)
      else {
        const seconds = (now - began) / 1000
        resolve({ count, longest, over, seconds, events: globalThis.bench.events - events })
      }
    }
    requestAnimationFrame(frame)
  })
}

/** JavaScript heap of the window after a collection, and resident memory of all processes, in MiB. */
async function memory(app, page) {
  const session = await page.context().newCDPSession(page)
  await session.send('HeapProfiler.collectGarbage')
  const { usedSize } = await session.send('Runtime.getHeapUsage')
  await session.detach()
  const kib = await app.evaluate(({ app: electron }) =>
    electron.getAppMetrics().reduce((sum, process) => sum + process.memory.workingSetSize, 0)
  )
  return { heap: usedSize / 1048576, rss: kib / 1024 }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({
    options: { seconds: { type: 'string' }, rate: { type: 'string' } }
  })
  const result = await measureWindow({
    ...(values.seconds && { seconds: Number(values.seconds) }),
    ...(values.rate && { rate: Number(values.rate) })
  })
  console.table(
    Object.fromEntries(Object.entries(result).map(([k, v]) => [k, Math.round(v * 10) / 10]))
  )
}
