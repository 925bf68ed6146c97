// What the operating system has to have: libraries of the window, ssh, a
// compiler for node-pty, a virtual display where there is none.
import fs from 'node:fs'
import path from 'node:path'
import { mustRun, root, run, say, step } from './run.mjs'

/** Library files that Electron needs, and the Debian package that has each. */
const libraries = {
  'libgtk-3.so.0': 'libgtk-3-0',
  'libnss3.so': 'libnss3',
  'libasound.so.2': 'libasound2',
  'libgbm.so.1': 'libgbm1'
}

/** @throws Error when this Node is too old for the tools */
export function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major > 20 || (major === 20 && minor >= 19)) return
  throw new Error(`rvpanel needs Node 20.19 or newer; this is ${process.versions.node}.`)
}

/** Whether this machine has a screen to open a window on. */
export function hasDisplay() {
  return (
    process.platform !== 'linux' ||
    Boolean(process.env['DISPLAY']) ||
    Boolean(process.env['WAYLAND_DISPLAY'])
  )
}

/** @param {string} command */
export function hasCommand(command) {
  const folders = [...(process.env['PATH'] ?? '').split(':'), '/usr/sbin', '/sbin']
  return folders.some((folder) => folder !== '' && fs.existsSync(path.join(folder, command)))
}

/**
 * Installs the Debian packages that are missing when it may, else names them.
 * @param {{ virtualDisplay: boolean, extra?: Readonly<Record<string, string>> }} needs
 *   virtualDisplay: Xvfb is needed; extra: more commands, with their packages
 * @throws Error with the one line that installs what is missing
 */
export async function ensureSystem(needs) {
  if (process.platform !== 'linux') return
  const missing = await missingPackages(needs)
  if (missing.length === 0) return
  if (!hasCommand('apt-get')) {
    throw new Error(`Please install what Debian calls ${missing.join(', ')}, then start again.`)
  }
  if (process.getuid?.() !== 0) {
    const names = (await debianNames(missing)).join(' ')
    throw new Error(
      `Debian packages are missing. Please install them and start again:\n\n` +
        `  sudo apt-get install -y --no-install-recommends ${names}\n`
    )
  }
  const env = { DEBIAN_FRONTEND: 'noninteractive' }
  await step(`Installing Debian packages: ${missing.join(' ')}`, async () => {
    const update = await run('apt-get', ['-q', 'update'], { env })
    // A stale list may still do; the installation says if it does not.
    if (update.code !== 0) say('  apt-get update failed; going on with the list that is there')
    const names = await debianNames(missing)
    const install = ['-q', '-y', '--no-install-recommends', 'install', ...names]
    await mustRun('apt-get install', 'apt-get', install, { env })
  })
}

/** @param {{ virtualDisplay: boolean, extra?: Readonly<Record<string, string>> }} needs */
async function missingPackages(needs) {
  const missing = new Set()
  const known = (await run(hasCommand('ldconfig') ? ldconfig() : 'false', ['-p'])).output
  for (const [file, name] of Object.entries(libraries)) {
    if (!known.includes(`${file} `)) missing.add(name)
  }
  const commands = { ssh: 'openssh-client', ...needs.extra }
  if (needs.virtualDisplay) commands['Xvfb'] = 'xvfb'
  if (!fs.existsSync(path.join(root, 'node_modules/node-pty/build/Release/pty.node'))) {
    Object.assign(commands, { python3: 'python3', make: 'make', 'g++': 'g++' })
  }
  for (const [command, name] of Object.entries(commands)) {
    if (!hasCommand(command)) missing.add(name)
  }
  return [...missing]
}

/** ldconfig is not on everybody's PATH. */
function ldconfig() {
  return ['/usr/sbin/ldconfig', '/sbin/ldconfig'].find((file) => fs.existsSync(file)) ?? 'ldconfig'
}

/**
 * Newer releases renamed some libraries for their 64-bit time.
 * @param {readonly string[]} names
 */
async function debianNames(names) {
  const renamed = []
  for (const name of names) {
    const isLibrary = Object.values(libraries).includes(name)
    const other = isLibrary ? await run('apt-cache', ['show', `${name}t64`]) : undefined
    renamed.push(other?.code === 0 ? `${name}t64` : name)
  }
  return renamed
}

/**
 * Why Chromium's sandbox cannot work for this user, or undefined: it needs
 * user namespaces, which some distributions and most containers keep from
 * unprivileged users. Tried out, since the refusal has many places to be set.
 * @returns {Promise<string | undefined>}
 */
export async function sandboxProblem() {
  if (process.platform !== 'linux' || process.getuid?.() === 0) return undefined
  const helper = path.join(root, 'node_modules/electron/dist/chrome-sandbox')
  const status = fs.statSync(helper, { throwIfNoEntry: false })
  if (status?.uid === 0 && (status.mode & 0o4000) !== 0) return undefined
  const attempt = ['--user', '--map-root-user', '--pid', '--fork', 'true']
  if (!hasCommand('unshare') || (await run('unshare', attempt)).code === 0) return undefined
  return (
    "This system keeps user namespaces from unprivileged users, and the window's sandbox needs them. " +
    `Make Electron's sandbox helper setuid and start again:\n\n` +
    `  sudo chown root ${helper} && sudo chmod 4755 ${helper}\n`
  )
}
