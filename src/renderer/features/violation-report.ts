import type { MonitorInfo, SimulatorStatus, TargetStatus, Violation } from '../../contract/state'
import { modelOf } from '../graph/model'
import { texts } from '../texts'
import { violationTexts } from '../texts-violations'
import { visible, visibleLine } from '../ui/text'
import { flagWords } from './flags-text'

/** Columns of a report: what mails to kernel lists are wrapped at. */
export const REPORT_COLUMNS = 78

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

/**
 * What the kernel hands to the reactor (include/rv/da_monitor.h, ha_monitor.h and ltl_monitor.h).
 * Undefined for what no reactor is given.
 */
export function messageOf(v: Violation, monitor: string): string | undefined {
  const name = monitor.replace(/^.*:/, '')
  switch (v.kind) {
    case 'error':
      return `rv: monitor ${name} does not allow event ${v.event} on state ${v.state}`
    case 'error_env':
      return `rv: monitor ${name} does not allow event ${v.event} on state ${v.state} with env ${v.env ?? ''}`
    case 'ltl':
      return `rv: ${name}: ${v.label}[${String(v.id)}]: violation detected`
    case 'retries':
      return undefined
  }
}

/** Events that the model has in the state where it happened; undefined: there is no model of an automaton. */
export function allowedIn(v: Violation, monitor: MonitorInfo | undefined): string[] | undefined {
  if (
    monitor?.model === undefined ||
    monitor.model === null ||
    v.kind === 'ltl' ||
    v.kind === 'retries'
  )
    return undefined
  const { automaton } = modelOf(monitor.model, monitor.name)
  const state = automaton?.states.indexOf(v.state) ?? -1
  if (automaton === undefined || state < 0) return undefined
  const events = automaton.transitions.filter(({ from }) => from === state).map((t) => t.event)
  return [...new Set(events)].map((event) => automaton.events[event] ?? '')
}

/** The command line that raises it again; undefined where the target is no simulated kernel. */
export function reproduction(
  simulator: SimulatorStatus | null,
  monitor: MonitorInfo | undefined
): string | undefined {
  if (simulator === null || monitor === undefined) return undefined
  const { cpus, tasks, seed, scenario } = simulator
  const fault = scenario === null ? '' : ` --scenario ${scenario}`
  return `npx rvpanel mon ${monitor.fullName} --cpus ${cpus} --tasks ${tasks} --seed ${seed}${fault}`
}

/** What a report tells besides the violation itself. */
export interface ReportFacts {
  /** Violations of this cause so far, and when the first was. */
  readonly count: number
  readonly first: Violation | undefined
  readonly monitor: MonitorInfo | undefined
  readonly target: TargetStatus
  readonly simulator: SimulatorStatus | null
  /** Events that were lost anywhere since the connection; null: nobody can say. */
  readonly lost: number | null
}

/** Seconds with the µs that a trace has. */
function time(sec: number, nsec: number): string {
  return `${sec}.${String(Math.floor(nsec / 1000)).padStart(6, '0')}`
}

