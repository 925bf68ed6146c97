import type { EventRow } from '../../stores/panel'
import { visible, visibleLine } from '../../ui/text'

/** An event in the form that `trace` has (kernel/trace/trace_output.c), with the ns that the panel knows. */
export function eventLine(row: EventRow): string {
  const who = `${visibleLine(row.comm)}-${String(row.pid)}`.padStart(23)
  const cpu = `[${String(row.cpu).padStart(3, '0')}]`
  const time = `${String(row.sec)}.${String(row.nsec).padStart(9, '0')}`
  return `${who} ${cpu} ${visibleLine(row.flags)} ${time}: ${visible(row.text)}`
}
