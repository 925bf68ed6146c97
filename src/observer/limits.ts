import type { Constraint } from '../model/automaton'
import type { TracefsPort } from '../target/port'
import type { Fold } from './fold'
import type { MonitorState } from './monitor-state'

/**
 * Values of the module parameters that invariants name, as the target has them: anybody may change
 * them while a monitor runs. Read with every poll while the monitor is on, and once before.
 */
export class Limits {
  readonly #port: TracefsPort
  readonly #fold: Fold
  readonly #read = new Set<string>()

  constructor(port: TracefsPort, fold: Fold) {
    this.#port = port
    this.#fold = fold
  }

  async refresh(): Promise<void> {
    for (const monitor of this.#fold.monitors) {
      for (const name of parametersOf(monitor.known?.automaton?.invariants ?? [])) {
        const key = `${monitor.info.fullName}/${name}`
        if (!monitor.info.enabled && this.#read.has(key)) continue
        this.#read.add(key)
        this.#set(monitor, name, await this.#valueOf(monitor.info.name, name))
      }
    }
  }

  /** Undefined where the target does not tell. */
  async #valueOf(module: string, name: string): Promise<number | undefined> {
    try {
      const text = (await this.#port.readParameter(module, name)).trim()
      return /^\d{1,15}$/.test(text) ? Number(text) : undefined
    } catch {
      // A module without the parameter, or one that may not be read: the window says "not known".
      return undefined
    }
  }

  #set(monitor: MonitorState, name: string, value: number | undefined): void {
    if (monitor.values.get(name) === value) return
    if (value === undefined) monitor.values.delete(name)
    else monitor.values.set(name, value)
    this.#fold.infosChanged = true
  }
}

function parametersOf(invariants: readonly (Constraint | undefined)[]): Set<string> {
  const names = new Set<string>()
  for (const invariant of invariants) {
    if (invariant?.value.kind === 'parameter') names.add(invariant.value.text)
  }
  return names
}
