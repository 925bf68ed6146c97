import { titleOf, type Command } from '../stores/commands'
import type { Panel } from '../stores/panel'
import { keyTexts } from '../texts-keys'
import { integer, visibleLine } from '../ui/text'
import { fit } from './fuzzy'

const t = keyTexts.palette

/** A line of the palette. */
export interface Entry {
  /** Stable, so that it can be remembered. */
  readonly id: string
  /** Heading that it stands under. */
  readonly group: string
  readonly title: string
  /** Further words by which it is found. */
  readonly words: string
  readonly keys: readonly string[]
  /** Undefined: possible; otherwise why it is not, possibly empty. */
  readonly refused: string | undefined
  /** Something beside the title, such as how many instances are in a state. */
  readonly note: string
  readonly run: () => unknown
}

/** An entry that fits, and which characters of its title made it fit. */
export interface Found {
  readonly entry: Entry
  readonly at: readonly number[]
}

/** Instances of each monitor that the palette looks at. */
export const MOST_INSTANCES = 20_000
/** Lines that the palette shows. */
export const MOST_SHOWN = 60

export function commandEntry(command: Command): Entry {
  return {
    id: command.id,
    group: keyTexts.groups[command.group],
    title: titleOf(command),
    words: command.words ?? '',
    keys: command.keys ?? [],
    refused: command.enabled?.() === false ? (command.why?.() ?? '') : undefined,
    note: '',
    run: command.run
  }
}

const plain = { words: '', keys: [], refused: undefined, note: '' } as const

/** What can be done with the monitors, and with the states of the shown one. */
export function monitorEntries(panel: Panel): Entry[] {
  const connected = panel.target.value.phase === 'connected'
  const group = keyTexts.groups.monitors
  const out: Entry[] = []
  for (const monitor of panel.monitors.value) {
    const name = monitor.fullName
    const shown = visibleLine(name)
    out.push(
      {
        ...plain,
        id: `go:${name}`,
        group,
        title: t.goTo(shown),
        words: visibleLine(monitor.description),
        run: () => {
          panel.select(name)
        }
      },
      {
        ...plain,
        id: `enable:${name}`,
        group,
        // The shown monitor's has a key.
        keys:
          name === panel.selected.value ? (panel.commands.get('monitors.toggle')?.keys ?? []) : [],
        title: monitor.enabled ? t.disable(shown) : t.enable(shown),
        refused: connected ? undefined : t.notConnected,
        run: () => {
          panel.select(name)
          void panel.ask({ op: 'enable', monitor: name, on: !monitor.enabled }, name)
        }
      }
    )
  }
  return [...out, ...stateEntries(panel)]
}

function stateEntries(panel: Panel): Entry[] {
  const index = panel.indexOf(panel.selected.value)
  const name = panel.monitors.value[index]?.fullName
  const live = panel.shownOf(index)
  if (name === undefined || !live) return []
  return live.states.map((state, i) => ({
    ...plain,
    id: `state:${name}:${state}`,
    group: t.kinds.states,
    title: t.state(visibleLine(state), visibleLine(name)),
    note: t.inState(integer(live.perState[i + 1] ?? 0)),
    run: () => {
      panel.select(name)
      panel.tab.value = 'automaton'
    }
  }))
}

/** The faults that the simulated kernel can be booted with. */
export function scenarioEntries(panel: Panel): Entry[] {
  return panel.scenarios.value.map((scenario) => ({
    ...plain,
    id: `scenario:${scenario.name}`,
    group: t.kinds.scenarios,
    title: t.boot(visibleLine(scenario.title)),
    words: `${scenario.name} ${scenario.monitor}`,
    run: () => panel.runScenario(scenario.name)
  }))
}

/**
 * Instances whose label or number has the query in it; nothing for less than two characters.
 * `cut`: there were more instances than are looked at.
 */
export function instanceEntries(panel: Panel, query: string): { entries: Entry[]; cut: boolean } {
  const entries: Entry[] = []
  let cut = false
  const wanted = query.trim().toLowerCase()
  if (wanted.length < 2) return { entries, cut }
  panel.monitors.value.forEach((monitor, index) => {
    const rows = panel.shownOf(index)?.rows
    if (!monitor.enabled || !rows || monitor.type === 'global') return
    const end = Math.min(rows.size, MOST_INSTANCES)
    cut ||= rows.size > MOST_INSTANCES
    let found = 0
    for (let i = 0; i < end && found < MOST_SHOWN; i++) {
      const id = rows.id[i] ?? 0
      const label = rows.labels[i] ?? ''
      const text = monitor.type === 'per_cpu' ? `CPU ${id}` : `${label} ${id}`.trim()
      if (!text.toLowerCase().includes(wanted)) continue
      found++
      entries.push({
        ...plain,
        id: `instance:${monitor.fullName}:${id}`,
        group: t.kinds.instances,
        title: t.follow(visibleLine(text), visibleLine(monitor.fullName)),
        run: () => {
          panel.select(monitor.fullName, id)
        }
      })
    }
  })
  return { entries, cut }
}

/**
 * Those that fit the query, the best first; without a query the recent ones, then all in their
 * order. What cannot be done stands behind what can.
 *
 * @param recent ids, newest first
 */
export function rank(entries: readonly Entry[], query: string, recent: readonly string[]): Found[] {
  const age = (entry: Entry): number => {
    const at = recent.indexOf(entry.id)
    return at < 0 ? Infinity : at
  }
  if (query.trim() === '') {
    const all = entries.map((entry) => ({ entry, at: [] }))
    return all.sort((a, b) => {
      const [x, y] = [age(a.entry), age(b.entry)]
      return x === y ? 0 : x - y
    })
  }
  const fitting = entries.flatMap((entry) => {
    const title = fit(query, entry.title)
    // Words beside the title find it as well, but count less.
    const one = title ?? fit(query, `${entry.title} ${entry.group} ${entry.words}`)
    if (!one) return []
    const bonus = recent.includes(entry.id) ? 3 : 0
    const later = (title ? 0 : 20) + (entry.refused === undefined ? 0 : 30)
    const at = one.at.filter((i) => i < entry.title.length)
    return [{ entry, at, score: one.score + bonus - later }]
  })
  return fitting.sort((a, b) => b.score - a.score)
}
