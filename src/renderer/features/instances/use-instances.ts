import { computed, onUnmounted, reactive, ref, shallowRef, watch } from 'vue'
import { usePanel, type Panel } from '../../stores/panel'
import { shownColumns, startsDescending, type ColumnKey } from './columns'
import { parseFilter } from './filter'
import { CommIndex } from './comm-index'
import { ALL, matcherOf, type Matcher } from './matcher'
import { InstanceOrder, NOTHING, type Ordered } from './order'
import { InstanceRates } from './rates'
import { Selection } from './selection'
import { InstanceView } from './view'

/** Ticks of the panel (at most ten a second) between two sorts. */
export const RESORT_TICKS = 10

/** Time between two samples of the rates, ms. */
const SAMPLE_MS = 950

/** What the user looks for in the instances of one monitor. */
interface Search {
  text: string
  column: ColumnKey
  descending: boolean
  /** States that alone are listed, -1: not monitoring; none: all. */
  states: number[]
}

/** Searches by monitor's full name: a tab that is opened again shows what it showed. */
const searches = new WeakMap<Panel, Map<string, Search>>()

function searchOf(panel: Panel, fullName: string): Search {
  const all = searches.get(panel) ?? new Map<string, Search>()
  searches.set(panel, all)
  const search =
    all.get(fullName) ?? reactive<Search>({ text: '', column: 'id', descending: false, states: [] })
  all.set(fullName, search)
  return search
}

/** The table's model: which rows in which order, and when the order is made anew. */
export function useInstances(index: number) {
  const panel = usePanel()
  const monitor = computed(() => panel.monitors.value[index])
  const fullName = monitor.value?.fullName ?? ''
  const search = searchOf(panel, fullName)
  const table = panel.settings.instanceTable
  const rates = new InstanceRates()
  const comms = new CommIndex()
  const sorter = new InstanceOrder()
  const ordered = shallowRef<Ordered>(NOTHING)
  const matcher = shallowRef<Matcher>(ALL)
  const problems = computed(() => matcher.value.problems)
  const selection = new Selection()
  /** The pointer is over the rows: they are not to jump away from it. */
  const isPointed = ref(false)
  const isHeld = computed(() => isPointed.value || selection.ids.value.size > 1)
  const parsed = computed(() => parseFilter(search.text))
  const columns = computed(() => (monitor.value ? shownColumns(monitor.value, table) : []))
  const pins = computed(() => panel.pins.of(fullName))

  const view = computed(() => {
    panel.refresh()
    const info = monitor.value
    const live = panel.shownOf(index)
    const now = panel.liveOf(index)
    if (!info || !live || !now) return undefined
    const moment = panel.moment.value
    return new InstanceView(
      info,
      live,
      now,
      moment ?? panel.clock.sec * 1e9 + panel.clock.nsec,
      moment !== null,
      moment === null ? (panel.simulator.value?.running ?? []) : [],
      panel.target.value.cpus,
      (row) => rates.of(row),
      comms
    )
  })

  let sortedAt = -Infinity
  let sampledAt = -Infinity
  let shown: InstanceView['live'] | undefined

  function sort(): void {
    const now = view.value
    sortedAt = panel.tick.value
    shown = now?.live
    if (!now) {
      ordered.value = NOTHING
      return
    }
    const quick = { states: new Set(search.states), hidesExited: table.hidesExited }
    matcher.value = matcherOf(now, parsed.value, quick, (id) => pins.value.includes(id))
    ordered.value = sorter.order(now, matcher.value.matches, search, pins.value)
  }

  function tick(): void {
    const now = view.value
    const at = panel.tick.value
    const isOther = now?.live !== shown
    if (isOther) rates.clear()
    const ms = performance.now()
    if (now && !now.isPast && (isOther || ms - sampledAt >= SAMPLE_MS)) {
      sampledAt = ms
      rates.sample(now.live.rows, ms)
    }
    const isFirst = ordered.value.rows.length === 0 && now !== undefined && now.size > 0
    const isDue = at - sortedAt >= RESORT_TICKS && !isHeld.value
    if (isOther || isDue || (isFirst && search.text === '')) sort()
  }

  watch(() => [panel.tick.value, view.value?.live, isHeld.value], tick, {
    immediate: true,
    flush: 'sync'
  })
  // What the user asks for is shown at once, whatever holds the order.
  watch(
    () => [
      search.text,
      search.column,
      search.descending,
      search.states.join(),
      pins.value,
      table.hidesExited
    ],
    sort,
    { flush: 'sync' }
  )
  onUnmounted(() => selection.clear())

  function sortBy(column: ColumnKey): void {
    if (search.column === column) search.descending = !search.descending
    else {
      search.column = column
      search.descending = startsDescending(column)
    }
  }

  function clear(): void {
    search.text = ''
    search.states = []
    if (table.hidesExited) table.hidesExited = false
  }

  /** Place of an instance in the table, -1: it is not listed. */
  function placeOf(id: number): number {
    const row = view.value?.live.rowOf(id) ?? -1
    return row < 0 ? -1 : ordered.value.rows.indexOf(row)
  }

  function idAt(place: number): number | undefined {
    const row = ordered.value.rows[place]
    return row === undefined ? undefined : view.value?.id(row)
  }

  /** Rows of the selected instances, in the order of the table. */
  function selectedRows(): number[] {
    const now = view.value
    if (!now) return []
    const { ids } = selection
    return [...ordered.value.rows].filter((row) => ids.value.has(now.id(row)))
  }

  return {
    panel,
    monitor,
    fullName,
    search,
    table,
    view,
    ordered,
    matcher,
    problems,
    columns,
    pins,
    selection,
    isPointed,
    isHeld,
    sorter,
    sortBy,
    clear,
    placeOf,
    idAt,
    selectedRows
  }
}

export type Instances = ReturnType<typeof useInstances>
