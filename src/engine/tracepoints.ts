/** One tracepoint as the engine sees it: a name and its arguments in order. */
export interface TracepointShape {
  readonly name: string
  readonly fields: readonly { readonly name: string }[]
}

/** A handler on a tracepoint. The arguments are valid during the call only. */
export interface Probe {
  run(args: Float64Array): void
}

const NO_PROBES: readonly Probe[] = []

/**
 * Tracepoints of the kernel that hosts the engine, simulated or replayed.
 *
 * To raise one: look its index up once, then for each event, where
 * `attached[index]` is not 0, write the fields into `args` in the catalog's
 * order (tasks as the host's dense index, booleans as 0 and 1) and `fire(index)`.
 * Nothing is allocated per event.
 */
export class TracepointBus {
  /** Arguments of the next fire(). */
  readonly args: Float64Array
  /** attached[index] is 1 while some probe wants the tracepoint. */
  readonly attached: Uint8Array
  private readonly indexes = new Map<string, number>()
  private readonly probes: (readonly Probe[])[]
  private readonly fieldCounts: readonly number[]
  /** A copy of the arguments per depth: a reactor may raise tracepoints in the middle of a handler. */
  private readonly frames: Float64Array[] = []
  private depth = 0

  constructor(private readonly catalog: readonly TracepointShape[]) {
    catalog.forEach((tracepoint, index) => this.indexes.set(tracepoint.name, index))
    this.fieldCounts = catalog.map((tracepoint) => tracepoint.fields.length)
    this.args = new Float64Array(Math.max(1, ...this.fieldCounts))
    this.attached = new Uint8Array(catalog.length)
    this.probes = catalog.map(() => NO_PROBES)
    this.frames.push(new Float64Array(this.args.length))
  }

  /** Name of a tracepoint; undefined where the index is none. */
  name(tracepoint: number): string | undefined {
    return this.catalog[tracepoint]?.name
  }

  /** Index of a tracepoint, or -1 where this kernel has none of that name. */
  index(name: string): number {
    return this.indexes.get(name) ?? -1
  }

  /** Position of a tracepoint's field in `args`, or -1. */
  fieldIndex(tracepoint: number, field: string): number {
    return this.catalog[tracepoint]?.fields.findIndex(({ name }) => name === field) ?? -1
  }

  /** Runs the probes of a tracepoint, in the order in which they were attached. */
  fire(index: number): void {
    if (this.attached[index] !== 1) return
    const probes = this.probes[index] ?? NO_PROBES
    const frame = this.frame()
    const count = this.fieldCounts[index] ?? 0
    for (let i = 0; i < count; i++) frame[i] = this.args[i] ?? 0
    this.depth++
    try {
      for (const probe of probes) probe.run(frame)
    } finally {
      this.depth--
    }
  }

  /** Adds a probe behind those that are there. A fire() that is running does not see it. */
  attach(index: number, probe: Probe): void {
    this.replace(index, [...(this.probes[index] ?? NO_PROBES), probe])
  }

  /** Removes a probe; not attached is no error. A fire() that is running still reaches it. */
  detach(index: number, probe: Probe): void {
    this.replace(
      index,
      (this.probes[index] ?? NO_PROBES).filter((one) => one !== probe)
    )
  }

  /** Lists are replaced, never changed: fire() may be walking the old one. */
  private replace(index: number, probes: readonly Probe[]): void {
    this.probes[index] = probes
    this.attached[index] = probes.length > 0 ? 1 : 0
  }

  private frame(): Float64Array {
    const existing = this.frames[this.depth]
    if (existing !== undefined) return existing
    const fresh = new Float64Array(this.args.length)
    this.frames.push(fresh)
    return fresh
  }
}
