import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
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
 * Writes all files, or none: each text goes to a file beside its own first, and takes its place when
 * all of them could be written.
 *
 * @throws Failure where one cannot be written
 */
export async function writeAll(files: readonly GeneratedFile[]): Promise<void> {
  const staged: { readonly from: string; readonly to: string }[] = []
  let at = ''
  try {
    for (const { path, text } of files) {
      at = path
      await mkdir(dirname(path), { recursive: true })
      const from = `${path}.rvpanel-${process.pid}`
      staged.push({ from, to: path })
      // The mode of a file that is replaced is kept.
      const mode = await stat(path).then(
        (found) => found.mode,
        () => undefined
      )
      await writeFile(from, text, { flag: 'wx', ...(mode === undefined ? {} : { mode }) })
    }
    for (const { from, to } of staged) {
      at = to
      await rename(from, to)
    }
  } catch (error) {
    await Promise.allSettled(staged.map(({ from }) => rm(from, { force: true })))
    throw new Failure(`${printable(at)} cannot be written: ${reasonOf(error)}`)
  }
}
