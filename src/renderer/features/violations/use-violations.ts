import { computed, inject, provide, reactive, ref, shallowRef, watch, type InjectionKey } from 'vue'
import type { Violation } from '../../../contract/state'
import { usePanel, type Panel } from '../../stores/panel'
import {
  placeOf,
  seqAt,
  sizeOf,
  ViolationGroups,
  type Grouping,
  type RowGroup
} from '../../stores/violation-groups'
import { showMoment } from '../timeline/jumps'
import { steadySpan, type Span } from './histogram'
import { OlderViolations } from './older'
import { shownViolation } from './outline'
import { violationFilter } from './violation-filter'

/** What the user looks for and at; it stays while the pane is closed. */
interface Looking {
  text: string
  /** Key of the open group. */
  open: number | null
  /** Number of the violation that is shown in it; null, or not in it any more: its newest. */
  chosen: number | null
  /** Connection and state of the rows that `open` and `chosen` are about. */
  generation: number
  epoch: number
}

const lookings = new WeakMap<Panel, Looking>()

function lookingOf(panel: Panel): Looking {
  const looking =
    lookings.get(panel) ??
    reactive<Looking>({ text: '', open: null, chosen: null, generation: 0, epoch: -1 })
  lookings.set(panel, looking)
  return looking
}

export interface GroupList {
  readonly groups: readonly RowGroup[]
  /** New groups that stand at the end since the order is held. */
  readonly added: number
}

