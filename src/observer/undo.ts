import type { Change, Switches } from '../contract/state'

/** Changes that are kept. */
const MOST = 100

/** What of a target a change touches: values by monitor's full name, and the switches. */
export interface Values {
  readonly enabled: ReadonlyMap<string, boolean>
  readonly reactors: ReadonlyMap<string, string>
  readonly switches: Readonly<Partial<Pick<Switches, 'monitoringOn' | 'reactingOn' | 'stacks'>>>
}

/** One action of the user, with what it changed. */
export interface UndoStep {
  readonly change: Change
  readonly before: Values
  readonly after: Values
}

/**
 * What the user changed on a target, in order, to be taken back and done again. It remembers; who
 * asks it executes, and only where a value is still what the change made of it.
 */
export class UndoLog {
  #done: UndoStep[] = []
  #undone: UndoStep[] = []

  /** A change took place. Where it changed nothing it is not remembered. */
  record(step: UndoStep): void {
    if (isEmpty(step.before)) return
    this.#done.push(step)
    if (this.#done.length > MOST) this.#done.shift()
    this.#undone = []
  }

  /** The change that undo would take back, and the one that redo would do again. */
  get next(): { readonly undo: Change | null; readonly redo: Change | null } {
    return {
      undo: this.#done.at(-1)?.change ?? null,
      redo: this.#undone.at(-1)?.change ?? null
    }
  }

  /** Takes the last change off; `finished` puts it on the other side once it is taken back. */
  takeUndo(): { readonly step: UndoStep; finished(): void } | undefined {
    return take(this.#done, this.#undone)
  }

  /** Takes the change off that was taken back last. */
  takeRedo(): { readonly step: UndoStep; finished(): void } | undefined {
    return take(this.#undone, this.#done)
  }
}

function take(
  from: UndoStep[],
  to: UndoStep[]
): { readonly step: UndoStep; finished(): void } | undefined {
  const step = from.pop()
  if (step === undefined) return undefined
  return {
    step,
    finished: () => {
      to.push(step)
    }
  }
}

function isEmpty({ enabled, reactors, switches }: Values): boolean {
  return enabled.size === 0 && reactors.size === 0 && Object.keys(switches).length === 0
}

/** The values of some monitors and of the switches at this moment. */
export function valuesOf(
  monitors: readonly {
    readonly fullName: string
    readonly enabled: boolean
    /** Undefined where the kernel has no reactors. */
    readonly reactor: string | undefined
  }[],
  switches: Switches
): Values {
  return {
    enabled: new Map(monitors.map((monitor) => [monitor.fullName, monitor.enabled])),
    reactors: new Map(
      monitors.flatMap(({ fullName, reactor }) =>
        reactor === undefined ? [] : [[fullName, reactor]]
      )
    ),
    switches: {
      monitoringOn: switches.monitoringOn,
      reactingOn: switches.reactingOn,
      stacks: switches.stacks
    }
  }
}

/** Of two sets of values those that differ, as they are in the first. */
export function differing(values: Values, other: Values): Values {
  const { monitoringOn, reactingOn, stacks } = values.switches
  return {
    enabled: new Map([...values.enabled].filter(([name, on]) => other.enabled.get(name) !== on)),
    reactors: new Map(
      [...values.reactors].filter(([name, reactor]) => other.reactors.get(name) !== reactor)
    ),
    switches: {
      ...(monitoringOn !== undefined && monitoringOn !== other.switches.monitoringOn
        ? { monitoringOn }
        : {}),
      ...(reactingOn !== undefined && reactingOn !== other.switches.reactingOn
        ? { reactingOn }
        : {}),
      ...(stacks !== undefined && stacks !== other.switches.stacks ? { stacks } : {})
    }
  }
}
