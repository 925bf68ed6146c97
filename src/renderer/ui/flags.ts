/**
 * The latency columns of a trace line, as trace_print_lat_fmt() of
 * kernel/trace/trace_output.c writes them: irqs off, need resched, context,
 * preempt depth, migrate-disable depth.
 */
export interface LatencyFlags {
  readonly irqs: 'on' | 'off' | 'unknown'
  readonly bottomHalvesOff: boolean
  readonly needResched: boolean
  readonly needReschedLazy: boolean
  readonly preemptResched: boolean
  readonly context: 'task' | 'softirq' | 'hardirq' | 'hardirq in softirq' | 'nmi' | 'nmi in hardirq'
  readonly preemptDepth: number
  readonly migrateDepth: number
}

/** Decodes `dNh2.` and the like; undefined when it is no such text. */
export function decodeFlags(flags: string): LatencyFlags | undefined {
  const [irq, resched, context, preempt, migrate] = flags
  if (irq === undefined || resched === undefined || context === undefined) return undefined
  if (!'dDbX.'.includes(irq) || !'NnpLBbl.'.includes(resched) || !'ZzHhs.'.includes(context)) {
    return undefined
  }
  const contexts: Record<string, LatencyFlags['context']> = {
    Z: 'nmi in hardirq',
    z: 'nmi',
    H: 'hardirq in softirq',
    h: 'hardirq',
    s: 'softirq',
    '.': 'task'
  }
  return {
    irqs: irq === 'd' || irq === 'D' ? 'off' : irq === 'X' ? 'unknown' : 'on',
    bottomHalvesOff: irq === 'b' || irq === 'D',
    needResched: 'NnBb'.includes(resched),
    needReschedLazy: 'LBbl'.includes(resched),
    preemptResched: 'NpBL'.includes(resched) && resched !== '.',
    context: contexts[context] ?? 'task',
    preemptDepth: depth(preempt),
    migrateDepth: depth(migrate)
  }
}

function depth(char: string | undefined): number {
  if (char === undefined || char === '.') return 0
  const value = Number.parseInt(char, 16)
  return Number.isNaN(value) ? 0 : value
}
