import { plainText } from '../target/sanitize'
import { envOf, RecordKind } from '../trace'
import type { TraceBatch } from '../trace'

/** Which columns there are. */
export interface Layout {
  /** Some monitor has instances with an id. */
  readonly hasId: boolean
  /** The trace event stands in place of its type. */
  readonly isContainer: boolean
}

const TASK = 16
const PID = 8
const CPU = 5
const TYPE = 5
const ID = 8
const NAME = 24

/** The two lines above a trace: the columns' names and a mark below each. */
export function header({ hasId }: Layout): string {
  const mark = ' | '
  const names =
    `${'<TASK>'.padStart(TASK)}-${'PID'.padEnd(PID)} ${'[CPU]'.padStart(CPU)} ${'TYPE'.padStart(TYPE)} ` +
    (hasId ? `${'ID'.padStart(ID)} ` : '') +
    `${'STATE'.padStart(NAME)} x ${'EVENT'.padEnd(NAME)} -> ${'NEXT_STATE'.padEnd(NAME)} FINAL\n`
  const marks =
    `${mark.padStart(TASK)} ${mark.padEnd(PID)} ${mark.padStart(CPU)} ${mark.padStart(TYPE)} ` +
    (hasId ? `${mark.padStart(ID)} ` : '') +
    `${mark.padStart(NAME)}   ${mark.padEnd(NAME)}    ${mark.padEnd(NAME)} |\n`
  return names + marks
}

/**
 * A record in the columns of `rv mon -t`, with its newline; empty for what is no
 * rv event. Records that `rv` does not know stand in the same columns: the env
 * string of a constraint in that of the next state, the sets of an LTL monitor
 * in parentheses.
 */
export function line(batch: TraceBatch, i: number, layout: Layout): string {
  const name = (column: Uint32Array): string => batch.names.names[column[i] ?? 0] ?? ''
  const state = name(batch.state)
  const event = name(batch.event)
  switch (batch.kind[i]) {
    case RecordKind.Event: {
      const next = `${name(batch.next).padEnd(NAME)} ${batch.final[i] === 1 ? 'Y' : 'N'}`
      return `${eventHead(batch, i, layout)}${state.padStart(NAME)} x ${event.padEnd(NAME)} -> ${next}\n`
    }
    case RecordKind.LtlEvent: {
      const sets = [state, event, name(batch.next)].map((set) => `(${set})`)
      const [states = '', atoms = '', next = ''] = sets
      return `${eventHead(batch, i, layout)}${states.padStart(NAME)} x ${atoms.padEnd(NAME)} -> ${next.padEnd(NAME)} -\n`
    }
    case RecordKind.Error:
      return `${errorHead(batch, i, layout, 'error_')}${state.padStart(NAME)} x ${event}\n`
    case RecordKind.ErrorEnv: {
      const env = printable(envOf(batch, i))
      return `${errorHead(batch, i, layout, 'error_env_')}${state.padStart(NAME)} x ${event.padEnd(NAME)}    ${env}\n`
    }
    case RecordKind.LtlError:
      return `${errorHead(batch, i, layout, 'error_')}${'violation detected'.padStart(NAME)}\n`
    case RecordKind.Retries:
      return `${errorHead(batch, i, layout, '')}${'3 retries reached'.padStart(NAME)} x ${event.padEnd(NAME)} -> ${name(batch.monitor)} reset\n`
    default:
      return ''
  }
}

function eventHead(batch: TraceBatch, i: number, layout: Layout): string {
  const comm = printable(batch.names.names[batch.comm[i] ?? 0] ?? '')
  const pid = String(batch.pid[i] ?? 0)
  const type = typeOf(batch, i, layout, 'event_')
  return `${comm.padStart(TASK)}-${pid.padEnd(PID)} [${cpu(batch, i)}] ${type} ${id(batch, i, layout)}`
}

/** Without the task, as `rv` has it. */
function errorHead(batch: TraceBatch, i: number, layout: Layout, prefix: string): string {
  const pid = String(batch.pid[i] ?? 0)
  const type = typeOf(batch, i, layout, prefix)
  return `${pid.padStart(PID)} [${cpu(batch, i)}] ${type} ${id(batch, i, layout)}`
}

function typeOf(batch: TraceBatch, i: number, layout: Layout, prefix: string): string {
  if (!layout.isContainer) return prefix === 'event_' ? 'event' : 'error'
  // The retries of all monitors have one trace event.
  if (prefix === '') return 'rv_retries_error'
  return prefix + (batch.names.names[batch.monitor[i] ?? 0] ?? '')
}

function cpu(batch: TraceBatch, i: number): string {
  return String(batch.cpu[i] ?? 0).padStart(3, '0')
}

/** Blank for a monitor without ids in a container of both kinds. */
function id(batch: TraceBatch, i: number, layout: Layout): string {
  if (!layout.hasId) return ''
  return `${(batch.hasId[i] === 1 ? String(batch.id[i] ?? 0) : '').padStart(ID)} `
}

/** What a target sent, for one line of a terminal. */
export function printable(text: string): string {
  return plainText(text).replace(/[\n\t]/g, ' ')
}
