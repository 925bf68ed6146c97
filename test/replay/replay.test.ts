import { describe, expect, it } from 'vitest'
import { AGREEMENT } from './expected'
import { compare, gapsOf, type Compared, type Gap, type Raw } from './recording'

/** Why the kernel and the engine may disagree about a recording. */
type Reason =
  /** The kernel's monitor was not on yet, or not any more, while the tracepoints were recorded. */
  | 'monitor off'
  /**
   * The kernel had not started the instance: its start rule wants a prev_state of exactly
   * TASK_INTERRUPTIBLE, and a record shows `S` also where TASK_FREEZABLE stands beside it.
   */
  | 'prev_state S'
  /**
   * An interrupt came between the two handlers of a preempt_* tracepoint, that of the trace
   * event and that of the monitor: what happened in it stands behind the record, and came
   * before the monitor heard of it.
   */
  | 'between two handlers'

interface Account {
  readonly kernelEvents: number
  /** Verdicts on which both agree, in order, instance by instance. */
  readonly same: number
  /** Verdicts that only one has, by reason: [only the kernel, only the engine]. */
  readonly reasons: Readonly<Partial<Record<Reason, readonly [number, number]>>>
  readonly unexplained: readonly Gap[]
}

const monitorOf = (instance: string): string => instance.split(' ')[0] ?? ''

/** Compares what both say about some monitors, and accounts for each difference. */
function account({ kernel, derived, raw }: Compared, monitors: readonly string[]): Account {
  const reasons = new Map<Reason, [number, number]>()
  const unexplained: Gap[] = []
  let [same, kernelEvents] = [0, 0]
  const count = (reason: Reason, onlyKernel: number, onlyEngine: number): void => {
    const [a, b] = reasons.get(reason) ?? [0, 0]
    reasons.set(reason, [a + onlyKernel, b + onlyEngine])
  }
  const keys = new Set([...kernel.keys(), ...derived.keys()])
  const records = (monitor: string): number[] =>
    [...kernel].flatMap(([key, verdicts]) =>
      monitorOf(key) === monitor ? verdicts.map(({ record }) => record) : []
    )
  for (const monitor of monitors) {
    const on = records(monitor).reduce<readonly [number, number]>(
      ([first, last], record) => [Math.min(first, record), Math.max(last, record)] as const,
      [Infinity, -Infinity]
    )
    for (const key of keys) {
      if (monitorOf(key) !== monitor) continue
      const ours = derived.get(key) ?? []
      const watched = ours.filter(({ record }) => record >= on[0] - 1 && record <= on[1])
      if (watched.length < ours.length) count('monitor off', 0, ours.length - watched.length)
      const theirs = kernel.get(key) ?? []
      kernelEvents += theirs.length
      const result = gapsOf(key, theirs, watched)
      same += result.same
      for (const gap of result.gaps) {
        const reason = reasonOf(gap, raw, on[0])
        if (reason === undefined) unexplained.push(gap)
        else count(reason, gap.kernel.length, gap.derived.length)
      }
    }
  }
  return { kernelEvents, same, reasons: Object.fromEntries(reasons), unexplained }
}

/** @param begin record of the first line of the kernel's monitor */
function reasonOf(gap: Gap, raw: readonly Raw[], begin: number): Reason | undefined {
  const [monitor, id = ''] = gap.instance.split(' ')
  const [first, last] = [gap.derived[0], gap.derived.at(-1)]
  if (monitor !== 'wip' && gap.after < 0 && gap.kernel.length === 0 && first && last) {
    const out = raw.filter(
      ({ event, text }) => event === 'sched_switch' && text.includes(` prev_pid=${id} `)
    )
    // The kernel heard of these, and none of them was a start to it.
    const ignored = out.filter(({ record }) => record > begin && record <= last.record)
    if (ignored.some(({ text }) => text.includes(' prev_state=S '))) {
      return monitor === 'wwnr' ? 'prev_state S' : undefined
    }
    return out.some(({ record }) => record < begin) ? 'monitor off' : undefined
  }
  if (monitor === 'wip') {
    const cpu = Number(id.replace('cpu', ''))
    const here = raw.filter((one) => one.cpu === cpu)
    const interrupted = here.some(
      ({ record, event }, i) =>
        event.startsWith('preempt_') &&
        record >= gap.after - 2 &&
        record <= gap.before &&
        inInterrupt(here[i + 1])
    )
    return interrupted ? 'between two handlers' : undefined
  }
  return undefined
}

const inInterrupt = (raw: Raw | undefined): boolean => /^..[hsHzZ]/.test(raw?.flags ?? '')

describe('the engine, fed with what a kernel recorded', () => {
  it('says of wip what the kernel said', async () => {
    const compared = await compare('wip-with-preemptirq')
    expect(compared.malformed).toBe(0)
    const found = account(compared, ['wip'])
    expect(found.unexplained).toEqual([])
    const [onlyKernel] = found.reasons['between two handlers'] ?? [0]
    expect(found.same + onlyKernel).toBe(found.kernelEvents)
    expect(found).toMatchObject({
      ...AGREEMENT.wip,
      reasons: { 'monitor off': [0, 208], 'between two handlers': [16, 14] }
    })
  })

  it('says of wwnr and stall what the kernel said', async () => {
    const compared = await compare('wwnr-stall-with-sched')
    expect(compared.malformed).toBe(0)
    const wwnr = account(compared, ['wwnr'])
    expect(wwnr).toMatchObject({ ...AGREEMENT.wwnr, unexplained: [] })
    expect(wwnr.reasons).toEqual({ 'monitor off': [0, 93], 'prev_state S': [0, 286] })
    const stall = account(compared, ['stall'])
    expect(stall).toMatchObject({ ...AGREEMENT.stall, unexplained: [] })
    expect(stall.reasons).toEqual({ 'monitor off': [0, 136] })
  })
})
