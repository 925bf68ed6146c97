import {
  closeSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeSync
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { MAX_MODEL_TEXT } from '../../contract/model-files'

/**
 * Writes a file whole or not at all: a crash in the middle, or a full disk, leaves the old one. A
 * symbolic link stays one.
 *
 * @throws Error of the file system
 */
export function writeWhole(file: string, content: string | Uint8Array): void {
  const target = isLink(file) ? realpathSync(file) : file
  const fresh = join(dirname(target), `.${basename(target)}.rvpanel-new`)
  try {
    const descriptor = openSync(fresh, 'w', 0o666)
    try {
      const bytes = typeof content === 'string' ? Buffer.from(content, 'utf8') : content
      for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at)
      fsyncSync(descriptor)
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
    bytes = readFileSync(file)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw new Error(`${file} cannot be read: ${reasonOf(error)}.`, { cause: error })
  }
  if (bytes.length > MAX_MODEL_TEXT) {
    throw new Error(
      `${file} has ${bytes.length} bytes; expected a model of at most ${MAX_MODEL_TEXT}.`
    )
  }
  if (bytes.includes(0)) throw new Error(`${file} is no text; expected a model.`)
  // Kept, so that what is saved is what was read: a byte-order mark is a finding, not ours to remove.
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
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
