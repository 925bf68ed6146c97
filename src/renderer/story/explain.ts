import type { MonitorInfo } from '../../contract/state'
import type { MonitorLive } from '../stores/columns'
import { storyTexts } from '../texts-story'
import { integer, visibleLine } from '../ui/text'

/** What something in the drawing is, in plain words. */
export interface Explanation {
  readonly title: string
  readonly texts: readonly string[]
}

/** Says what a touched part of the drawing is; null: nothing that needs words. */
export function explain(
  part: Element,
  monitor: MonitorInfo | undefined,
  live: MonitorLive | undefined
): Explanation | null {
  const t = storyTexts.kiosk
  const found = part.closest('[data-testid]')
  const id = found?.getAttribute('data-testid') ?? ''
  const word = (name: string): string => visibleLine(found?.getAttribute(`data-${name}`) ?? '')
  if (id === 'edge') {
    const count = integer(Number(word('count')))
    return { title: t.edge(word('event')), texts: [t.edgeText(word('from'), word('to'), count)] }
  }
  if (id === 'refused') {
    return { title: t.refused(word('event'), word('from')), texts: [t.refusedText] }
  }
  if (id.startsWith('chip-')) return { title: t.chip(id.slice(5)), texts: [t.chipText] }
  if (id.startsWith('state-')) {
    const name = id.slice('state-'.length)
    const state = live?.states.indexOf(name) ?? -1
    const count = live?.perState[state + 1] ?? 0
    const what = monitor?.type === 'per_cpu' ? t.cpu : t.task
    return {
      title: t.state(visibleLine(name), visibleLine(monitor?.name ?? '')),
      texts: [t.inState(count, what)]
    }
  }
  return null
}
