// Starting programs and saying so.
import { spawn } from 'node:child_process'
import path from 'node:path'
import { performance } from 'node:perf_hooks'
import { clearInterval, setInterval } from 'node:timers'
import { fileURLToPath } from 'node:url'

/** The checkout. */
export const root = path.dirname(path.dirname(path.dirname(fileURLToPath(import.meta.url))))

/** @param {string} line */
export function say(line) {
  console.log(line)
}

/** @param {number} since from performance.now() */
export function seconds(since) {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`
}

/**
 * Says what is being done, does it, says how long it took. While it lasts, a
 * line every ten seconds shows that it is alive.
 * @template T
 * @param {string} title
 * @param {() => Promise<T> | T} work
 * @returns {Promise<T>}
 */
export async function step(title, work) {
  const began = performance.now()
  say(`${title} ...`)
  const alive = setInterval(() => say(`  still at it after ${seconds(began)}`), 10_000)
  try {
    const result = await work()
    say(`  done in ${seconds(began)}`)
    return result
  } finally {
    clearInterval(alive)
  }
}

/**
 * Runs a program to its end.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, show?: boolean }} [options] show: its output goes to ours as it comes
 * @returns {Promise<{ code: number, output: string }>} code 128 + n after signal n, 127 when it cannot be started
 */
export function run(command, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: root,
      env: { ...process.env, ...options.env },
      stdio: options.show ? ['ignore', 'inherit', 'inherit'] : ['ignore', 'pipe', 'pipe']
    })
    let output = ''
    running.add(child)
    const end = (result) => {
      running.delete(child)
      resolve(result)
    }
    child.stdout?.on('data', (bytes) => (output += bytes))
    child.stderr?.on('data', (bytes) => (output += bytes))
    child.once('error', (error) => end({ code: 127, output: error.message }))
    child.once('close', (code, signal) => end({ code: exitCode(code, signal), output }))
  })
}

/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set()

/**
 * Ends what runs when the user ends this: npm, for one, goes on installing
 * after an interrupt. Until the returned function is called.
 * @returns {() => void}
 */
export function endWithUs() {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
  /** @param {NodeJS.Signals} signal */
  const end = (signal) => {
    for (const child of running) child.kill('SIGKILL')
    console.error('Interrupted; the next start goes on from here.')
    process.exit(exitCode(null, signal))
  }
  for (const signal of signals) process.on(signal, end)
  return () => {
    for (const signal of signals) process.off(signal, end)
  }
}

/**
 * As `run`, but a failure is an Error whose message ends with the last lines of the output.
 * @param {string} what for the message: `npm ci`
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ env?: NodeJS.ProcessEnv }} [options]
 */
export async function mustRun(what, command, args, options) {
  const { code, output } = await run(command, args, options)
  if (code === 0) return output
  const tail = output.trimEnd().split('\n').slice(-25).join('\n')
  throw new Error(`${what} failed with exit code ${code}:\n${tail}`)
}

/**
 * @param {number | null} code
 * @param {NodeJS.Signals | null} signal
 */
export function exitCode(code, signal) {
  const numbers = { SIGHUP: 1, SIGINT: 2, SIGABRT: 6, SIGKILL: 9, SIGSEGV: 11, SIGTERM: 15 }
  return code ?? 128 + (numbers[signal] ?? 0)
}
