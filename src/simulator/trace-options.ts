/** Flags of trace_options and options/, in the kernel's order, and whether they are on after boot. */
const FLAGS: readonly (readonly [name: string, on: boolean])[] = [
  ['print-parent', true],
  ['sym-offset', false],
  ['sym-addr', false],
  ['verbose', false],
  ['raw', false],
  ['hex', false],
  ['bin', false],
  ['block', false],
  ['fields', false],
  ['trace_printk', true],
  ['annotate', true],
  ['userstacktrace', false],
  ['sym-userobj', false],
  ['printk-msg-only', false],
  ['context-info', true],
  ['latency-format', false],
  ['record-cmd', true],
  ['record-tgid', false],
  ['overwrite', true],
  ['disable_on_free', false],
  ['irq-info', true],
  ['markers', true],
  ['event-fork', false],
  ['pause-on-trace', false],
  ['hash-ptr', true],
  ['bitmask-list', false],
  ['stacktrace', false],
  ['test_nop_accept', false],
  ['test_nop_refuse', false]
]

/** Of the top level alone: where trace_printk() goes. */
const TOP_ONLY = ['trace_printk', 'trace_printk_dest']

/**
 * The options of one trace instance. `overwrite`, `markers` and `event-fork` do
 * what they say; those about the looks of `trace` are only remembered.
 */
export class TraceOptions {
  private readonly on: Map<string, boolean>

  constructor(top: boolean) {
    this.on = new Map(FLAGS.filter(([name]) => top || !TOP_ONLY.includes(name)))
  }

  get names(): readonly string[] {
    return [...this.on.keys()]
  }

  has(name: string): boolean {
    return this.on.get(name) === true
  }

  /** @returns false where there is no such option */
  set(name: string, on: boolean): boolean {
    if (!this.on.has(name)) return false
    this.on.set(name, on)
    return true
  }

  /** As trace_options reads. */
  get text(): string {
    return [...this.on].map(([name, on]) => `${on ? '' : 'no'}${name}\n`).join('')
  }
}
