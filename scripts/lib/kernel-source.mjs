// A Linux source for the kernel test, and what builds and boots it.
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { mustRun, run, say, step } from './run.mjs'
import { hasCommand } from './system.mjs'

/** The first release whose RV headers the generated code is for. */
const OLDEST = [7, 3]

/** Newer suites of Debian that may have the source; each has packages of its own signatures. */
const SUITES = ['trixie-backports', 'experimental']

/** Commands and headers that building and booting take, with Debian's packages. */
const commands = {
  gcc: 'gcc',
  make: 'make',
  flex: 'flex',
  bison: 'bison',
  bc: 'bc',
  cpio: 'cpio',
  xz: 'xz-utils',
  busybox: 'busybox-static',
  'qemu-system-x86_64': 'qemu-system-x86'
}
const headers = { '/usr/include/libelf.h': 'libelf-dev', '/usr/include/stdlib.h': 'libc6-dev' }

/**
 * Installs what is missing when it may, else names it.
 * @throws Error with the one line that installs it
 */
export async function ensureKernelTools() {
  const missing = [
    ...Object.entries(commands).filter(([command]) => !hasCommand(command)),
    ...Object.entries(headers).filter(([file]) => !fs.existsSync(file))
  ].map(([, name]) => name)
  if (missing.length === 0) return
  const line = `apt-get install -y --no-install-recommends ${missing.join(' ')}`
  if (!hasCommand('apt-get') || process.getuid?.() !== 0) {
    throw new Error(
      `Packages are missing. Please install them and start again:\n\n  sudo ${line}\n`
    )
  }
  const env = { DEBIAN_FRONTEND: 'noninteractive' }
  await step(`Installing Debian packages: ${missing.join(' ')}`, async () => {
    await run('apt-get', ['-q', 'update'], { env })
    await mustRun('apt-get install', 'apt-get', ['-q', ...line.split(' ').slice(1)], { env })
  })
}

/** Folder for what is kept between runs. */
function cacheFolder() {
  const base = process.env['XDG_CACHE_HOME'] || path.join(os.homedir(), '.cache')
  return path.join(base, 'rvpanel', 'kernel')
}

/**
 * The source that RVPANEL_KERNEL_SOURCE names, one that was fetched before, or Debian's.
 * @returns {Promise<string>}
 * @throws Error in a sentence
 */
export async function kernelSource() {
  const named = process.env['RVPANEL_KERNEL_SOURCE']
  if (named) {
    const version = sourceVersion(named)
    if (version === undefined) {
      throw new Error(`RVPANEL_KERNEL_SOURCE: ${named} is no Linux source with kernel/trace/rv.`)
    }
    if (isOlder(version)) {
      throw new Error(
        `RVPANEL_KERNEL_SOURCE is Linux ${version.join('.')}; expected ${OLDEST.join('.')} or later.`
      )
    }
    return path.resolve(named)
  }
  const folder = path.join(cacheFolder(), 'debian')
  return unpacked(folder) ?? (await fetchSource(folder))
}

/** @param {string} folder @returns {number[] | undefined} version and patch level */
function sourceVersion(folder) {
  try {
    if (!fs.existsSync(path.join(folder, 'kernel/trace/rv/rv_trace.h'))) return undefined
    const text = fs.readFileSync(path.join(folder, 'Makefile'), 'utf8')
    return ['VERSION', 'PATCHLEVEL'].map((key) =>
      Number(new RegExp(`^${key} = (\\d+)$`, 'm').exec(text)?.[1] ?? 0)
    )
  } catch {
    return undefined
  }
}

/** @param {readonly number[]} version */
function isOlder([major = 0, minor = 0]) {
  return major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])
}

/** @param {string} folder */
function unpacked(folder) {
  if (!fs.existsSync(folder)) return undefined
  const name = fs.readdirSync(folder).find((one) => /^linux-source-\d/.test(one))
  const source = name && path.join(folder, name)
  return source && sourceVersion(source) ? source : undefined
}

/**
 * Fetches Debian's newest source package of a newer suite, from the mirror that this machine uses,
 * through apt with folders of its own: the machine's lists stay as they are, and apt checks the
 * signatures.
 * @param {string} folder
 */
