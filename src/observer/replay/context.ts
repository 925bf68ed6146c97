/** Where a handler ran, as the five characters before a trace line's time say it. */
export interface RecordContext {
  readonly irqsDisabled: boolean
  /** Preempt count, its PREEMPT_MASK part; 15 stands for 15 and more. */
  readonly depth: number
  readonly hardirq: boolean
  readonly softirq: boolean
  readonly nmi: boolean
}

/**
 * The flags column, such as `dNh2.` (trace_print_lat_fmt): irqs off `d` or `D`; the
 * context `h`, `s`, `H` (a hardirq in a softirq), `z`, `Z` (an NMI, in a hardirq); the depth.
 */
export function contextOf(flags: string): RecordContext {
  const [irqs = '.', , level = '.', depth = '.'] = flags
  const count = Number.parseInt(depth, 16)
  return {
    irqsDisabled: irqs === 'd' || irqs === 'D',
    depth: Number.isNaN(count) ? 0 : count,
    hardirq: 'hHZ'.includes(level),
    softirq: 'sH'.includes(level),
    nmi: 'zZ'.includes(level)
  }
}

/** CONTEXT_VARIABLES by name. */
export function contextVariable(
  name: string,
  context: RecordContext,
  cpu: number,
  cpus: number
): number {
  const { irqsDisabled, depth, hardirq, softirq, nmi } = context
  switch (name) {
    case 'cpu':
      return cpu
    case 'nr_cpus':
      return cpus
    case 'irqs_disabled':
      return irqsDisabled ? 1 : 0
    case 'preempt_off':
      return depth > 0 ? 1 : 0
    case 'in_task':
      return hardirq || softirq || nmi ? 0 : 1
    case 'in_hardirq':
      return hardirq ? 1 : 0
    case 'in_serving_softirq':
      return softirq ? 1 : 0
    case 'in_nmi':
      return nmi ? 1 : 0
    default:
      return 0
  }
}
