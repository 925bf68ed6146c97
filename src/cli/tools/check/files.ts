import { readdir, realpath, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { MAX_FILE_BYTES, decodeModel, fileDiagnostic } from '../../../model/check/decode'
import type { CheckFile } from '../../../model/check/files'
import type { Diagnostic } from '../../../model/diagnostics'
import { quoted } from '../../../model/findings'
import { quote } from '../../io'
import { readRegular } from '../text-file'

/** A folder tree has at most so many files that count. */
const MAX_FILES = 10_000
/** Files of one folder that are read for the sake of one of its instrumentations. */
const MAX_CONTEXT = 1_000

const MODEL = /\.(dot|gv|ltl)$/
const YAML = /\.ya?ml$/

/** The files that are meant, in order, each with its text or with why it has none. */
export interface FoundFiles {
  readonly files: readonly CheckFile[]
  /** Where a text came from on the disk. */
  readonly origins: ReadonlyMap<CheckFile, string>
  /** What could not be read, by the path that findings have. */
  readonly unread: readonly Diagnostic[]
}

/**
 * Reads what the command line names: files, and of folders every model below
 * them and the instrumentations beside models. Links are followed, once; pipes
 * and devices are not opened.
 *
 * @param anyEnding whether a file that is named may have any ending
 */
export async function findFiles(paths: readonly string[], anyEnding: boolean): Promise<FoundFiles> {
  const finder = new Finder(anyEnding)
  for (const path of paths) await finder.add(path)
  await finder.addContext()
  return finder
}

class Finder implements FoundFiles {
  readonly files: CheckFile[] = []
  readonly origins = new Map<CheckFile, string>()
  readonly unread: Diagnostic[] = []
  readonly #anyEnding: boolean
  /** Real paths of what was read, so that nothing is read twice. */
  readonly #seen = new Set<string>()
  #left = MAX_FILES
  /** Entries of folders that count, also those that were read before. */
  #met = 0

  constructor(anyEnding: boolean) {
    this.#anyEnding = anyEnding
  }

  async add(path: string): Promise<void> {
    const found = await this.#stat(path)
    if (found === undefined) return
    if (found.isDirectory()) {
      if (this.#seen.has(await realpath(path).catch(() => path))) return
      const before = this.#met
      await this.#folder(path)
      if (this.#met === before) {
        this.#problem('no-models', path, 'There is no model below this folder.', 'warning')
      }
    } else if (!this.#anyEnding && !MODEL.test(path) && !YAML.test(path)) {
      this.#problem(
        'unknown-ending',
        path,
        `${quoted(basename(path))} is neither a model nor an instrumentation; expected .dot, .gv, .ltl, .yaml or .yml, or -c with the class.`
      )
    } else {
      await this.#file(path, false)
    }
  }

  /** What the named files are judged with: the instrumentation beside a model, the folder of one. */
  async addContext(): Promise<void> {
    for (const { path, name, isContext } of [...this.files]) {
      if (isContext) continue
      const folder = dirname(path)
      if (YAML.test(name)) {
        const names = await readdir(folder).catch((): string[] => [])
        const wanted = names.filter((n) => MODEL.test(n) || YAML.test(n)).sort()
        for (const other of wanted.slice(0, MAX_CONTEXT)) await this.#context(join(folder, other))
      } else if (MODEL.test(name)) {
        for (const ending of ['.yaml', '.yml']) {
          await this.#context(join(folder, name.replace(MODEL, ending)))
        }
      }
    }
  }

  async #context(path: string): Promise<void> {
    const found = await stat(path).catch(() => undefined)
    if (found?.isFile() === true) await this.#file(path, true)
  }

  async #folder(path: string): Promise<void> {
    const real = await realpath(path).catch(() => path)
    if (this.#seen.has(real)) return
    this.#seen.add(real)
    let names: string[]
    try {
      names = (await readdir(path)).sort()
    } catch (error) {
      this.#met++
      this.#unreadable(path, error)
      return
    }
    // Folders of other software have YAML files too.
    const hasModels = names.some((name) => MODEL.test(name) || name === 'registration.yaml')
    for (const name of names) {
      if (this.#left <= 0) return
      const inner = join(path, name)
      const isWanted = MODEL.test(name) || (hasModels && YAML.test(name))
      const found = await stat(inner).catch(() => undefined)
      if (found?.isDirectory() === true) {
        if (!name.startsWith('.') && name !== 'node_modules') await this.#folder(inner)
      } else if (isWanted) {
        this.#left--
        this.#met++
        await this.#file(inner, false)
      }
    }
  }

  async #file(path: string, isContext: boolean): Promise<void> {
    const real = await realpath(path).catch(() => path)
    if (this.#seen.has(real)) return
    this.#seen.add(real)
    let bytes: Uint8Array | undefined
    try {
      bytes = await readRegular(path)
    } catch (error) {
      if (!isContext) this.#unreadable(path, error)
      return
    }
    if (bytes === undefined) {
      if (isContext) return
      this.#problem(
        'not-a-file',
        path,
        'This is no regular file; expected a file, a folder, or `-`.'
      )
      return
    }
    const text = textOf(bytes, path)
    if (typeof text !== 'string') {
      if (!isContext) this.unread.push(text)
      return
    }
    const file = { folder: resolve(dirname(path)), name: basename(path), path, text, isContext }
    this.files.push(file)
    this.origins.set(file, real)
  }

  async #stat(path: string): Promise<Awaited<ReturnType<typeof stat>> | undefined> {
    try {
      return await stat(path)
    } catch (error) {
      this.#unreadable(path, error)
      return undefined
    }
  }

  #unreadable(path: string, error: unknown): void {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'
    this.#problem(
      'unreadable',
      path,
      reason === 'ENOENT'
        ? `There is no file ${quote(path)}.`
        : `${quote(path)} cannot be read (${reason}).`
    )
  }

  #problem(code: string, path: string, message: string, severity?: Diagnostic['severity']): void {
    this.unread.push(fileDiagnostic(code, path, message, severity))
  }
}

/** The text of bytes that were read up to one more than the limit, or why they have none. */
export function textOf(bytes: Uint8Array, path: string): string | Diagnostic {
  if (bytes.length > MAX_FILE_BYTES) {
    return fileDiagnostic(
      'file-too-large',
      path,
      `The file has more than ${MAX_FILE_BYTES / (1 << 20)} MiB; expected a model.`
    )
  }
  const decoded = decodeModel(bytes, path)
  return 'text' in decoded ? decoded.text : decoded.diagnostic
}
