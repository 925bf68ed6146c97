import { constants } from 'node:fs'
import {
  copyFile,
  link,
  mkdir,
  open,
  readFile,
  realpath,
  rename,
  rm,
  rmdir,
  stat
} from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import type { GeneratedFile } from '../../model/gen/files'
import { printable } from '../columns'
import { Failure } from '../io'
import { reasonOf } from './text-file'

/** What becomes of a file: it is new, it has this text already, or it has another one. */
export type FileState = 'new' | 'same' | 'different'

/** Compares a file with what would be written. @throws Failure where something else stands there */
export async function fileState({ path, text }: GeneratedFile): Promise<FileState> {
  try {
    if (!(await stat(path)).isFile()) throw new Failure(`${printable(path)} is no file`)
    return (await readFile(path, 'utf8')) === text ? 'same' : 'different'
  } catch (error) {
    if (error instanceof Failure) throw error
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 'new'
    throw new Failure(`${printable(path)} cannot be read: ${reasonOf(error)}`)
  }
}

/**
 * Which of the files are not there as they should be. Those that have another text are somebody's
 * work: without `force` they are refused, all in one sentence.
 *
 * @throws Failure naming what would be overwritten
 */
export async function filesToWrite(
  files: readonly GeneratedFile[],
  force: boolean
): Promise<readonly GeneratedFile[]> {
  const states = await Promise.all(files.map(fileState))
  const changed = files.filter((_, i) => states[i] === 'different')
  if (changed.length > 0 && !force) {
    throw new Failure(
      `${changed.map(({ path }) => printable(path)).join(', ')} would be overwritten, and nothing was written; expected --force, or another name`
    )
  }
  return files.filter((_, i) => states[i] !== 'same')
}

/**
 * Writes all files, or none: each text goes to a file beside its own first. When all of them could
 * be written they take their places, and where one of them cannot, what others replaced is put back.
 *
 * @throws Failure where one cannot be written; it names what could not be put back, if anything
 */
export async function writeAll(files: readonly GeneratedFile[]): Promise<void> {
  const all = files.map((file) => new Replacement(file))
  let at = ''
  try {
    for (const one of all) {
      at = one.path
      await one.stage()
    }
    for (const one of all) {
      at = one.path
      await one.replace()
    }
  } catch (error) {
    const left: string[] = []
    for (const one of [...all].reverse()) left.push(...(await one.undo()))
    const kept = files.length === 1 ? 'it is as it was' : 'nothing was written'
    const state = left.length === 0 ? kept : left.join('; ')
    throw new Failure(`${printable(at)} cannot be written: ${reasonOf(error)}; ${state}`)
  }
  await Promise.allSettled(all.map((one) => one.finish()))
}

/** One file that is written beside its place, put there, and taken back where others fail. */
class Replacement {
  readonly path: string
  readonly #text: string
  /** The path, or what a link there leads to: the link stays. */
  #target: string
  /** A second name of the file that is replaced. */
  #kept: string | undefined
  /** Folders that were made for it, the innermost first. */
  readonly #folders: string[] = []
  #isStaged = false
  #isReplaced = false

  constructor({ path, text }: GeneratedFile) {
    this.path = path
    this.#text = text
    this.#target = path
  }

  get #staged(): string {
    return `${this.#target}.rvpanel-${process.pid}`
  }

  async stage(): Promise<void> {
    await this.#makeFolder()
    this.#target = await realpath(this.path).catch(() => this.path)
    // The mode of a file that is replaced is kept.
    const mode = await stat(this.#target).then(
      (found) => found.mode,
      () => undefined
    )
    const file = await open(this.#staged, 'wx')
    this.#isStaged = true
    try {
      await file.writeFile(this.#text)
      if (mode !== undefined) await file.chmod(mode)
    } finally {
      await file.close()
    }
    if (mode === undefined) return
    const kept = `${this.#staged}.old`
    await link(this.#target, kept).catch(() =>
      copyFile(this.#target, kept, constants.COPYFILE_EXCL)
    )
    this.#kept = kept
  }

  async #makeFolder(): Promise<void> {
    const folder = dirname(this.path)
    const first = await mkdir(folder, { recursive: true })
    if (first === undefined) return
    const top = dirname(resolve(first))
    for (let at = resolve(folder); at !== top; at = dirname(at)) this.#folders.push(at)
  }

  async replace(): Promise<void> {
    await rename(this.#staged, this.#target)
    this.#isReplaced = true
  }

  /** @returns what could not be put back, in words */
  async undo(): Promise<string[]> {
    const left: string[] = []
    if (this.#isReplaced) {
      const kept = this.#kept
      try {
        await (kept === undefined ? rm(this.#target) : rename(kept, this.#target))
      } catch {
        left.push(
          `${printable(this.path)} has its new text already${kept === undefined ? '' : `, and its old one is in ${printable(kept)}`}`
        )
      }
    } else {
      if (this.#isStaged) await rm(this.#staged, { force: true }).catch(() => undefined)
      await this.finish()
    }
    // Fails where somebody else put a file there.
    for (const folder of this.#folders) await rmdir(folder).catch(() => undefined)
    return left
  }

  /** Forgets what was replaced. */
  async finish(): Promise<void> {
    if (this.#kept !== undefined) await rm(this.#kept, { force: true }).catch(() => undefined)
  }
}