/** A violation as plain text that fits into a mail to a kernel list. */
export function reportOf(v: Violation, facts: ReportFacts): string {
  const { count, first, monitor, target, simulator, lost } = facts
  const t = violationTexts.report
  const name = monitor?.fullName ?? ''
  const message = messageOf(v, name)
  const kind = texts.tree.typesLong[monitor?.type ?? 'unknown']
  const allowed = allowedIn(v, monitor)
  // Of an old one the line is kept, and no more.
  const isOutline = v.text === ''
  const lines = [
    ...wrapped(`${name}: ${visibleLine(sentenceOf(v))}`, ''),
    '',
    ...field(t.monitor, `${name} (${kind}) ${visibleLine(monitor?.description ?? '')}`.trim()),
    ...field(t.kernel, `${visibleLine(target.release)}, ${target.cpus} CPUs`),
    ...field(t.instance, visibleLine(instanceOf(v))),
    ...field(t.time, `${time(v.sec, v.nsec)} s`),
    ...field(
      t.seen,
      count > 1 && first !== undefined
        ? t.times(count, time(first.sec, first.nsec))
        : t.times(count, undefined)
    ),
    ...field(
      t.context,
      `CPU ${v.cpu}, ${visibleLine(v.comm)}-${v.pid}` +
        (isOutline ? '' : `, ${v.flags} (${ascii(flagWords(v.flags).join(', '))})`)
    ),
    ...(allowed === undefined
      ? []
      : field(t.allowed, allowed.map(visibleLine).join(', ') || violationTexts.nothingAllowed)),
    ...(isOutline
      ? []
      : field(
          t.reaction,
          ascii(violationTexts.reactionOf(v.reaction)) +
            (v.reaction.without === null && v.reaction.reactor !== 'nop' && message !== undefined
              ? ` ${visibleLine(message)}`
              : '')
        )),
    ...field(t.lost, lost === null ? t.lostUnknown : String(lost)),
    ...(isOutline ? [] : ['', t.words, ...wrapped(visibleLine(v.text).trim(), '  ')])
  ]
  if (v.path.length > 0) {
    lines.push('', t.path)
    for (const s of v.path) {
      const step = `${s.from} x ${s.event} -> ${s.to}`
      lines.push(...wrapped(visibleLine(`${stamp(s)} ${step}`), '  '))
    }
    const end = v.kind === 'ltl' ? texts.violations.ltl : `${v.state} x ${v.event} -> ${t.none}`
    lines.push(...wrapped(visibleLine(`${stamp(v)} ${end}`), '  '))
  }
  if (v.context.length > 0) {
    lines.push('', t.around(v.cpu))
    for (const c of v.context) {
      const line = `${stamp(c)} ${c.comm}-${c.pid} ${c.flags} ${visible(c.text)}`
      lines.push(...wrapped(visibleLine(line), c.here ? '> ' : '  '))
    }
  }
  if (v.stack.length > 0) {
    lines.push('', t.stack, ...v.stack.flatMap((entry) => wrapped(visibleLine(entry), '  ')))
  }
  const again = reproduction(simulator, monitor)
  if (again !== undefined) lines.push('', t.again, ...wrapped(again, '  ', ' \\'))
  return `${lines.join('\n')}\n`
}

/** Time and CPU as a trace has them. */
function stamp(line: { sec: number; nsec: number; cpu: number }): string {
  return `[${String(line.cpu).padStart(3, '0')}] ${time(line.sec, line.nsec)}:`
}

/** Columns of a field's name. */
const NAME_COLUMNS = 12

function field(name: string, value: string): string[] {
  const [first = '', ...rest] = wrapped(value, ' '.repeat(NAME_COLUMNS))
  return [`${`${name}:`.padEnd(NAME_COLUMNS)}${first.trimStart()}`, ...rest]
}

/** Lines of at most REPORT_COLUMNS: the first behind `indent`, the others four columns further. */
function wrapped(text: string, indent: string, end = ''): string[] {
  const lines: string[] = []
  let line = indent
  let isEmpty = true
  const deeper =
    indent.trim() === '' && indent.length >= NAME_COLUMNS
      ? indent
      : `${' '.repeat(indent.length)}    `
  const room = REPORT_COLUMNS - deeper.length - end.length
  for (const word of text.split(/ +/).flatMap((one) => pieces(one, room))) {
    if (!isEmpty && line.length + 1 + word.length + end.length > REPORT_COLUMNS) {
      lines.push(line + end)
      line = deeper
      isEmpty = true
    }
    line += isEmpty ? word : ` ${word}`
    isEmpty = false
  }
  lines.push(line)
  return lines
}

/** A word in pieces that fit into a line. */
function pieces(word: string, room: number): string[] {
  const out: string[] = []
  let rest = word
  for (; rest.length > room; rest = rest.slice(room)) out.push(rest.slice(0, room))
  return [...out, rest]
}

/** The panel's own words with the characters that any mail program shows. */
function ascii(text: string): string {
  return text.replaceAll('’', "'").replaceAll('×', 'x')
}
