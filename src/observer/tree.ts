import type { MonitorType } from '../model/instrumentation'
import { isPlainName } from './text'

/** What kind of formalism a monitor runs, as far as its trace events tell. */
export type MonitorClass = 'da' | 'ha' | 'ltl' | 'container' | 'unknown'

/** The trace events that a monitor has, by their names in `events/rv/`. */
export interface MonitorEvents {
  readonly event: string | undefined
  readonly error: string | undefined
  /** Hybrid automata only; kernels before 6.19 have none. */
  readonly errorEnv: string | undefined
}

/** One monitor as the target lists it. */
export interface RvMonitor {
  /** Name without container. */
  readonly name: string
  /** `container:name`, or the name. */
  readonly fullName: string
  readonly parent: string | undefined
  /** Folder relative to the tracefs root: `rv/monitors/sched/sco`. */
  readonly path: string
  readonly class: MonitorClass
  readonly type: MonitorType | 'unknown'
  readonly description: string
  readonly enabled: boolean
  /** The reactor in brackets; undefined where the kernel has no reactors. */
  readonly reactor: string | undefined
  readonly events: MonitorEvents
  /** The trace events carry an id: instances are tasks or objects. */
  readonly hasId: boolean
}

/** The rv/ tree of a target. */
export interface RvTree {
  /** In the order of available_monitors. */
  readonly monitors: readonly RvMonitor[]
  readonly monitoringOn: boolean
  /** Undefined where the kernel has no reactors. */
  readonly reactingOn: boolean | undefined
  /** In the order of available_reactors; undefined where the kernel has none. */
  readonly reactors: readonly string[] | undefined
  /** Names that the target listed and that are not names; never used. */
  readonly refused: readonly string[]
}

/** A line of available_monitors or enabled_monitors, split. */
export interface ListedMonitor {
  readonly name: string
  readonly fullName: string
  readonly parent: string | undefined
  readonly path: string
}

/** Parses available_monitors and enabled_monitors: `name` or `container:name`, one per line. */
export function parseMonitorList(text: string): {
  readonly monitors: readonly ListedMonitor[]
  readonly refused: readonly string[]
} {
  const monitors: ListedMonitor[] = []
  const refused: string[] = []
  const seen = new Set<string>()
  for (const line of text.split('\n')) {
    if (line === '' || seen.has(line)) continue
    const parts = line.split(':')
    const [first, second] = parts
    if (first === undefined || parts.length > 2 || !parts.every(isPlainName) || line.length > 80) {
      refused.push(line)
      continue
    }
    seen.add(line)
    monitors.push({
      name: second ?? first,
      fullName: line,
      parent: second === undefined ? undefined : first,
      path: second === undefined ? `rv/monitors/${first}` : `rv/monitors/${first}/${second}`
    })
  }
  return { monitors, refused }
}

/** Parses a `reactors` file: one name per line, the current one in brackets. */
export function parseReactors(text: string): {
  readonly names: readonly string[]
  readonly current: string | undefined
} {
  const names: string[] = []
  let current: string | undefined
  for (const raw of text.split('\n')) {
    const line = raw.trim()
    const bracketed = /^\[(.*)\]$/.exec(line)
    const name = bracketed?.[1] ?? line
    if (!isPlainName(name)) continue
    names.push(name)
    if (bracketed !== null) current = name
  }
  return { names, current }
}

/** `1` or `0` of enable, monitoring_on, reacting_on. */
export function parseSwitch(text: string): boolean {
  return text.trim() === '1'
}

/** Names of the fields of a trace event, from its format file; the common_ ones are left out. */
export function parseFormatFields(text: string): readonly string[] {
  const fields: string[] = []
  for (const match of text.matchAll(/^\s*field:[^;\n]*?([A-Za-z0-9_]+)(?:\[[^\];]*\])?;/gm)) {
    const name = match[1]
    if (name !== undefined && !name.startsWith('common_')) fields.push(name)
  }
  return fields
}

/** What the fields of `event_<monitor>` and the presence of `error_env_<monitor>` say (include/trace/events/rv.h). */
export function classOf(
  fields: readonly string[],
  hasErrorEnv: boolean
): { readonly class: MonitorClass; readonly hasId: boolean } {
  if (fields.includes('states') && fields.includes('atoms')) return { class: 'ltl', hasId: true }
  if (fields.includes('state') && fields.includes('event')) {
    return { class: hasErrorEnv ? 'ha' : 'da', hasId: fields.includes('id') }
  }
  return { class: 'unknown', hasId: fields.includes('id') }
}
