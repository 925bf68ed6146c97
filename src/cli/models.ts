import { join } from 'node:path'
import { formatDiagnostic } from '../model/diagnostics'
import { mergeModels } from '../model/load'
import type { MonitorType } from '../model/instrumentation'
import type { Drawing, MonitorModel } from '../model/load'
import { loadModels } from '../target/load-models'
import { Failure } from './io'
import type { CliIo } from './io'

/** What the program knows of monitors. */
export interface KnownModels {
  readonly models: readonly MonitorModel[]
  /** Which instances a monitor has, by its name. */
  readonly types: ReadonlyMap<string, MonitorType>
  /** Models that can be drawn, by monitor's name. */
  readonly drawings: ReadonlyMap<string, Drawing>
}

/**
 * The program's models, and those of the user's folder, which replace them by
 * name. Warnings go to standard error; errors in the user's models end it.
 *
 * @throws Failure naming every file and line that is wrong
 */
export async function readKnownModels(io: CliIo, extra: string | undefined): Promise<KnownModels> {
  let models: MonitorModel[] = []
  const types = new Map<string, MonitorType>()
  const drawings = new Map<string, Drawing>()
  const errors: string[] = []
  for (const folder of extra === undefined ? [io.models] : [io.models, extra]) {
    const found = await load(folder, models)
    models = mergeModels(models, found.models)
    // Also of those that are only described: a target may have them.
    for (const [name, drawing] of found.drawings) {
      drawings.set(name, drawing)
      if (drawing.type !== undefined) types.set(name, drawing.type)
    }
    for (const model of found.models) {
      if (model.kind !== 'container') types.set(model.name, model.instrumentation.type)
    }
    // What the program itself ships was checked when it was built.
    if (folder !== extra) continue
    for (const diagnostic of found.diagnostics) {
      if (diagnostic.severity === 'note') continue
      const text = formatDiagnostic({ ...diagnostic, file: join(folder, diagnostic.file) })
      if (diagnostic.severity === 'error') errors.push(text)
      else io.err(`rvpanel: ${text}\n`)
    }
  }
  if (errors.length > 0) throw new Failure(errors.join('\nrvpanel: '))
  return { models, types, drawings }
}

/** The models alone; see readKnownModels. */
export async function readModels(
  io: CliIo,
  extra: string | undefined
): Promise<readonly MonitorModel[]> {
  return (await readKnownModels(io, extra)).models
}

async function load(
  folder: string,
  before: readonly MonitorModel[]
): ReturnType<typeof loadModels> {
  try {
    return await loadModels(folder, before)
  } catch (error) {
    throw new Failure(error instanceof Error ? error.message : String(error))
  }
}
