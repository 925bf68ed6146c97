import type { Automaton } from './automaton'
import type { Diagnostic } from './diagnostics'
import { parseDot } from './dot'
import type { Instrumentation, MonitorType } from './instrumentation'
import { parseContainer, parseInstrumentation } from './instrumentation-yaml'
import type { MonitorSpec } from './instrumentation-yaml'
import type { LtlModel } from './ltl'
import { parseLtl } from './ltl/parse'
import { REGISTRATION_FILE, inRegistrationOrder, parseRegistration } from './registration'

/** A file of a models folder: its name without the folder, and its text. */
export interface ModelFile {
  readonly name: string
  readonly text: string
}

/** A model that can be shown, whether or not it can run, and the texts that it was read from. */
export interface Drawing {
  /** Undefined for a formula. */
  readonly automaton?: Automaton
  /** Text of the DOT or LTL file. */
  readonly source: string
  /** Text of the file beside it, where there is a sound one. */
  readonly instrumentationText?: string
  /** Which instances the monitor has, where the file beside the model says so. */
  readonly type?: MonitorType
  /** `none` where the file beside the model says that its violations are given to no reactor. */
  readonly reactions?: Instrumentation['reactions']
}

/** A monitor of an automaton, deterministic or hybrid, that the engine can run. */
export interface AutomatonModel extends Drawing {
  readonly kind: 'automaton'
  readonly name: string
  readonly automaton: Automaton
  readonly instrumentation: Instrumentation
}

/** A monitor of a formula that the engine can run. */
export interface LtlMonitorModel extends Drawing {
  readonly kind: 'ltl'
  readonly name: string
  readonly ltl: LtlModel
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

/** What the files of a models folder make. */
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
 * Pairs the files of a models folder: NAME.dot (or NAME.gv) or NAME.ltl with NAME.yaml (or
 * NAME.yml) is a monitor, NAME.dot alone a drawing, and so is one whose YAML file says
 * `tracepoints: none`. NAME.yaml alone is a container; registration.yaml is the order. Files of
 * other kinds are passed over. What is wrong with one file leaves the others as they are, but for
 * the children of a container that could not be read.
 *
 * @param before models of folders that were read earlier: their containers may be parents here
 */
export function assembleModel(
  files: Iterable<ModelFile>,
  before: readonly MonitorModel[] = []
): AssembledModels {
  return new Assembly(files, before).assemble()
}

/**
 * Models of several folders: a later one replaces those of the same name in their place, others
 * follow. Each container stays before its children.
 */
export function mergeModels(
  before: readonly MonitorModel[],
  later: readonly MonitorModel[]
): MonitorModel[] {
  const models = new Map(before.map((model) => [model.name, model]))
  for (const model of later) models.set(model.name, model)
  const registrable = [...models].map(([name, model]) => ({ name, model, parent: parentOf(model) }))
  return inRegistrationOrder(registrable, [...models.keys()]).map(({ model }) => model)
}

/** Name of the container that a monitor is in. */
export function parentOf(model: MonitorModel): string | undefined {
  return model.kind === 'container' ? undefined : model.instrumentation.parent
}

/** A model's text with what was read from it. */
interface Source {
  readonly spec: MonitorSpec
  readonly text: string
}

class Assembly {
  readonly #before: readonly MonitorModel[]
  readonly #diagnostics: Diagnostic[] = []
  readonly #drawings = new Map<string, Drawing>()
  readonly #registration: ModelFile | undefined
  readonly #specs: ReadonlyMap<string, ModelFile>
  readonly #yamls: ReadonlyMap<string, ModelFile>
  /** Monitors and containers by name, with the file that describes them. */
  readonly #models = new Map<string, { readonly model: MonitorModel; readonly file: string }>()
  /** Drawings of monitors that are not called like their files. */
  readonly #otherNames = new Map<string, Drawing>()

  constructor(files: Iterable<ModelFile>, before: readonly MonitorModel[]) {
    const sorted = [...files].sort((a, b) => (a.name < b.name ? -1 : 1))
    this.#before = before
    this.#registration = sorted.find((file) => file.name === REGISTRATION_FILE)
    this.#specs = this.#byStem(sorted, /\.(dot|gv|ltl)$/)
    this.#yamls = this.#byStem(
      sorted.filter((file) => file !== this.#registration),
      /\.ya?ml$/
    )
  }

