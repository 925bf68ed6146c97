import type { ModelText } from '../../contract/model-files'
import { checkModel } from '../../model/check'
import type { Diagnostic } from '../../model/diagnostics'
import { assembleModel } from '../../model/load'
import type { ContainerModel } from '../../model/load'

/** What is to be checked: the files of one model. */
export interface CheckJob {
  readonly id: number
  readonly files: readonly ModelText[]
  /** Names of the containers that a parent may be. */
  readonly containers: readonly string[]
}

/** Every finding, with the name of its file. */
export interface CheckDone {
  readonly id: number
  readonly diagnostics: readonly Diagnostic[]
}

const isYaml = (name: string): boolean => /\.ya?ml$/.test(name)

/** Checks a model's text, and its instrumentation against it. */
export function checkFiles({ files, containers }: Omit<CheckJob, 'id'>): Diagnostic[] {
  const spec = files.find((file) => !isYaml(file.name))
  const found: Diagnostic[] = spec === undefined ? [] : [...checkModel(spec.text, spec.name)]
  const { diagnostics } = assembleModel(files, containersOf(containers))
  return [...found, ...diagnostics.filter((d) => isYaml(d.file))]
}

/** As models, which a parent is looked up in. */
export function containersOf(names: readonly string[]): ContainerModel[] {
  return names.map((name) => ({ kind: 'container', name, description: '' }))
}
