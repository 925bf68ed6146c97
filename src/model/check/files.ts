import { checkModel } from '../check'
import type { CheckOptions } from '../check'
import type { Diagnostic } from '../diagnostics'
import { startsMonitor } from '../instrumentation'
import { assembleModel } from '../load'
import { checkRestart } from './restart'
import type { AssembledModels, ModelFile, MonitorModel } from '../load'

/** A file to check, or one that others are read with. */
export interface CheckFile {
  /** Its folder, in any form that is the same for files of one folder. */
  readonly folder: string
  /** Without the folder. */
  readonly name: string
  /** What findings call it. */
  readonly path: string
  readonly text: string
  /** Read for the sake of others: its own findings are not reported. */
  readonly isContext: boolean
}

export interface CheckFilesOptions extends CheckOptions {
  /** Models of folders that a kernel has anyway: their containers may be parents. */
  readonly before?: readonly MonitorModel[]
}

const isModel = (name: string): boolean => /\.(dot|gv|ltl)$/.test(name)
const isYaml = (name: string): boolean => /\.ya?ml$/.test(name)

/**
 * Everything that can be said of some files: each model as checkModel() does, and
 * of folders how models, instrumentations and containers go together. A model
 * that an instrumentation beside it starts needs no start event of rvgen's.
 *
 * @returns the findings of each file that is no context, in the order given
 */
export function checkFiles(
  files: readonly CheckFile[],
  options: CheckFilesOptions = {}
): ReadonlyMap<CheckFile, readonly Diagnostic[]> {
  const folders = new Map<string, CheckFile[]>()
  for (const file of files) {
    const before = folders.get(file.folder)
    if (before === undefined) folders.set(file.folder, [file])
    else before.push(file)
  }
  const found = new Map<CheckFile, readonly Diagnostic[]>()
  const assembled = new Map<string, AssembledModels>()
  for (const [folder, own] of folders) {
    // Most calls are about models alone.
    if (own.some((f) => isYaml(f.name))) {
      assembled.set(folder, assembleModel(own.map(asModelFile), options.before))
    }
  }
  for (const file of files) {
    if (file.isContext) continue
    found.set(file, diagnosticsOf(file, assembled.get(file.folder), options))
  }
  return found
}

function asModelFile({ name, text }: CheckFile): ModelFile {
  return { name, text }
}

function diagnosticsOf(
  file: CheckFile,
  folder: AssembledModels | undefined,
  options: CheckOptions
): readonly Diagnostic[] {
  const ofFolder = (folder?.diagnostics ?? []).filter((d) => d.file === file.name)
  if (isYaml(file.name)) {
    const own = ofFolder.map((d) => ({ ...d, file: file.path }))
    const stem = stemOf(file)
    const model = folder?.models.find((m) => m.kind === 'ltl' && m.ltl.name === stem)
    const silent = model?.kind === 'ltl' ? checkRestart(model, file.path) : undefined
    return silent === undefined ? own : [...own, silent]
  }
  const own = checkModel(file.text, file.path, options)
  const twice = ofFolder.filter((d) => d.code === 'two-files')
  const all = [...twice.map((d) => ({ ...d, file: file.path })), ...own]
  return startsByHand(file, folder) ? all.filter((d) => d.code !== 'no-start-event') : all
}

function stemOf({ name }: CheckFile): string {
  return name.replace(/\.\w+$/, '')
}

/** Whether a rule of the instrumentation beside the model starts its monitor. */
function startsByHand(file: CheckFile, folder: AssembledModels | undefined): boolean {
  const stem = stemOf(file)
  const model = folder?.models.find((m) => m.kind === 'automaton' && m.automaton.name === stem)
  if (model?.kind !== 'automaton' || !isModel(file.name)) return false
  return startsMonitor(model.instrumentation)
}
