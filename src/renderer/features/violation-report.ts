import type { MonitorInfo, TargetStatus, Violation } from '../../contract/state'
import { texts } from '../texts'
import { visible, visibleLine } from '../ui/text'
import { flagWords } from './flags-text'

/** What happened, in one line. */
export function sentenceOf(v: Violation): string {
  const t = texts.violations
  switch (v.kind) {
    case 'ltl':
      return t.ltl
    case 'retries':
      return t.retries
    case 'error':
      return `${v.event} ${t.notExpected} ${v.state}`
    case 'error_env':
      return v.event === 'none'
        ? `${t.timeout} ${v.state} ${t.env} ${v.env ?? ''}`
        : `${v.event} ${t.notExpected} ${v.state} ${t.env} ${v.env ?? ''}`
  }
}

/** The instance that violated: `CPU 2`, `cyclictest 2231`. */
export function instanceOf(v: Violation): string {
  if (v.id === null) return texts.monitor.cpu(v.cpu)
  return v.label === '' ? String(v.id) : `${v.label} ${v.id}`
}

function time(sec: number, nsec: number): string {
  return `${sec}.${String(nsec).padStart(9, '0')}`
}

/** A violation as plain text that fits into a mail to a kernel list. */
export function reportOf(
  v: Violation,
  count: number,
  monitor: MonitorInfo | undefined,
  target: TargetStatus
): string {
  const t = texts.violations
  const lines = [
    visibleLine(v.text),
    '',
    `monitor:   ${monitor?.fullName ?? ''}`,
    `kernel:    ${visibleLine(target.release)}`,
    `time:      ${time(v.sec, v.nsec)}`,
    `instance:  ${visibleLine(instanceOf(v))}`,
    `violation: ${visibleLine(sentenceOf(v))} (${count} so far)`,
    `context:   CPU ${v.cpu}, ${visibleLine(v.comm)}-${v.pid}, ${v.flags} (${flagWords(v.flags).join(', ')})`
  ]
  if (v.path.length > 0) {
    lines.push('', `${t.path}:`)
    for (const s of v.path) {
      lines.push(
        `  [${String(s.cpu).padStart(3, '0')}] ${time(s.sec, s.nsec)}: ` +
          visibleLine(`${s.from} x ${s.event} -> ${s.to}`)
      )
    }
  }
  if (v.context.length > 0) {
    lines.push('', `${t.around}:`)
    for (const c of v.context) {
      lines.push(
        `${c.here ? '>' : ' '} ${visibleLine(c.comm).padStart(16)}-${String(c.pid).padEnd(7)} ` +
          `[${String(c.cpu).padStart(3, '0')}] ${c.flags} ${time(c.sec, c.nsec)}: ${visible(c.text)}`
      )
    }
  }
  return `${lines.join('\n')}\n`
}
