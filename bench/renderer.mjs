// The window under load: the built program, whose observer gets a million trace events a second of
// 64 CPUs and 10,000 tasks with every monitor of the kernel enabled. Frames, the answer to input,
// the way from an event to the screen, memory, and the start.
//
// usage: node bench/renderer.mjs [--seconds N] [--rate EVENTS_PER_SECOND] [--cpus N] [--tasks N]
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { _electron } from 'playwright-core'
import { build } from 'vite'
import { startVirtualDisplay } from '../scripts/lib/display.mjs'
import { hasDisplay } from '../scripts/lib/system.mjs'

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)))

/** Between two keys that are pressed during the measurement, ms. */
const KEY_EVERY = 400
/** Between two readings of memory, ms. */
const MEMORY_EVERY = 10_000

/**
 * Measures the window under load.
 * @param {{ seconds?: number, rate?: number, cpus?: number, tasks?: number }} [options] rate in trace events a second
 */
export async function measureWindow({
  seconds = 60,
  rate = 1_000_000,
  cpus = 64,
  tasks = 10_000
} = {}) {
  const folder = mkdtempSync(path.join(tmpdir(), 'rvpanel-bench-'))
  const display = hasDisplay() ? undefined : await startVirtualDisplay()
  let app
  try {
    const start = await measureStart(folder, display)
    const program = await programWithFeed(folder)
    app = await launch(
      program,
      path.join(folder, 'profile'),
      display,
      ['--cpus', cpus, '--tasks', tasks],
      {
        RVPANEL_BENCH_RATE: String(rate),
        RVPANEL_BENCH_FOLDER: folder,
        RVPANEL_BENCH_MODELS: path.join(root, 'models')
      }
    )
    const page = await app.firstWindow()
    await page.waitForSelector('[data-testid="status-phase"][data-phase="connected"]', {
      timeout: 60_000
    })
    await page.addInitScript(tap)
    await page.reload()
    await page.waitForSelector('[data-testid="status-phase"][data-phase="connected"]')
    await page.evaluate(enableAll)
    await settle(page)
    const account = () => JSON.parse(readFileSync(path.join(folder, 'account.json'), 'utf8'))
    await page.evaluate(watch, account().begin)
    const memory = [await memoryOf(app, page, true)]
    const before = account()
    const began = performance.now()
    const counting = page.evaluate(countFrames, seconds * 1000)
    let over = false
    void counting.then(() => {
      over = true
    })
    let keys = 0
    for (; !over; keys++) {
      await page.keyboard.press(keys % 12 < 6 ? 'ArrowDown' : 'ArrowUp')
      await delay(KEY_EVERY)
      if (performance.now() - began > memory.length * MEMORY_EVERY) {
        memory.push(await memoryOf(app, page, false))
      }
    }
    const frames = await counting
    const after = account()
    const taken = (performance.now() - began) / 1000
    memory.push(await memoryOf(app, page, true))
    return {
      ...start,
      eventsPerSecond: (after.given - before.given) / taken,
      dropped: after.dropped - before.dropped,
      ...frames,
      keys,
      memory
    }
  } finally {
    await app?.close()
    display?.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** From the start of the process until the first state of an instance is on the screen, ms. */
async function measureStart(folder, display) {
  const began = performance.now()
  const app = await launch(root, path.join(folder, 'start'), display, [], {})
  try {
    const page = await app.firstWindow()
    await page.waitForSelector('[data-testid="cpu-state-0"]', { timeout: 60_000 })
    return { startMs: performance.now() - began }
  } finally {
    await app.close()
  }
}

/** The built program, its observer's bundle replaced by the one that plays a feed. */
async function programWithFeed(folder) {
  const program = path.join(folder, 'program')
  mkdirSync(program)
  for (const part of [
    'package.json',
    'out/main',
    'out/preload',
    'out/renderer',
    'models',
    'resources'
  ]) {
    cpSync(path.join(root, part), path.join(program, part), { recursive: true })
  }
  symlinkSync(path.join(root, 'node_modules'), path.join(program, 'node_modules'))
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    build: {
      ssr: path.join(root, 'bench/observer-process.ts'),
      outDir: path.join(program, 'out/main'),
      emptyOutDir: false,
      minify: false
    }
  })
  return program
}

function launch(program, profile, display, args, env) {
  // Without a path of its own, since Playwright then waits with the program until it is connected.
  return _electron.launch({
    args: [
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--log-level=3',
      `--user-data-dir=${profile}`,
      program,
      ...args.map(String)
    ],
    env: { ...process.env, ...(display && { DISPLAY: display.name }), ...env }
  })
}

