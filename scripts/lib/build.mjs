// The built program in out/, made anew when its sources are not those it was made of.
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { mustRun, root, step } from './run.mjs'

const stamp = path.join(root, 'out', '.sources')
const products = [
  'main/index.js',
  'main/observer-process.js',
  'preload/index.cjs',
  'renderer/index.html'
]

/** Whether out/ was made of the sources as they are. */
export function isBuilt() {
  if (!products.every((file) => fs.existsSync(path.join(root, 'out', file)))) return false
  try {
    return fs.readFileSync(stamp, 'utf8') === sourceHash()
  } catch {
    return false
  }
}

/** Builds the program unless it is built. */
export async function ensureBuilt() {
  if (isBuilt()) return
  await step('Building the panel', build)
}

/** @throws Error with the end of the build's output */
export async function build() {
  const hash = sourceHash()
  fs.rmSync(stamp, { force: true })
  const tool = path.join(root, 'node_modules/electron-vite/bin/electron-vite.js')
  await mustRun('The build', process.execPath, [tool, 'build'])
  fs.writeFileSync(stamp, hash)
}

function sourceHash() {
  const hash = createHash('sha256')
  const add = (file) => hash.update(`${path.relative(root, file)}\0`).update(fs.readFileSync(file))
  for (const name of ['package.json', 'package-lock.json', 'electron.vite.config.ts']) {
    add(path.join(root, name))
  }
  const sources = fs.readdirSync(path.join(root, 'src'), { recursive: true, withFileTypes: true })
  sources
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.test.ts'))
    .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name))
    .sort()
    .forEach(add)
  return hash.digest('hex')
}
