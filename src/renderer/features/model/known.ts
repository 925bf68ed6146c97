import type { ModelText } from '../../../contract/model-files'
import type { MonitorInfo } from '../../../contract/state'
import type { Automaton } from '../../../model/automaton'
import type { Diagnostic } from '../../../model/diagnostics'
import type { Instrumentation } from '../../../model/instrumentation'
import { parseInstrumentation } from '../../../model/instrumentation-yaml'
import type { LtlModel } from '../../../model/ltl'
import { parseLtl } from '../../../model/ltl/parse'
import { modelOf } from '../../graph/model'

/** What the panel knows of a monitor's model. */
export interface KnownModel {
  /** The model's file first, then the instrumentation where it is known. */
  readonly files: readonly ModelText[]
  readonly automaton: Automaton | undefined
  readonly ltl: LtlModel | undefined
  readonly instrumentation: Instrumentation | undefined
  readonly diagnostics: readonly Diagnostic[]
}

/** Reads a monitor's texts; undefined where the panel has none. */
export function knownModel(info: MonitorInfo): KnownModel | undefined {
  if (info.model === null) return undefined
  const isLtl = info.class === 'ltl'
  const spec = { name: `${info.name}.${isLtl ? 'ltl' : 'dot'}`, text: info.model }
  const ltl = isLtl ? parseLtl(info.model, spec.name) : undefined
  const dot = isLtl ? undefined : modelOf(info.model, info.name)
  const automaton = dot?.automaton
  const diagnostics = [...((ltl ?? dot)?.diagnostics ?? [])]
  const files = [spec]
  let instrumentation: Instrumentation | undefined
  if (info.instrumentation !== null) {
    const yaml = { name: `${info.name}.yaml`, text: info.instrumentation }
    files.push(yaml)
    const model = ltl?.model
      ? ({ kind: 'ltl', ltl: ltl.model } as const)
      : automaton && ({ kind: 'automaton', automaton } as const)
    if (model) {
      const parsed = parseInstrumentation(yaml.text, yaml.name, model)
      instrumentation = parsed.instrumentation
      diagnostics.push(...parsed.diagnostics)
    }
  }
  return { files, automaton, ltl: ltl?.model, instrumentation, diagnostics }
}
