import type { MonitorInfo } from '../../contract/state'

/** One line of the monitor tree. */
export interface TreeRow {
  readonly monitor: MonitorInfo
  /** Index in all lists. */
  readonly index: number
  readonly depth: 0 | 1
  readonly container: boolean
  /** Children, shown or not. */
  readonly children: number
  readonly open: boolean
}

/** Monitors in the target's order, children under their container, folded ones and those that do not match left out. */
export function treeRows(
  monitors: readonly MonitorInfo[],
  folded: ReadonlySet<string>,
  search: string
): TreeRow[] {
  const wanted = search.trim().toLowerCase()
  const hit = (m: MonitorInfo): boolean =>
    m.fullName.toLowerCase().includes(wanted) || m.description.toLowerCase().includes(wanted)
  const rows: TreeRow[] = []
  const names = new Set(monitors.map((m) => m.fullName))
  monitors.forEach((monitor, index) => {
    // A child whose container is not listed stands on its own.
    if (monitor.parent !== null && names.has(monitor.parent)) return
    const children = monitors.filter((m) => m.parent === monitor.fullName)
    const shown = wanted === '' || hit(monitor) ? children : children.filter(hit)
    if (wanted !== '' && !hit(monitor) && shown.length === 0) return
    const container = monitor.class === 'container' || children.length > 0
    const open = container && (wanted !== '' || !folded.has(monitor.fullName))
    rows.push({ monitor, index, depth: 0, container, children: children.length, open })
    if (!open) return
    for (const child of shown) {
      rows.push({
        monitor: child,
        index: monitors.indexOf(child),
        depth: 1,
        container: false,
        children: 0,
        open: false
      })
    }
  })
  return rows
}
