import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'

import { refusedModels } from '../engine/registrable'
import type { Diagnostic } from '../model/diagnostics'
import {
  assembleModel,
  mergeModels,
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
 * clear sentence; what is wrong with a file is among the diagnostics, also
 * where the file is sound but no kernel would register what it describes.
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
  return withoutRefused(assembleModel(files, before), before)
}

/** Leaves out what no kernel would register, and says why; the others stay. */
function withoutRefused(found: AssembledModels, before: readonly MonitorModel[]): AssembledModels {
  const refused = refusedModels(mergeModels(before, found.models)).filter(({ model }) =>
    found.models.includes(model)
  )
  if (refused.length === 0) return found
  const diagnostics = refused.map(({ model, reason }): Diagnostic => ({
    severity: 'error',
    code: 'not-registrable',
    file: `${model.name}.yaml`,
    line: 1,
    column: 1,
    endLine: 1,
    endColumn: 1,
    message: `It cannot be registered: ${reason}.`
  }))
  const out = new Set(refused.map(({ model }) => model))
  return {
    ...found,
    models: found.models.filter((model) => !out.has(model)),
    diagnostics: [...found.diagnostics, ...diagnostics]
  }
}