/** The model of the violations pane: which groups in which order, and which violation is looked at. */
export function useViolations() {
  const panel = usePanel()
  const store = panel.violations
  const { rows } = store
  const looking = lookingOf(panel)
  const grouped = new ViolationGroups(rows)
  /** The pointer or the focus is among the groups: they are not to jump away. */
  const isHeld = ref(false)
  const version = ref(0)
  const list = shallowRef<GroupList>({ groups: [], added: 0 })
  const filter = computed(() => violationFilter(looking.text, rows, panel.monitors.value))
  let drawn = ''
  let seenAt = 0
  let heldKeys: number[] = []

  /** Lists anew what has changed; `isFree`: the groups may move. */
  function update(isFree: boolean): void {
    const { grouping, sorting } = panel.settings.violationList
    const { seenVersion } = rows
    const stamp = `${String(store.version)}/${String(seenVersion)}/${grouping}/${sorting}`
    if (stamp === drawn) return
    drawn = stamp
    // What is new and what is not decides about the mark `is:new` alone.
    if (seenVersion !== seenAt && looking.text.includes('is:')) grouped.forget()
    seenAt = seenVersion
    grouped.show(grouping, filter.value.test)
    grouped.update()
    if (looking.epoch !== rows.epoch) findAgain()
    list.value = isFree ? { groups: sorted(), added: 0 } : held()
    heldKeys = list.value.groups.map(({ key }) => key)
    version.value++
  }

  /** The rows came anew: of the same connection the violation that is looked at may be among them. */
  function findAgain(): void {
    const { generation } = panel.target.value
    const seq = generation === looking.generation && looking.open !== null ? looking.chosen : null
    looking.generation = generation
    looking.epoch = rows.epoch
    looking.open = seq === null ? null : (grouped.groupOf(seq)?.key ?? null)
    looking.chosen = looking.open === null ? null : seq
    heldKeys = []
  }

  function sorted(): RowGroup[] {
    const names = panel.monitors.value
    return grouped.sorted(
      panel.settings.violationList.sorting,
      (index) => names[index]?.fullName ?? ''
    )
  }

  /** The groups as they stood, and behind them those that are new. */
  function held(): GroupList {
    const known = new Set(heldKeys)
    const groups = heldKeys.flatMap((key) => grouped.get(key) ?? [])
    const added = sorted().filter(({ key }) => !known.has(key))
    return { groups: [...groups, ...added], added: added.length }
  }

  /** Whatever decides about the order does it at once. */
  function again(): void {
    drawn = ''
    update(true)
  }
  watch(
    () => panel.tick.value,
    () => update(!isHeld.value)
  )
  const { settings } = panel
  watch(
    [filter, () => settings.violationList.grouping, () => settings.violationList.sorting],
    again,
    { flush: 'sync' }
  )
  watch(isHeld, (on) => {
    if (!on) again()
  })
  again()

  const older = new OlderViolations(panel)
  const open = computed(() => {
    // Read for when to look again: groups are raw.
    const isKnown = version.value >= 0 && looking.open !== null
    return isKnown ? grouped.get(looking.open ?? -1) : undefined
  })
  const chosen = computed((): number | undefined => {
    if (!open.value || version.value < 0) return undefined
    const { chosen: seq } = looking
    return seq !== null && placeOf(open.value, seq) >= 0 ? seq : open.value.newest
  })
  const shown = computed((): Violation | undefined => {
    panel.refresh()
    const { value: seq } = chosen
    if (seq === undefined) return undefined
    return store.full(seq) ?? older.get(seq) ?? shownViolation(store, seq)
  })

  /** Opens a group, or none; what was in the one that is left counts as seen. */
  function show(key: number | null): void {
    if (key === looking.open) return
    const left = looking.open === null ? undefined : grouped.get(looking.open)
    if (left && left.fresh > 0) rows.markSeen(left.seqs)
    looking.open = key
    // What is read stays, whatever comes meanwhile.
    looking.chosen = key === null ? null : (grouped.get(key)?.newest ?? null)
    // Whoever asks for the same one again is to see it again.
    panel.violation.value = null
    update(!isHeld.value)
  }

  /** Shows one violation in its group. False: it does not fit the filter, or is not listed. */
  function choose(seq: number): boolean {
    grouped.update()
    const group = grouped.groupOf(seq)
    if (!group) return false
    show(group.key)
    looking.chosen = seq
    return true
  }

  /** The one that is so many further than the chosen one in its group. */
  function step(by: number): void {
    if (!open.value || chosen.value === undefined) return
    const place = placeOf(open.value, chosen.value) + by
    const seq = seqAt(open.value, Math.max(0, Math.min(sizeOf(open.value) - 1, place)))
    if (seq === undefined) return
    looking.chosen = seq
    // Whoever looks at the past goes along.
    if (panel.moment.value !== null) goTo(seq)
  }

  /** Shows the moment of a violation in all views, with its instance followed. */
  function goTo(seq: number): void {
    if (!rows.has(seq)) return
    select(seq)
    showMoment(panel, rows.time(seq))
  }

  function select(seq: number): void {
    const monitor = panel.monitors.value[rows.monitor(seq)]
    if (monitor) panel.select(monitor.fullName, rows.id(seq) ?? rows.cpu(seq))
  }

  /** The instance of a violation in the drawing, at a time (ns since boot) or as it is shown now. */
  function inAutomaton(seq: number, time?: number): void {
    select(seq)
    panel.tab.value = 'automaton'
    if (time !== undefined) showMoment(panel, time)
  }

  function markAllSeen(): void {
    rows.markAllSeen()
    again()
  }

  function groupBy(grouping: Grouping): void {
    const seq = looking.open === null ? undefined : chosen.value
    panel.settings.violationList.grouping = grouping
    // What was looked at stays in view, in its other group.
    looking.open = null
    if (seq !== undefined) choose(seq)
  }

  /** Time that all histograms show. */
  const span = computed((): Span => {
    panel.refresh()
    const oldest = rows.has(rows.firstSeq) ? rows.time(rows.firstSeq) : 0
    // Violations come a little before the events that tell the time.
    const newest = rows.has(rows.lastSeq) ? rows.time(rows.lastSeq) : 0
    return steadySpan(oldest, Math.max(panel.clock.now, newest, oldest))
  })
  /** Violations after it are dimmed; null: none. */
  const moment = computed(() => panel.moment.value)

  const model = {
    panel,
    store,
    rows,
    looking,
    grouped,
    isHeld,
    version,
    list,
    problems: computed(() => filter.value.problems),
    isFiltered: computed(() => filter.value.test !== null),
    open,
    chosen,
    shown,
    older,
    span,
    moment,
    show,
    choose,
    step,
    goTo,
    inAutomaton,
    markAllSeen,
    groupBy
  }
  provide(violationsKey, model)
  return model
}

export type ViolationsModel = ReturnType<typeof useViolations>
const violationsKey: InjectionKey<ViolationsModel> = Symbol('violations')

/** The model of the pane that a component is part of. */
export function usePaneModel(): ViolationsModel {
  const model = inject(violationsKey)
  if (!model) throw new Error('this component is part of the violations pane')
  return model
}
