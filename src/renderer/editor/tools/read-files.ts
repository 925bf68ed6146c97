import type { ModelText } from '../../../contract/model-files'
import { formatDiagnostic } from '../../../model/diagnostics'
import { parseDot } from '../../../model/dot'
import type { Instrumentation, MonitorType } from '../../../model/instrumentation'
import { parseInstrumentation } from '../../../model/instrumentation-yaml'
import type { MonitorSpec } from '../../../model/instrumentation-yaml'
import { parseLtl } from '../../../model/ltl/parse'

/** What the instrumentation says of the monitor as a whole. */
export interface Head {
  readonly name: string
  readonly type: MonitorType
  readonly parent: string | undefined
  readonly description: string
}

const isYaml = (name: string): boolean => /\.ya?ml$/.test(name)

/** The model among the files of a folder; without `spec` it has errors, of which `error` is the first. */
export function readSpec(files: readonly ModelText[]): {
  readonly spec: MonitorSpec | undefined
  readonly error: string
} {
  const file = files.find(({ name }) => !isYaml(name))
  if (file === undefined) return { spec: undefined, error: '' }
  if (file.name.endsWith('.ltl')) {
    const { model, diagnostics } = parseLtl(file.text, file.name)
    if (model !== undefined) return { spec: { kind: 'ltl', ltl: model }, error: '' }
    return { spec: undefined, error: firstError(diagnostics) }
  }
  const { automaton, diagnostics } = parseDot(file.text, file.name)
  if (automaton !== undefined) return { spec: { kind: 'automaton', automaton }, error: '' }
  return { spec: undefined, error: firstError(diagnostics) }
}

/** The instrumentation beside it; nothing where there is none. */
export function readYaml(
  files: readonly ModelText[],
  spec: MonitorSpec
): Partial<ReturnType<typeof parseInstrumentation>> & { readonly file?: ModelText } {
  const file = files.find(({ name }) => isYaml(name))
  return file === undefined ? {} : { file, ...parseInstrumentation(file.text, file.name, spec) }
}

type Diagnostics = ReturnType<typeof parseDot>['diagnostics']

/** The first error in one line; empty where there is none. */
export const firstError = (diagnostics: Diagnostics): string => {
  const error = diagnostics.find(({ severity }) => severity === 'error')
  return error === undefined ? '' : formatDiagnostic(error)
}

export const headOf = ({ monitor, type, parent, description }: Instrumentation): Head => ({
  name: monitor,
  type,
  parent,
  description
})
