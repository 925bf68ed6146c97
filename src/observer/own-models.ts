import type { ModelText } from '../contract/model-files'
import { refusedModels } from '../engine/registrable'
import { formatDiagnostic } from '../model/diagnostics'
import { assembleModel, mergeModels, parentOf } from '../model/load'
import type { Drawing, MonitorModel } from '../model/load'

/** Why a model does not run; the window offers what there is to do about it. */
export class RunRefusal extends Error {
  constructor(
    /** TAKEN: a model of that name came with the program. OTHER_TARGET: a real one is connected. */
    readonly code: 'TAKEN' | 'OTHER_TARGET' | 'EINVAL',
    message: string
  ) {
    super(message)
  }
}

/** The monitors of the simulated kernel: those of the program, and those written in the window since. */
export class OwnModels {
  #all: readonly MonitorModel[]
  #drawings: ReadonlyMap<string, Drawing>
  /** Names that the program was started with and that no model of the window has replaced. */
  #given: ReadonlySet<string>

  constructor(models: readonly MonitorModel[], drawings: ReadonlyMap<string, Drawing>) {
    this.#all = models
    this.#drawings = drawings
    this.#given = new Set(models.map(({ name }) => name))
  }

  /** In the order in which they are registered. */
  get all(): readonly MonitorModel[] {
    return this.#all
  }

  get drawings(): ReadonlyMap<string, Drawing> {
    return this.#drawings
  }

  /** What there is now, to come back to where a machine does not boot with what is taken in next. */
  checkpoint(): () => void {
    const [all, drawings, given] = [this.#all, this.#drawings, this.#given]
    return () => {
      this.#all = all
      this.#drawings = drawings
      this.#given = given
    }
  }

  /**
   * Takes a model in, in place of an older one of its name.
   *
   * @param replace also in place of one that the program was started with
   * @returns the monitor's name with its container
   * @throws RunRefusal
   */
  take(files: readonly ModelText[], replace: boolean): string {
    const { models, drawings, diagnostics } = assembleModel(files, this.#all)
    const error = diagnostics.find(({ severity }) => severity === 'error')
    if (error !== undefined) throw refusal(formatDiagnostic(error))
    const [model] = models
    if (model === undefined) {
      throw refusal(
        `${files[0]?.name ?? 'The model'} has no tracepoints yet: a file NAME.yaml beside it says which tracepoint is which event.`
      )
    }
    const { name } = model
    if (this.#given.has(name) && !replace) {
      throw new RunRefusal('TAKEN', `There is a monitor ${name} already, which came with rvpanel.`)
    }
    const all = mergeModels(this.#all, [model])
    const refused = refusedModels(all).find((one) => one.model === model)
    if (refused !== undefined) {
      throw refusal(`The kernel does not register ${name}: ${refused.reason}.`)
    }
    this.#all = all
    this.#given = new Set([...this.#given].filter((one) => one !== name))
    const drawn = new Map([...this.#drawings, ...drawings])
    if (model.kind !== 'container') drawn.set(name, model)
    else drawn.delete(name)
    this.#drawings = drawn
    const parent = parentOf(model)
    return parent === undefined ? name : `${parent}:${name}`
  }
}

const refusal = (message: string): RunRefusal => new RunRefusal('EINVAL', message)
