import type { MonitorType } from '../model/instrumentation'
import { TracefsError, type TracefsPort } from '../target/port'
import { fileText, isMissing } from './text'
import {
  classOf,
  parseFormatFields,
  parseMonitorList,
  parseReactors,
  parseSwitch,
  type ListedMonitor,
  type RvMonitor,
  type RvTree
} from './tree'

/** What the panel knows of a monitor beside what the target says. */
export type KnownType = (name: string) => MonitorType | undefined

async function optionalText(port: TracefsPort, path: string): Promise<string | undefined> {
  try {
    return fileText(await port.read(path))
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}

async function optionalNames(port: TracefsPort, path: string): Promise<ReadonlySet<string>> {
  try {
    return new Set((await port.list(path)).map((entry) => entry.name))
  } catch {
    // Without the events the tree is still there to be shown and switched.
    return new Set()
  }
}

function noRv(port: TracefsPort, error: unknown): unknown {
  if (!(error instanceof TracefsError)) return error
  if (isMissing(error)) {
    return new TracefsError(
      'ENOENT',
      'rv/available_monitors',
      `${port.info.name} has no Runtime Verification: ${port.info.tracefs}/rv is missing, so its kernel was built without CONFIG_RV or tracefs is not mounted there.`
    )
  }
  if (error.code === 'EACCES' || error.code === 'EPERM') {
    return new TracefsError(
      error.code,
      'rv/available_monitors',
      `${port.info.tracefs}/rv of ${port.info.name} is only for root: connect as root or through sudo.`
    )
  }
  return error
}

function typeOf(
  name: string,
  hasId: boolean,
  monitorClass: RvMonitor['class'],
  known: KnownType
): RvMonitor['type'] {
  if (monitorClass === 'container') return 'unknown'
  if (monitorClass === 'ltl') return 'per_task'
  const type = known(name)
  const fits = type === 'per_task' || type === 'per_obj' ? hasId : !hasId
  // Nothing else tells: the events of tasks and of objects have the same fields, those of CPUs and of
  // a global monitor too.
  return type !== undefined && (fits || monitorClass === 'unknown') ? type : 'unknown'
}

async function readMonitor(
  port: TracefsPort,
  listed: ListedMonitor,
  isContainer: boolean,
  events: ReadonlySet<string>,
  known: KnownType
): Promise<RvMonitor> {
  const named = (prefix: string): string | undefined =>
    events.has(`${prefix}_${listed.name}`) ? `${prefix}_${listed.name}` : undefined
  const own = { event: named('event'), error: named('error'), errorEnv: named('error_env') }
  const [description, enable, reactors, format] = await Promise.all([
    optionalText(port, `${listed.path}/desc`),
    optionalText(port, `${listed.path}/enable`),
    optionalText(port, `${listed.path}/reactors`),
    own.event === undefined ? undefined : optionalText(port, `events/rv/${own.event}/format`)
  ])
  const shape = classOf(parseFormatFields(format ?? ''), own.errorEnv !== undefined)
  const monitorClass = isContainer ? 'container' : shape.class
  return {
    ...listed,
    class: monitorClass,
    type: typeOf(listed.name, shape.hasId, monitorClass, known),
    description: (description ?? '').slice(0, 1000),
    enabled: parseSwitch(enable ?? ''),
    reactor: reactors === undefined ? undefined : parseReactors(reactors).current,
    events: own,
    hasId: shape.hasId
  }
}

/** Reads the whole rv/ tree, whatever of it the kernel has. Rejects with one sentence where there is no rv/. */
export async function readTree(port: TracefsPort, known: KnownType): Promise<RvTree> {
  let available: string
  try {
    available = fileText(await port.read('rv/available_monitors'))
  } catch (error) {
    throw noRv(port, error)
  }
  const { monitors: listed, refused } = parseMonitorList(available)
  const parents = new Set(listed.map((monitor) => monitor.parent))
  const [events, monitoringOn, reactingOn, reactors] = await Promise.all([
    optionalNames(port, 'events/rv'),
    optionalText(port, 'rv/monitoring_on'),
    optionalText(port, 'rv/reacting_on'),
    optionalText(port, 'rv/available_reactors')
  ])
  const monitors = await Promise.all(
    listed.map((monitor) => readMonitor(port, monitor, parents.has(monitor.name), events, known))
  )
  return {
    monitors,
    monitoringOn: parseSwitch(monitoringOn ?? '1'),
    reactingOn: reactingOn === undefined ? undefined : parseSwitch(reactingOn),
    reactors: reactors === undefined ? undefined : parseReactors(reactors).names,
    refused
  }
}

/** What changes by itself or by others' hands, read once a second. */
export interface RvPulse {
  readonly available: readonly string[]
  readonly enabled: ReadonlySet<string>
  readonly monitoringOn: boolean
  readonly reactingOn: boolean | undefined
}

/** Reads the lists and switches in four reads, however many monitors there are. */
export async function readPulse(port: TracefsPort): Promise<RvPulse> {
  const [available, enabled, monitoringOn, reactingOn] = await Promise.all([
    port.read('rv/available_monitors'),
    port.read('rv/enabled_monitors'),
    optionalText(port, 'rv/monitoring_on'),
    optionalText(port, 'rv/reacting_on')
  ])
  return {
    available: parseMonitorList(fileText(available)).monitors.map((monitor) => monitor.fullName),
    enabled: new Set(parseMonitorList(fileText(enabled)).monitors.map((m) => m.fullName)),
    monitoringOn: parseSwitch(monitoringOn ?? '1'),
    reactingOn: reactingOn === undefined ? undefined : parseSwitch(reactingOn)
  }
}