async function fetchSource(folder) {
  if (!hasCommand('apt-get')) {
    throw new Error(
      'There is no Linux source here, and no apt-get to fetch one with. Please unpack Linux ' +
        `${OLDEST.join('.')} or later and name its folder in RVPANEL_KERNEL_SOURCE.`
    )
  }
  return step("Fetching Debian's Linux source", async () => {
    const apt = privateApt(path.join(folder, 'apt'))
    await mustRun('apt-get update', 'apt-get', [...apt, '-q', 'update'])
    const found = await mustRun('apt-cache', 'apt-cache', [
      ...apt,
      ...['search', '--names-only', '^linux-source-[0-9.]+$']
    ])
    const name = newest(found)
    if (name === undefined) {
      throw new Error(
        `Debian's ${SUITES.join(' and ')} have no source of Linux ${OLDEST.join('.')} or later. ` +
          'Please unpack one and name its folder in RVPANEL_KERNEL_SOURCE.'
      )
    }
    say(`  ${name}`)
    const work = path.join(folder, 'package')
    fs.rmSync(work, { recursive: true, force: true })
    fs.mkdirSync(work, { recursive: true })
    await mustRun('apt-get download', 'sh', [
      ...['-c', 'cd "$1" && shift && exec apt-get "$@"', 'sh', work],
      ...[...apt, '-q', 'download', name]
    ])
    const deb = fs.readdirSync(work).find((one) => one.endsWith('.deb')) ?? ''
    await mustRun('dpkg-deb', 'dpkg-deb', ['-x', path.join(work, deb), work])
    const packed = path.join(work, 'usr/src', `${name}.tar.xz`)
    await mustRun('tar', 'tar', ['-xJf', packed, '-C', work])
    // Whole or not at all.
    fs.renameSync(path.join(work, name), path.join(folder, name))
    fs.rmSync(work, { recursive: true })
    const source = unpacked(folder)
    if (source === undefined) throw new Error(`${name} has no kernel/trace/rv.`)
    return source
  })
}

/** @param {string} text lines of apt-cache search */
function newest(text) {
  return text
    .split('\n')
    .map((line) => /^(linux-source-(\d+)\.(\d+))\b/.exec(line))
    .filter((match) => match !== null)
    .map(([, name = '', major, minor]) => ({ name, version: [Number(major), Number(minor)] }))
    .filter(({ version }) => !isOlder(version))
    .sort((a, b) => a.version[0] - b.version[0] || a.version[1] - b.version[1])
    .at(-1)?.name
}

/**
 * Options that give apt lists and a cache of its own.
 * @param {string} folder
 */
function privateApt(folder) {
  const mirror = debianMirror()
  for (const name of ['lists/partial', 'cache/archives/partial']) {
    fs.mkdirSync(path.join(folder, name), { recursive: true })
  }
  const list = path.join(folder, 'sources.list')
  fs.writeFileSync(list, SUITES.map((suite) => `deb ${mirror} ${suite} main\n`).join(''))
  const options = {
    'Dir::Etc::SourceList': list,
    'Dir::Etc::SourceParts': '-',
    'Dir::State::Lists': path.join(folder, 'lists'),
    'Dir::Cache': path.join(folder, 'cache'),
    // The test may run as root, and apt's own user may not see the folder.
    'APT::Sandbox::User': 'root'
  }
  return Object.entries(options).flatMap(([key, value]) => ['-o', `${key}=${value}`])
}

/**
 * The mirror that this machine's apt uses for Debian, with the keys that it trusts there.
 * @returns {string} `[signed-by=KEYS] URI`
 */
function debianMirror() {
  const folder = '/etc/apt/sources.list.d'
  const files = ['/etc/apt/sources.list']
  if (fs.existsSync(folder)) {
    for (const name of fs.readdirSync(folder)) {
      if (/\.(list|sources)$/.test(name)) files.push(path.join(folder, name))
    }
  }
  for (const file of files.filter((one) => fs.existsSync(one))) {
    const text = fs.readFileSync(file, 'utf8')
    for (const block of file.endsWith('.sources') ? text.split(/\n\s*\n/) : text.split('\n')) {
      const entry = file.endsWith('.sources') ? stanza(block) : oneLine(block)
      // Debian itself, not its security archive and not others.
      if (entry !== undefined && /\/debian\/?$/.test(entry.uri)) {
        const keys = entry.keys ?? '/usr/share/keyrings/debian-archive-keyring.gpg'
        return `[signed-by=${keys}] ${entry.uri}`
      }
    }
  }
  throw new Error(
    "The apt sources of this machine name no mirror of Debian's archive. Please unpack Linux " +
      `${OLDEST.join('.')} or later and name its folder in RVPANEL_KERNEL_SOURCE.`
  )
}

/** @param {string} block of a deb822 file */
function stanza(block) {
  const field = (name) => new RegExp(`^${name}:[ \\t]*(\\S+)`, 'im').exec(block)?.[1]
  const uri = field('URIs')
  return uri === undefined ? undefined : { uri, keys: field('Signed-By') }
}

/** @param {string} line of a sources.list */
function oneLine(line) {
  const match = /^deb\s+(?:\[([^\]]*)\]\s+)?(\S+)\s/.exec(line)
  if (match === null) return undefined
  return { uri: match[2] ?? '', keys: /signed-by=(\S+)/.exec(match[1] ?? '')?.[1] }
}
