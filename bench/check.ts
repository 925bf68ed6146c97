import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { checkModel } from '../src/model/check'
import { bigModelText } from './big-model'
import { median, type BenchRow } from './measure'

const RUNS = 7
/** What a check of 1,000 states and 50 events may take at most. */
const MOST_MS = 1000

/**
 * The first check in a process, as a command has it, of a model of 1,000 states and
 * 50 events; and how often it is done while rvgen reads the same file and writes its
 * monitor (RVPANEL_RVGEN: its folder; RVPANEL_PYTHON: Python of at least 3.12 that
 * finds lark).
 */
export function benchCheck(): BenchRow[] {
  const text = bigModelText()
  let error: string | undefined
  const first = cpuMs(() => {
    error = checkModel(text, 'big.dot').find((d) => d.severity === 'error')?.message
  })
  if (error !== undefined) throw new Error(`The big model has an error: ${error}`)
  const ms = median(Array.from({ length: RUNS }, () => cpuMs(() => checkModel(text, 'big.dot'))))
  const what = 'check: a model of 1,000 states and 50 events'
  const peer = 'rvgen, Python 3.12'
  const rvgen = rvgenMs(text)
  return [
    { what: `${what}, the first in a process`, figure: first, unit: 'ms', most: MOST_MS },
    typeof rvgen === 'string'
      ? { what, figure: 1000 / ms, unit: '/s', peer, missing: rvgen }
      : { what, figure: 1000 / ms, unit: '/s', peer, peerFigure: 1000 / rvgen, aim: 1 }
  ]
}

/** Processor time of some work, ms. */
export function cpuMs(work: () => void): number {
  const start = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(start)
  return (user + system) / 1000
}

/** Processor time of rvgen with the model, or why there is none. */
export function rvgenMs(text: string): number | string {
  const folder = process.env.RVPANEL_RVGEN
  if (folder === undefined) return 'RVPANEL_RVGEN does not say where it is'
  if (!existsSync(join(folder, '__main__.py'))) return `there is no rvgen in ${folder}`
  const python = process.env.RVPANEL_PYTHON ?? 'python3'
  const work = mkdtempSync(join(tmpdir(), 'rvpanel-bench-'))
  try {
    writeFileSync(join(work, 'big.dot'), text)
    // A process tells what its children took only when it is asked from inside.
    const script = [
      'import resource, subprocess, sys',
      'subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)',
      'used = resource.getrusage(resource.RUSAGE_CHILDREN)',
      'print((used.ru_utime + used.ru_stime) * 1000)'
    ].join('\n')
    const args = ['monitor', '-c', 'da', '-s', 'big.dot', '-t', 'per_cpu']
    const output = execFileSync(python, ['-c', script, python, folder, ...args], {
      cwd: work,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore']
    })
    return Number(output)
  } catch (error) {
    return `it did not run: ${error instanceof Error ? (error.message.split('\n')[0] ?? '') : ''}`
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}