/**
 * In the page before its own scripts: listens at the port to the observer beside the page, and
 * keeps the end through which it can ask.
 */
function tap() {
  globalThis.bench = { ages: [], inputs: [], begin: Number.NaN }
  const { bench } = globalThis
  const asked = new Map()
  let id = 1_000_000_000
  const heard = ({ data }) => {
    if (data.type === 'reply') asked.get(data.id)?.(data.error)
    const newest = data.batch?.events?.rows.at(-1)
    if (newest === undefined) return
    const at = bench.begin + (newest.sec - 10_000) * 1000 + newest.nsec / 1e6
    // The frame in which it is drawn, and the end of that frame.
    requestAnimationFrame(() => {
      const { port1, port2 } = new globalThis.MessageChannel()
      port1.onmessage = () => {
        bench.ages.push(performance.timeOrigin + performance.now() - at)
        port1.close()
      }
      port2.postMessage(null)
    })
  }
  globalThis.addEventListener('message', ({ ports: [port] }) => {
    if (port === undefined) return
    bench.request = (request) =>
      new Promise((resolve) => {
        id += 1
        asked.set(id, resolve)
        port.postMessage({ type: 'request', id, request })
      })
    port.addEventListener('message', heard)
  })
}

/** In the page: enables every monitor, one after the other. A container enables its monitors. */
async function enableAll() {
  const rows = [...globalThis.document.querySelectorAll('[data-testid^="monitor-row-"]')]
  const names = rows.map((row) => row.getAttribute('data-testid').slice('monitor-row-'.length))
  for (const monitor of names) await globalThis.bench.request({ op: 'enable', monitor, on: true })
}

/** Until the heap has what the state of all instances takes. */
async function settle(page) {
  await page.getByTestId('monitor-row-wip').click()
  await delay(5000)
}

/** In the page: from now on the age of the newest event is known, and how long keys wait for their frame. */
function watch(begin) {
  const { bench } = globalThis
  bench.begin = begin
  new globalThis.PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      if (entry.name === 'keydown') bench.inputs.push(entry.duration)
    }
  }).observe({ type: 'event', durationThreshold: 16, buffered: false })
}

/** In the page: animation frames over a time, and what else was seen in it. */
function countFrames(milliseconds) {
  const { bench } = globalThis
  bench.ages.length = 0
  bench.inputs.length = 0
  return new Promise((resolve) => {
    const began = performance.now()
    let last = began
    const lengths = []
    const frame = () => {
      const now = performance.now()
      lengths.push(now - last)
      last = now
      if (now - began < milliseconds) requestAnimationFrame(frame)
      else {
        const at = (list, share) =>
          [...list].sort((a, b) => a - b)[
            Math.min(list.length - 1, Math.floor(list.length * share))
          ] ?? 0
        resolve({
          framesPerSecond: (lengths.length * 1000) / (now - began),
          longestFrameMs: Math.max(...lengths),
          framesOver33ms: lengths.filter((length) => length > 33.4).length,
          frames: lengths.length,
          ageMedianMs: at(bench.ages, 0.5),
          age99Ms: at(bench.ages, 0.99),
          ageMostMs: Math.max(0, ...bench.ages),
          batches: bench.ages.length,
          inputMostMs: Math.max(0, ...bench.inputs),
          inputs: bench.inputs.length
        })
      }
    }
    requestAnimationFrame(frame)
  })
}

/** JavaScript heap of the window, after a collection if wanted (which takes a frame), and resident memory of all processes, in MiB. */
async function memoryOf(app, page, collect) {
  const session = await page.context().newCDPSession(page)
  if (collect) await session.send('HeapProfiler.collectGarbage')
  const { usedSize } = await session.send('Runtime.getHeapUsage')
  await session.detach()
  const kib = await app.evaluate(({ app: electron }) =>
    electron.getAppMetrics().reduce((sum, process) => sum + process.memory.workingSetSize, 0)
  )
  return { heap: usedSize / 1048576, rss: kib / 1024 }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({
    options: {
      seconds: { type: 'string' },
      rate: { type: 'string' },
      cpus: { type: 'string' },
      tasks: { type: 'string' }
    }
  })
  const result = await measureWindow(
    Object.fromEntries(Object.entries(values).map(([name, text]) => [name, Number(text)]))
  )
  console.log(JSON.stringify(result, null, 1))
}
