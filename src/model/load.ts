import type { Automaton } from './automaton'
import type { Diagnostic } from './diagnostics'
import { parseDot } from './dot'
import type { Instrumentation, MonitorType } from './instrumentation'
import { parseInstrumentation } from './instrumentation-yaml'
import type { LtlModel } from './ltl'

/** A file of a models folder: its name without the folder, and its text. */
export interface ModelFile {
  readonly name: string
  readonly text: string
}

/** An automaton and the DOT text that it was read from. */
export interface Drawing {
  readonly automaton: Automaton
  readonly source: string
  /** Which instances the monitor has, where the file beside the model says so. */
  readonly type?: MonitorType
}

/** A monitor of an automaton, deterministic or hybrid, that the engine can run. */
export interface AutomatonModel extends Drawing {
  readonly kind: 'automaton'
  readonly name: string
  readonly instrumentation: Instrumentation
}

/** A monitor of a formula that the engine can run. */
export interface LtlMonitorModel {
  readonly kind: 'ltl'
  readonly name: string
  readonly ltl: LtlModel
  /** Text of the .ltl file. */
  readonly source: string
  readonly instrumentation: Instrumentation
}

/** A container of monitors; it has no model. */
export interface ContainerModel {
  readonly kind: 'container'
  readonly name: string
  readonly description: string
}

/** What a kernel registers. */
export type MonitorModel = AutomatonModel | LtlMonitorModel | ContainerModel

export interface AssembledModels {
  /**
   * Monitors and containers in the order in which a kernel registers them: that of the
   * folder's registration.yaml, then by name; each container before its children.
   */
  readonly models: readonly MonitorModel[]
  /** Every sound model by its name (the file's stem), and by its monitor's name where that differs. */
  readonly drawings: ReadonlyMap<string, Drawing>
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * Pairs the files of a models folder: NAME.dot (or NAME.gv) with NAME.yaml (or
 * NAME.yml) is a monitor, NAME.dot alone a drawing, and so is one whose YAML
 * file says `tracepoints: none`. Files of other kinds are passed over. What is wrong with one file leaves the others as they are.
 */
export function assembleModel(files: Iterable<ModelFile>): AssembledModels {
  const sorted = [...files].sort((a, b) => (a.name < b.name ? -1 : 1))
  const diagnostics: Diagnostic[] = []
  const drawings = new Map<string, Drawing>()
  const models: MonitorModel[] = []
  const described: MonitorModel[] = []
  const dots = byStem(sorted, /\.(dot|gv)$/, diagnostics)
  const yamls = byStem(sorted, /\.ya?ml$/, diagnostics)
  for (const [stem, { name, text }] of dots) {
    const parsed = parseDot(text, name)
    diagnostics.push(...parsed.diagnostics)
    if (parsed.automaton !== undefined) {
      drawings.set(stem, { automaton: parsed.automaton, source: text })
    }
  }
  const owners = new Map<string, string>()
  for (const [stem, file] of yamls) {
    if (!dots.has(stem)) {
      diagnostics.push(
        finding('no-model', file.name, `There is no model beside it; expected ${stem}.dot.`)
      )
      continue
    }
    const drawing = drawings.get(stem)
    // A model with errors was reported; its events are unknown.
    if (drawing === undefined) continue
    const parsed = parseInstrumentation(file.text, file.name, drawing.automaton)
    diagnostics.push(...parsed.diagnostics)
    const { instrumentation } = parsed
    if (instrumentation === undefined) continue
    const { monitor } = instrumentation
    const owner = owners.get(monitor)
    if (owner !== undefined) {
      diagnostics.push(
        finding(
          'duplicate-monitor',
          file.name,
          `The monitor ${monitor} is described in ${owner} too; expected another name.`
        )
      )
      continue
    }
    owners.set(monitor, file.name)
    const model = { ...drawing, type: instrumentation.type, instrumentation }
    described.push(model)
    drawings.set(stem, model)
    if (instrumentation.tracepoints.length > 0) models.push(model)
  }
  for (const model of described) {
    const { monitor } = model.instrumentation
    if (!drawings.has(monitor)) drawings.set(monitor, model)
  }
  return { models, drawings, diagnostics }
}

/** The files whose name ends as asked, by the rest of the name; a second one of a stem is an error. */
function byStem(
  files: readonly ModelFile[],
  ending: RegExp,
  diagnostics: Diagnostic[]
): Map<string, ModelFile> {
  const found = new Map<string, ModelFile>()
  for (const file of files) {
    if (!ending.test(file.name)) continue
    const stem = file.name.replace(ending, '')
    const before = found.get(stem)
    if (before === undefined) {
      found.set(stem, file)
    } else {
      diagnostics.push(
        finding(
          'two-files',
          file.name,
          `${before.name} describes the same model; expected one of the two.`
        )
      )
    }
  }
  return found
}

/** An error about a file as a whole. */
function finding(code: string, file: string, message: string): Diagnostic {
  const place = { line: 1, column: 1, endLine: 1, endColumn: 1 }
  return { severity: 'error', code, file, ...place, message }
}
