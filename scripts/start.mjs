// npm start: from a fresh clone to the open panel. Installs and builds what is
// missing, says what it does, and then runs the program with the arguments given.
import { spawn } from 'node:child_process'
import { performance } from 'node:perf_hooks'
import { ensureBuilt } from './lib/build.mjs'
import { startVirtualDisplay } from './lib/display.mjs'
import { ensureElectron, ensurePackages } from './lib/packages.mjs'
import { endWithUs, exitCode, root, say, seconds } from './lib/run.mjs'
import { checkNode, ensureSystem, hasDisplay, sandboxProblem } from './lib/system.mjs'
import { electronBinary } from './install-electron.mjs'

const began = performance.now()

const installed = endWithUs()
try {
  checkNode()
  const virtual = !hasDisplay()
  await ensureSystem({ virtualDisplay: virtual })
  await ensurePackages()
  await ensureElectron()
  await ensureBuilt()
  const problem = await sandboxProblem()
  if (problem !== undefined) throw new Error(problem)
  say(`Everything is in place (${seconds(began)}); opening the panel.`)
  installed()
  process.exitCode = await open(process.argv.slice(2), virtual)
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error))
  process.exitCode = 1
}

/**
 * Runs the panel to its end.
 * @param {readonly string[]} args
 * @param {boolean} virtual
 * @returns {Promise<number>} its exit code
 */
async function open(args, virtual) {
  let display
  if (virtual) {
    display = await startVirtualDisplay()
    say(`There is no display here: the window opens on a virtual one, ${display.name} (Xvfb).`)
  }
  // Chromium refuses its sandbox to root. Its own log would tell of D-Bus services that nobody needs.
  const own = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  const child = spawn(electronBinary() ?? 'electron', [...own, '--log-level=3', root, ...args], {
    stdio: 'inherit',
    // An editor's terminal may have set ELECTRON_RUN_AS_NODE, which would start no window at all.
    env: {
      ...process.env,
      ELECTRON_RUN_AS_NODE: undefined,
      ...(display && { DISPLAY: display.name })
    }
  })
  // The terminal sends these to the panel as well; it puts its target back, and then this ends.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => signal === 'SIGINT' || child.kill(signal))
  }
  const code = await new Promise((resolve) => {
    child.once('error', (error) => {
      console.error(`Electron does not start: ${error.message}`)
      resolve(1)
    })
    child.once('exit', (exit, signal) => resolve(exitCode(exit, signal)))
  })
  display?.stop()
  return code
}
