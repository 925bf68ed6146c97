import { AutomatonExplorer } from '../../../../model/explore/explorer'
import type { Exploration } from '../exploration'
import { edgeKey, NO_MARKS } from '../model-tools'
import type { Marks } from '../model-tools'

/** Where a walk is, what it took last, what it may take next, and what was refused. */
export function marksOf(walk: Exploration): Marks {
  const { explorer, last } = walk
  const states = new Map<string, string>()
  const events = new Map<string, string>()
  if (!(explorer instanceof AutomatonExplorer)) {
    for (const { number, current } of explorer.states()) {
      if (current) states.set(`S${number}`, 'current')
    }
    return { ...NO_MARKS, states }
  }
  const { state } = explorer.position
  if (state !== undefined) {
    states.set(state, 'current')
    for (const { event, to, allowed } of explorer.events()) {
      if (to !== undefined && allowed !== false) events.set(edgeKey(state, event, to), 'open')
    }
  }
  if (last?.outcome.kind === 'violation' && last.from !== undefined) {
    states.set(last.from, 'violated')
    const event = last.move.kind === 'take' ? last.move.event : last.label
    return { ...NO_MARKS, states, events, refused: { state: last.from, event } }
  }
  // Time that passes and values that change leave the edge that was taken last.
  const moved = walk.made.slice(0, walk.at).findLast(({ outcome }) => outcome.kind !== 'changed')
  if (moved?.outcome.kind === 'moved' && moved.move.kind === 'take' && moved.to === state) {
    const { from = '', to = '' } = moved
    const { event } = moved.move
    events.set(edgeKey(from, event, to), 'taken')
    events.set(edgeKey(from, '', to), 'taken')
  }
  return { ...NO_MARKS, states, events }
}