  assemble(): AssembledModels {
    const sources = new Map<string, Source>()
    for (const [stem, file] of this.#specs) {
      const spec = this.#readSpec(file)
      if (spec === undefined) continue
      sources.set(stem, { spec, text: file.text })
      const automaton = spec.kind === 'automaton' ? { automaton: spec.automaton } : {}
      this.#drawings.set(stem, { ...automaton, source: file.text })
    }
    for (const [stem, file] of this.#yamls) {
      const source = sources.get(stem)
      if (source !== undefined) this.#addMonitor(stem, file, source)
      // A model with errors was reported; its events are unknown.
      else if (!this.#specs.has(stem)) this.#addContainer(stem, file)
    }
    for (const [name, drawing] of this.#otherNames) {
      if (!this.#drawings.has(name)) this.#drawings.set(name, drawing)
    }
    const names = this.#order()
    const models = inRegistrationOrder(this.#withParents(), names).map(({ model }) => model)
    return { models, drawings: this.#drawings, diagnostics: this.#diagnostics }
  }

  #readSpec({ name, text }: ModelFile): MonitorSpec | undefined {
    if (name.endsWith('.ltl')) {
      const { model, diagnostics } = parseLtl(text, name)
      this.#diagnostics.push(...diagnostics)
      return model && { kind: 'ltl', ltl: model }
    }
    const { automaton, diagnostics } = parseDot(text, name)
    this.#diagnostics.push(...diagnostics)
    return automaton && { kind: 'automaton', automaton }
  }

  #addMonitor(stem: string, file: ModelFile, { spec, text }: Source): void {
    const parsed = parseInstrumentation(file.text, file.name, spec)
    this.#diagnostics.push(...parsed.diagnostics)
    const { instrumentation } = parsed
    if (instrumentation === undefined) return
    const { monitor: name, type } = instrumentation
    const reactions =
      instrumentation.reactions === undefined ? {} : { reactions: instrumentation.reactions }
    const model: MonitorModel =
      spec.kind === 'ltl'
        ? {
            kind: 'ltl',
            name,
            ltl: spec.ltl,
            source: text,
            type,
            instrumentation,
            instrumentationText: file.text,
            ...reactions
          }
        : {
            kind: 'automaton',
            name,
            automaton: spec.automaton,
            source: text,
            type,
            instrumentation,
            instrumentationText: file.text,
            ...reactions
          }
    if (!this.#isNew(name, file.name, false)) return
    this.#drawings.set(stem, model)
    this.#otherNames.set(name, model)
    this.#models.set(name, { model, file: file.name })
  }

  #addContainer(stem: string, file: ModelFile): void {
    const { container, diagnostics } = parseContainer(file.text, file.name, stem)
    this.#diagnostics.push(...diagnostics)
    if (container === undefined) return
    const { monitor: name, description } = container
    if (!this.#isNew(name, file.name, true)) return
    this.#models.set(name, { model: { kind: 'container', name, description }, file: file.name })
  }

  /** False, and an error, where the name is taken. */
  #isNew(name: string, file: string, isContainer: boolean): boolean {
    const owner = this.#models.get(name)
    if (owner !== undefined) {
      this.#error(
        'duplicate-monitor',
        file,
        `The monitor ${name} is described in ${owner.file} too; expected another name.`
      )
      return false
    }
    if (!isContainer && this.#before.some((m) => m.name === name && m.kind === 'container')) {
      this.#error(
        'duplicate-monitor',
        file,
        `${name} is a container of other models; expected another name for this monitor.`
      )
      return false
    }
    return true
  }

  #order(): readonly string[] {
    const file = this.#registration
    if (file === undefined) return []
    const { names, diagnostics } = parseRegistration(
      file.text,
      file.name,
      // One whose file has errors is reported there.
      (name) => this.#models.has(name) || this.#yamls.has(name)
    )
    this.#diagnostics.push(...diagnostics)
    return names
  }

  /** What can run, with its parent; a monitor whose parent is no container is left out. */
  #withParents(): { model: MonitorModel; name: string; parent: string | undefined }[] {
    const containers = new Set<string>()
    for (const { name, kind } of this.#before) if (kind === 'container') containers.add(name)
    for (const [name, { model }] of this.#models)
      if (model.kind === 'container') containers.add(name)
    const found: { model: MonitorModel; name: string; parent: string | undefined }[] = []
    for (const [name, { model, file }] of this.#models) {
      if (model.kind === 'container') {
        found.push({ model, name, parent: undefined })
        continue
      }
      const { parent, tracepoints } = model.instrumentation
      if (tracepoints.length === 0) continue
      if (parent === undefined || containers.has(parent)) {
        found.push({ model, name, parent })
        continue
      }
      this.#error(
        'unknown-parent',
        file,
        this.#models.has(parent)
          ? `The parent ${parent} of ${name} is a monitor of its own; expected a container.`
          : `The parent ${parent} of ${name} is not there; expected a file ${parent}.yaml with \`type: container\`.`
      )
    }
    return found
  }

  /** The files whose name ends as asked, by the rest of the name; a second one of a stem is an error. */
  #byStem(files: readonly ModelFile[], ending: RegExp): Map<string, ModelFile> {
    const found = new Map<string, ModelFile>()
    for (const file of files) {
      if (!ending.test(file.name)) continue
      const stem = file.name.replace(ending, '')
      const before = found.get(stem)
      if (before === undefined) {
        found.set(stem, file)
      } else {
        this.#error(
          'two-files',
          file.name,
          `${before.name} describes the same model; expected one of the two.`
        )
      }
    }
    return found
  }

  /** An error about a file as a whole. */
  #error(code: string, file: string, message: string): void {
    const place = { line: 1, column: 1, endLine: 1, endColumn: 1 }
    this.#diagnostics.push({ severity: 'error', code, file, ...place, message })
  }
}
