import type { RecordedFacts } from './format'

/** The tree that a kernel with these facts has, as far as the RV client reads it: text by path. */
export function treeOf(facts: RecordedFacts): ReadonlyMap<string, string> {
  const { monitors, switches } = facts
  const { reactors } = switches
  const files = new Map<string, string>()
  const lines = (list: readonly string[]): string => list.map((one) => `${one}\n`).join('')
  files.set('rv/available_monitors', lines(monitors.map((one) => one.name)))
  const enabled = monitors.filter((one) => one.enabled)
  files.set('rv/enabled_monitors', lines(enabled.map((one) => one.name)))
  files.set('rv/monitoring_on', digit(switches.monitoringOn))
  if (switches.reactingOn !== null) files.set('rv/reacting_on', digit(switches.reactingOn))
  if (reactors !== null) files.set('rv/available_reactors', lines(reactors))
  for (const monitor of monitors) {
    const base = monitor.name.slice(monitor.name.indexOf(':') + 1)
    const path = `rv/monitors/${monitor.name.replace(':', '/')}`
    files.set(`${path}/enable`, digit(monitor.enabled))
    files.set(`${path}/desc`, `${monitor.description}\n`)
    if (monitor.reactor !== null) {
      const names = reactors ?? [monitor.reactor]
      files.set(`${path}/reactors`, lines(names.map((r) => (r === monitor.reactor ? `[${r}]` : r))))
    }
    if (monitor.class === 'container' || monitor.class === 'unknown') continue
    const fields = monitor.class === 'ltl' ? ['states', 'atoms', 'next'] : FIELDS
    files.set(
      `events/rv/event_${base}/format`,
      [...(monitor.hasId || monitor.class === 'ltl' ? ['id'] : []), ...fields]
        .map((field) => `\tfield:char ${field}[32];\toffset:8;\tsize:32;\tsigned:0;\n`)
        .join('')
    )
    files.set(`events/rv/error_${base}/format`, '')
    if (monitor.class === 'ha') files.set(`events/rv/error_env_${base}/format`, '')
  }
  return files
}

const FIELDS = ['state', 'event', 'next_state', 'final_state']
const digit = (on: boolean): string => (on ? '1\n' : '0\n')
