import type { LogLine } from '../../../contract/state'
import type { ViolationRows } from '../../stores/violation-rows'
import { nearestViolation } from '../violations/nearest'

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
 * Two clocks tell the time of a violation and of its line (the trace clock and printk's), and the text
 * is printed after the violation was traced: they are this close, ns.
 */
const APART_NS = 50e6

/** Whether a line tells of a violation, rather than of something else of RV. */
export function tellsViolation(text: string): boolean {
  return (rvLine(text)?.monitor ?? '') !== ''
}

/** The violation that a line of the kernel log is about: the closest one that says the same. */
export function violationOfLine(
  line: Pick<LogLine, 'sec' | 'usec' | 'text'>,
  rows: ViolationRows,
  monitorName: (monitor: number) => string | undefined
): number | undefined {
  const said = rvLine(line.text)
  if (!said || said.monitor === '') return undefined
  return nearestViolation(rows, line.sec * 1e9 + line.usec * 1e3, APART_NS, (seq) => {
    const isSame = (text: string, other: string): boolean => text === '' || text === other
    return (
      monitorName(rows.monitor(seq)) === said.monitor &&
      isSame(said.event, rows.event(seq)) &&
      isSame(said.state, rows.state(seq)) &&
      (said.pid === null || said.pid === rows.id(seq))
    )
  })
}
