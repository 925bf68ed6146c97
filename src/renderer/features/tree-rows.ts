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
  /** States and events of the monitor that the search found. */
  readonly hits: readonly Hit[]
}

/** A state or an event that a search found. */
export interface Hit {
  readonly kind: 'state' | 'event'
  readonly name: string
}

/** Names of states and events of a monitor, by its index. */
export type NamesOf = (index: number) => {
  readonly states: readonly string[]
  readonly events: readonly string[]
}

/** Hits that stand under a row. */
const MOST_HITS = 4
const NO_NAMES: NamesOf = () => ({ states: [], events: [] })

/** Monitors in the target's order, children under their container, folded ones and those that do not match left out. */
export function treeRows(
  monitors: readonly MonitorInfo[],
  folded: ReadonlySet<string>,
  search: string,
  namesOf: NamesOf = NO_NAMES
): TreeRow[] {
  const wanted = search.trim().toLowerCase()
  const hits = monitors.map((_, index) => hitsOf(wanted, namesOf(index)))
  const hit = (m: MonitorInfo): boolean =>
    m.fullName.toLowerCase().includes(wanted) ||
    m.description.toLowerCase().includes(wanted) ||
    (hits[monitors.indexOf(m)]?.length ?? 0) > 0
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
    rows.push({
      monitor,
      index,
      depth: 0,
      container,
      children: children.length,
      open,
      hits: hits[index] ?? []
    })
    if (!open) return
    for (const child of shown) {
      const at = monitors.indexOf(child)
      rows.push({
        monitor: child,
        index: at,
        depth: 1,
        container: false,
        children: 0,
        open: false,
        hits: hits[at] ?? []
      })
    }
  })
  return rows
}

/** States and events whose names have the words in them; none for one letter, which nearly all have. */
function hitsOf(wanted: string, { states, events }: ReturnType<NamesOf>): Hit[] {
  if (wanted.length < 2) return []
  const found = (kind: Hit['kind'], names: readonly string[]): Hit[] =>
    names.filter((name) => name.toLowerCase().includes(wanted)).map((name) => ({ kind, name }))
  return [...found('state', states), ...found('event', events)].slice(0, MOST_HITS)
}
