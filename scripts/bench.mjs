// Measures what has an aim, and prints it as a table.
//
// usage: npm run bench -- [--no-window] [--window-seconds N] [--save]
//   --save writes the table into docs/bench.md too.
import { execFileSync, spawnSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { build } from 'vite'
import { electronBinary } from './install-electron.mjs'
import { ensureBuilt } from './lib/build.mjs'
import { root } from './lib/run.mjs'

const document = path.join(root, 'docs/bench.md')
const begin = '<!-- begin: written by npm run bench -- --save -->'
const end = '<!-- end -->'

const { values: options } = parseArgs({
  options: {
    'no-window': { type: 'boolean' },
    'window-seconds': { type: 'string', default: '60' },
    save: { type: 'boolean' }
  }
})

const rows = [...(await measureWithoutWindow()), ...(await measureInWindow())]
const table = markdown(rows)
console.log(table)
if (options.save) save(table)
process.exitCode = rows.some((row) => verdict(row) === 'missed') ? 1 : 0

/** Bundles bench/main.ts and runs it in a process of its own. */
async function measureWithoutWindow() {
  const outDir = path.join(root, 'out/bench')
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    build: { ssr: path.join(root, 'bench/main.ts'), outDir, emptyOutDir: true, minify: false }
  })
  console.error('Measuring engine, trace decoder and simulator ...')
  const run = spawnSync(process.execPath, [path.join(outDir, 'main.js'), root], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit']
  })
  if (run.status !== 0) process.exit(1)
  return JSON.parse(run.stdout)
}

/** The window under load, where the program is built. */
async function measureInWindow() {
  const what = 'Window: 64 CPUs, 10,000 tasks, 18 monitors'
  if (options['no-window']) return []
  const driver = path.join(root, 'bench/renderer.mjs')
  if (electronBinary() === undefined) {
    return [{ what, missing: 'Electron is not installed; npm start or npm test installs it' }]
  }
  await ensureBuilt()
  console.error(`Measuring the window for ${options['window-seconds']} s ...`)
  const { measureWindow } = await import(driver)
  let seen
  try {
    seen = await measureWindow({ seconds: Number(options['window-seconds']) })
  } catch (error) {
    return [{ what, missing: `it did not run: ${String(error.message).split('\n')[0]}` }]
  }
  const [first, last] = [seen.memory[0], seen.memory.at(-1)]
  return [
    { what: 'Window: start to the first live state', figure: seen.startMs, unit: 'ms', most: 3000 },
    // The feed's clock and the measurement's differ by the length of a frame or two.
    {
      what: `${what}: trace events`,
      figure: seen.eventsPerSecond,
      unit: 'events/s',
      least: 990_000
    },
    { what: `${what}: trace events left out`, figure: seen.dropped, unit: 'events', most: 0 },
    { what: `${what}: frames`, figure: seen.framesPerSecond, unit: 'frames/s', least: 59 },
    { what: `${what}: longest frame`, figure: seen.longestFrameMs, unit: 'ms', most: 33.4 },
    {
      what: `${what}: frames over 33 ms of ${seen.frames}`,
      figure: seen.framesOver33ms,
      unit: 'frames',
      most: 0
    },
    {
      what: `${what}: longest wait of ${seen.keys} keys`,
      figure: seen.inputMostMs,
      unit: 'ms',
      most: 50
    },
    {
      what: `${what}: event to the screen, median`,
      figure: seen.ageMedianMs,
      unit: 'ms',
      most: 100
    },
    {
      what: `${what}: event to the screen, 99 of 100`,
      figure: seen.age99Ms,
      unit: 'ms',
      most: 100
    },
    {
      what: `${what}: JavaScript heap grew by`,
      figure: last.heap - first.heap,
      unit: 'MiB',
      most: 5
    },
    { what: `${what}: memory of all processes grew by`, figure: last.rss - first.rss, unit: 'MiB' }
  ]
}

function markdown(rows) {
  const cells = rows.map((row) => [
    row.what,
    row.figure === undefined ? (row.missing ?? '') : number(row.figure, row.unit),
    row.peer === undefined ? '' : peer(row),
    row.peerFigure === undefined ? '' : `${round(row.figure / row.peerFigure)} ×`,
    aim(row),
    verdict(row)
  ])
  const head = ['What', 'Figure', 'Peer', 'Ratio', 'Aim', '']
  const widths = head.map((title, i) => Math.max(3, title.length, ...cells.map((c) => c[i].length)))
  const line = (c) => `| ${c.map((text, i) => text.padEnd(widths[i])).join(' | ')} |`
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...cells.map(line)].join('\n')
}

function peer(row) {
  return row.peerFigure === undefined
    ? `${row.peer}: ${row.missing}`
    : `${row.peer}: ${number(row.peerFigure, row.unit)}`
}

function aim(row) {
  if (row.least !== undefined) return `≥ ${row.least} ${row.unit}`
  if (row.most !== undefined) return `≤ ${row.most} ${row.unit}`
  return row.aim === undefined ? '' : `≥ ${row.aim} ×`
}

function verdict(row) {
  if (row.least !== undefined) return row.figure >= row.least ? 'met' : 'missed'
  if (row.most !== undefined) return row.figure <= row.most ? 'met' : 'missed'
  if (row.aim === undefined || row.peerFigure === undefined) return ''
  return row.figure / row.peerFigure >= row.aim ? 'met' : 'missed'
}

function number(value, unit) {
  return value >= 1e5 ? `${round(value / 1e6)} M ${unit}` : `${round(value)} ${unit}`
}

/** Three digits that count. */
function round(value) {
  return String(Number(value.toPrecision(3)))
}

/** Replaces the table in the document, with what it was measured on. */
function save(table) {
  const compiler = version('cc', ['--version'])
  const model = os.cpus()[0]?.model.trim() ?? 'unknown processor'
  const facts = [
    new Date().toISOString().slice(0, 10),
    `${os.cpus().length} × ${model}`,
    `Linux ${os.release()}`,
    `Node ${process.versions.node}`,
    ...(compiler === undefined ? [] : [compiler]),
    `load average before the end ${os.loadavg()[0].toFixed(1)}`
  ]
  const text = fs.readFileSync(document, 'utf8')
  const before = text.slice(0, text.indexOf(begin) + begin.length)
  const after = text.slice(text.indexOf(end))
  fs.writeFileSync(document, `${before}\n\n${facts.join(' · ')}\n\n${table}\n\n${after}`)
}

function version(command, args) {
  try {
    return execFileSync(command, args, { encoding: 'utf8' }).split('\n')[0]
  } catch {
    return undefined
  }
}
