// The npm packages of the lockfile, and Electron's binary.
import fs from 'node:fs'
import path from 'node:path'
import { electronBinary } from '../install-electron.mjs'
import { mustRun, root, run, step } from './run.mjs'

/** Makes node_modules what the lockfile says. */
export async function ensurePackages() {
  if (!matchesLockfile()) {
    await step('Installing npm packages', () =>
      mustRun('npm ci', 'npm', ['ci', '--include=dev', '--no-audit', '--no-fund'], {
        env: headers()
      })
    )
  }
  if (
    process.platform === 'linux' &&
    !fs.existsSync(inModules('node-pty/build/Release/pty.node'))
  ) {
    await step('Compiling node-pty', () =>
      mustRun('npm rebuild node-pty', 'npm', ['rebuild', 'node-pty'], { env: headers() })
    )
  }
  linkOwnCommand()
}

/** Puts Electron's binary in place. */
export async function ensureElectron() {
  if (electronBinary() !== undefined) return
  await step("Installing Electron's binary", async () => {
    const script = path.join(root, 'scripts', 'install-electron.mjs')
    const { code } = await run(process.execPath, [script], { show: true })
    if (code !== 0) throw new Error("Electron's binary is not there; see above.")
  })
}

/** @param {string} name */
function inModules(name) {
  return path.join(root, 'node_modules', name)
}

/**
 * Whether every package that the lockfile demands is installed in its version.
 * npm writes the list of what it has installed at the end of its work, so an
 * installation that was interrupted does not match.
 */
function matchesLockfile() {
  const wanted = lockedPackages(path.join(root, 'package-lock.json'))
  const there = lockedPackages(inModules('.package-lock.json'))
  if (wanted === undefined || there === undefined) return false
  return Object.entries(wanted).every(([name, entry]) => {
    if (name === '') return true
    // Of the packages for other systems none is installed.
    if (there[name] === undefined) return entry.optional === true || entry.devOptional === true
    return there[name].version === entry.version
  })
}

/** @param {string} file */
function lockedPackages(file) {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8')).packages
  } catch {
    return undefined
  }
}

/** node-gyp takes Node's headers from the machine where it has them, and fetches none. */
function headers() {
  const prefix = path.dirname(path.dirname(process.execPath))
  const there = fs.existsSync(path.join(prefix, 'include/node/node_api.h'))
  return there && process.env['npm_config_nodedir'] === undefined
    ? { npm_config_nodedir: prefix }
    : {}
}

/** So that `npx rvpanel` in the checkout finds the checkout's own command. */
function linkOwnCommand() {
  const link = inModules('.bin/rvpanel')
  const target = '../../bin/rvpanel.mjs'
  if (process.platform === 'win32' || !fs.existsSync(path.join(root, 'bin/rvpanel.mjs'))) return
  try {
    if (fs.readlinkSync(link) === target) return
  } catch {
    // Not there yet, or something else than a link.
  }
  fs.rmSync(link, { force: true })
  fs.symlinkSync(target, link)
  fs.chmodSync(path.join(root, 'bin/rvpanel.mjs'), 0o755)
}
