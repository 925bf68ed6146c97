import {
  accessSync,
  closeSync,
  constants,
  fchmodSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { MAX_MODEL_TEXT } from '../../contract/model-files'

/**
 * Writes a file whole or not at all: a crash in the middle, or a full disk, leaves the old one. A
 * symbolic link stays one, the permissions stay, and a read-only file is not replaced.
 *
 * @throws Error of the file system
 */
export function writeWhole(file: string, content: string | Uint8Array): void {
  const target = isLink(file) ? realpathSync(file) : file
  const fresh = join(dirname(target), `.${basename(target)}.rvpanel-new`)
  const mode = modeOf(target)
  if (mode !== undefined) accessSync(target, constants.W_OK)
  // Left by a crash, or put there by somebody else: never written through.
  rmSync(fresh, { force: true })
  try {
    const descriptor = openSync(fresh, 'wx', mode ?? 0o666)
    try {
      const bytes = typeof content === 'string' ? Buffer.from(content, 'utf8') : content
      for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at)
      fsyncSync(descriptor)
      if (mode !== undefined) fchmodSync(descriptor, mode)
    } finally {
      closeSync(descriptor)
    }
    renameSync(fresh, target)
  } catch (error) {
    rmSync(fresh, { force: true })
    throw error
  }
}

/** Makes a folder and those above it. @throws Error of the file system */
export function makeFolder(folder: string): void {
  mkdirSync(folder, { recursive: true })
}

/**
 * A file's text; undefined where there is none of that name.
 *
 * @throws Error with one sentence where it cannot be read, or is no text of a model
 */
export function readText(file: string): string | undefined {
  let bytes: Buffer
  try {
    const stat = statSync(file)
    // A device or a pipe might never end.
    if (!stat.isFile() && !stat.isDirectory()) throw new Error('it is no file')
    if (stat.size > MAX_BYTES) throw tooLarge(file, `${stat.size} bytes`)
    bytes = readFileSync(file)
  } catch (error) {
    if (error instanceof RangeError) throw error
    if (codeOf(error) === 'ENOENT') return undefined
    throw new Error(`${file} cannot be read: ${reasonOf(error)}.`, { cause: error })
  }
  if (bytes.includes(0)) throw new Error(`${file} is no text; expected a model.`)
  const text = decoded(bytes)
  if (text === undefined) {
    throw new Error(`${file} is not in UTF-8; expected a model in ASCII or UTF-8.`)
  }
  if (text.length > MAX_MODEL_TEXT) throw tooLarge(file, `${text.length} characters`)
  return text
}

/** No character has more bytes than that for each of its UTF-16 units. */
const MAX_BYTES = 3 * MAX_MODEL_TEXT

const tooLarge = (file: string, size: string): RangeError =>
  new RangeError(`${file} has ${size}; expected a model of at most ${MAX_MODEL_TEXT} characters.`)

/** What cannot be decoded would be another text when it is saved: undefined. */
function decoded(bytes: Buffer): string | undefined {
  try {
    // Kept, so that what is saved is what was read: a byte-order mark is a finding, not ours to remove.
    return new TextDecoder('utf-8', { ignoreBOM: true, fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}

/** Permissions of a file; undefined where there is none. */
function modeOf(file: string): number | undefined {
  try {
    return statSync(file).mode & 0o7777
  } catch {
    return undefined
  }
}

function isLink(file: string): boolean {
  try {
    return lstatSync(file).isSymbolicLink()
  } catch {
    return false
  }
}

/** The errno name of an error, or an empty text. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EROFS: 'the file system is read-only',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  ENOENT: 'the folder is gone',
  ENOTDIR: 'it is no folder',
  EISDIR: 'a folder has that name',
  EIO: 'the disk reports an error',
  Z_DATA_ERROR: 'it is not what gzip makes, or damaged',
  Z_BUF_ERROR: 'it ends too early'
}

/** What went wrong in words, with the errno name behind them. */
export function reasonOf(error: unknown): string {
  const code = codeOf(error)
  const words = REASONS[code]
  if (words !== undefined) return `${words} (${code})`
  return code === '' ? (error instanceof Error ? error.message : 'unknown error') : code
}
