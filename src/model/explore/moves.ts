/** What one action did, in the words of a kernel. */
export interface Outcome {
  /**
   * `moved`: the event was allowed. `started`: an instance that waited began to be monitored.
   * `ignored`: it waits, and this event does not start it. `violation`: the monitor reports it.
   * `changed`: time passed, or a value was set.
   */
  readonly kind: 'moved' | 'started' | 'ignored' | 'violation' | 'changed'
  /** What the kernel would print: the trace event, and for a violation the reaction. */
  readonly lines: readonly string[]
}

/** What cannot be done, in one sentence for the user; nothing has changed. */
export class ExploreFailure extends Error {
  override readonly name = 'ExploreFailure'

  /** @param unknown the name whose value it depends on, where that is the reason */
  constructor(
    message: string,
    readonly unknown?: string
  ) {
    super(message)
  }
}

/** Moments of an exploration, each made by an action; one can go back and forth among them. */
export class History<T> {
  #moments: { readonly moment: T; readonly action: string }[]
  #at = 0

  constructor(first: T) {
    this.#moments = [{ moment: first, action: '' }]
  }

  get now(): T {
    const entry = this.#moments[this.#at]
    if (entry === undefined) throw new RangeError('A history has its first moment always.')
    return entry.moment
  }

  /** What was done up to now. */
  get actions(): readonly string[] {
    return this.#moments.slice(1, this.#at + 1).map(({ action }) => action)
  }

  /** Goes on from here; what was undone before is forgotten. */
  add(action: string, moment: T): void {
    this.#moments = [...this.#moments.slice(0, ++this.#at), { moment, action }]
  }

  /** @returns the action that was undone; undefined at the beginning */
  undo(): string | undefined {
    if (this.#at === 0) return undefined
    return this.#moments[this.#at--]?.action
  }

  /** @returns the action that was done again; undefined at the end */
  redo(): string | undefined {
    if (this.#at + 1 === this.#moments.length) return undefined
    return this.#moments[++this.#at]?.action
  }
}
