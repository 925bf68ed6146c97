import { join } from 'node:path'
import { formatDiagnostic } from '../model/diagnostics'
import { mergeModels } from '../model/load'
import type { Drawing, MonitorModel } from '../model/load'
import { loadModels } from '../target/load-models'

/** The models of several folders, and one sentence for each thing that is wrong with one. */
export interface FolderModels {
  readonly models: readonly MonitorModel[]
  readonly drawings: ReadonlyMap<string, Drawing>
  readonly problems: readonly ModelProblem[]
}

/** What is wrong with a model: one sentence with its file and line. */
export interface ModelProblem {
  readonly severity: 'error' | 'warning'
  readonly message: string
}

/** Reads the folders in order; a later one replaces models of an earlier one by name. Never rejects. */
export async function loadModelFolders(folders: readonly string[]): Promise<FolderModels> {
  let models: MonitorModel[] = []
  const drawings = new Map<string, Drawing>()
  const problems: ModelProblem[] = []
  for (const folder of folders) {
    try {
      const found = await loadModels(folder, models)
      models = mergeModels(models, found.models)
      for (const [name, drawing] of found.drawings) drawings.set(name, drawing)
      for (const diagnostic of found.diagnostics) {
        const { severity } = diagnostic
        if (severity === 'note') continue
        const file = join(folder, diagnostic.file)
        problems.push({ severity, message: formatDiagnostic({ ...diagnostic, file }) })
      }
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error)
      problems.push({ severity: 'error', message })
    }
  }
  return { models, drawings, problems }
}
