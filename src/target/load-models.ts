import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'

import {
  assembleModel,
  type AssembledModels,
  type ModelFile,
  type MonitorModel
} from '../model/load'

/** What a models folder may hold: files, and bytes per file. */
const MAX_FILES = 1_000
const MAX_BYTES = 1024 * 1024

/**
 * Reads the .dot, .gv, .ltl, .yaml and .yml files of a folder and assembles
 * them. A folder that cannot be read or is too large throws an Error of one
 * clear sentence; what is wrong with a file is among the diagnostics.
 *
 * @param before models of folders read earlier, whose containers this one may use
 */
export async function loadModels(
  folder: string,
  before: readonly MonitorModel[] = []
): Promise<AssembledModels> {
  const names = await readdir(folder).catch((error: unknown) => {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'
    throw new Error(`The models folder ${folder} cannot be read (${reason}).`)
  })
  const wanted = names.filter((name) => /\.(dot|gv|ltl|ya?ml)$/.test(name))
  if (wanted.length > MAX_FILES) {
    throw new Error(`The models folder ${folder} has more than ${String(MAX_FILES)} models.`)
  }
  const files: ModelFile[] = []
  for (const name of wanted) {
    const path = join(folder, name)
    const { size } = await stat(path)
    if (size > MAX_BYTES) throw new Error(`${path} is no model: it is longer than 1 MiB.`)
    files.push({ name, text: await readFile(path, 'utf8') })
  }
  return assembleModel(files, before)
}
