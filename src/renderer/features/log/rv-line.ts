import type { Violation } from '../../../contract/state'

/** What a line of the kernel log says of a monitor. */
export interface RvLine {
  /** Name without container; empty: the line names none. */
  readonly monitor: string
  readonly state: string
  readonly event: string
  /** pid that the line names; null: none. */
  readonly pid: number | null
}

// The texts are those of include/rv/da_monitor.h, ha_monitor.h and ltl_monitor.h.
const REFUSED =
  /^rv: monitor (\S+) does not allow event (\S+) on state (\S+?)(?: with env .*)?\n?$/u
const LTL = /^rv: (\S+): .*\[(-?\d+)\]: violation detected\n?$/su
const RETRIES = /^rv: \d+ retries reached for event (\S+), resetting monitor (\S+?)\n?$/u

/** Takes a line of the kernel log apart; null: it is not from RV. */
export function rvLine(text: string): RvLine | null {
  // A panic begins with words of its own.
  const own = text.replace(/^Kernel panic - not syncing: /u, '')
  const refused = REFUSED.exec(own)
  if (refused) {
    const [, monitor = '', event = '', state = ''] = refused
    return { monitor, state, event, pid: null }
  }
  const ltl = LTL.exec(own)
  if (ltl) return { monitor: ltl[1] ?? '', state: '', event: '', pid: Number(ltl[2]) }
  const retries = RETRIES.exec(own)
  if (retries) return { monitor: retries[2] ?? '', state: '', event: retries[1] ?? '', pid: null }
  return own.startsWith('rv: ') ? { monitor: '', state: '', event: '', pid: null } : null
}

/**
 * Two clocks tell the time of a violation and of its line (trace clock and printk's), and the text is
 * printed after the violation was traced: they are this close, ns.
 */
const APART_NS = 50e6

/** The violation that a line of the kernel log is about: the closest one that says the same; null: none is known. */
export function violationOfLine(
  line: { readonly sec: number; readonly usec: number; readonly text: string },
  violations: Iterable<Violation>,
  monitorName: (monitor: number) => string
): Violation | null {
  const said = rvLine(line.text)
  if (!said || said.monitor === '') return null
  const time = line.sec * 1e9 + line.usec * 1e3
  let best: Violation | null = null
  let least = APART_NS
  for (const one of violations) {
    if (monitorName(one.monitor) !== said.monitor) continue
    if (said.event !== '' && said.event !== one.event) continue
    if (said.state !== '' && said.state !== one.state) continue
    if (said.pid !== null && said.pid !== one.id) continue
    const apart = Math.abs(one.sec * 1e9 + one.nsec - time)
    if (apart <= least) {
      best = one
      least = apart
    }
  }
  return best
}
