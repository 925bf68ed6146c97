import { a11yTexts } from '../texts-a11y'
import { visibleLine } from '../ui/text'
import {
  edgeLabelLines,
  INVARIANT_HEIGHT,
  LABEL_LINE,
  NAME_HEIGHT
} from '../../model/draw/layout-text'
import { stateClass } from './colours'
import { arrowOf, pathOf, type EdgeLine, type NodeBox } from '../../model/draw/geometry'
import type { SpecEdge, SpecState } from '../../model/draw/spec'
import { CROSS, type Stub } from './stubs'
import { svg } from './svg'

/** A drawn state: what an update touches. */
export interface StateParts {
  readonly group: SVGGElement
  readonly count: Text
  readonly countText: SVGTextElement
  /** Share of the instances that are in the state: a bar below the count. */
  readonly share: SVGRectElement
  /** Its full width. */
  readonly shareWidth: number
}

/** One event's line of text on an edge. */
export interface LabelParts {
  readonly text: SVGTextElement
  readonly count: Text
}

export interface EdgeParts {
  readonly group: SVGGElement
  readonly line: SVGPathElement
  readonly labels: readonly LabelParts[]
}

export function drawState(state: SpecState, index: number, box: NodeBox): StateParts {
  const { x, y, width: w, height: h } = box
  const top = y - h / 2
  const count = document.createTextNode('')
  const head = NAME_HEIGHT + (state.invariant ? INVARIANT_HEIGHT : 0)
  const countText = svg(
    'text',
    { class: 'state-count', x, y: top + head + (h - head) / 2 + 4 },
    count
  )
  const name = visibleLine(state.name)
  const group = svg(
    'g',
    {
      class: `state ${stateClass(index)}${state.final ? ' final' : ''}`,
      'data-testid': `state-${state.name}`,
      'data-count': '0',
      // Its name is what is written in it.
      role: 'button',
      tabindex: '0',
      'aria-roledescription': a11yTexts.state
    },
    svg('rect', { class: 'box', x: x - w / 2, y: top, width: w, height: h, rx: 12 }),
    svg('text', { class: 'state-name', x, y: top + 19 }, name)
  )
  if (state.final) {
    // Automata theory draws a final state with a double border.
    const inset = 3.5
    group.insertBefore(
      svg('rect', {
        class: 'inner',
        x: x - w / 2 + inset,
        y: top + inset,
        width: w - 2 * inset,
        height: h - 2 * inset,
        rx: 9
      }),
      group.children[1] ?? null
    )
  }
  if (state.invariant) {
    const text = visibleLine(state.invariant)
    group.append(svg('text', { class: 'invariant', x, y: top + NAME_HEIGHT + 8 }, text))
  }
  const shareWidth = w - 44
  const bar = { x: x - shareWidth / 2, y: top + h - 11, height: 3, rx: 1.5 }
  const share = svg('rect', { class: 'share', ...bar, width: 0 })
  group.append(countText, svg('rect', { class: 'share-back', ...bar, width: shareWidth }), share)
  return { group, count, countText, share, shareWidth }
}

export function drawEdge(
  edge: SpecEdge,
  line: EdgeLine,
  from: SpecState,
  to: SpecState
): EdgeParts {
  const d = pathOf(line)
  const path = svg('path', { class: 'line', d })
  const group = svg(
    'g',
    { class: 'edge' },
    svg('path', { class: 'hit', d }),
    path,
    svg('path', { class: 'arrow', d: arrowOf(line) })
  )
  const lines = edgeLabelLines(edge)
  let above = 0
  const labels = edge.labels.map((label): LabelParts => {
    const count = document.createTextNode('')
    const at = line.label ?? line.tip
    const y = at.y + (above - (lines - 1) / 2) * LABEL_LINE + 4
    above += label.guard === '' ? 1 : 2
    const text = svg(
      'text',
      {
        class: 'label',
        x: at.x,
        y,
        'data-testid': 'edge',
        'data-from': from.name,
        'data-event': label.event,
        'data-to': to.name,
        'data-count': '0'
      },
      svg('tspan', { class: 'event' }, visibleLine(label.event))
    )
    text.append(svg('tspan', { class: 'count', dx: 5 }, count))
    if (label.guard) {
      const below = { class: 'guard', x: at.x, dy: LABEL_LINE - 1 }
      text.append(svg('tspan', below, visibleLine(label.guard)))
    }
    group.append(text)
    return { text, count }
  })
  return { group, line: path, labels }
}

export function drawInitial(at: { x: number; y: number }, line: EdgeLine | undefined): SVGGElement {
  const group = svg('g', { class: 'initial', 'aria-hidden': 'true' })
  group.append(svg('circle', { cx: at.x, cy: at.y, r: 5 }))
  if (line) {
    group.append(
      svg('path', { class: 'line', d: pathOf(line) }),
      svg('path', { class: 'arrow', d: arrowOf(line) })
    )
  }
  return group
}

/** The event at a stub; `none` is what the kernel says where a timer ran out. */
export function stubText(event: string): string {
  return event === 'none' ? 'none (timeout)' : visibleLine(event)
}

/** A refused event: dashed, red, ends in a cross, says how often. */
export function drawStub(
  stub: Stub,
  from: string,
  event: string
): { group: SVGGElement; count: Text } {
  const { start, control, end, label } = stub
  const count = document.createTextNode('')
  const group = svg(
    'g',
    {
      class: 'refused',
      'data-testid': 'refused',
      'data-from': from,
      'data-event': event,
      role: 'button',
      tabindex: '0',
      'aria-description': a11yTexts.notExpectedIn(visibleLine(from))
    },
    svg('path', {
      class: 'line',
      d: `M${start.x} ${start.y}Q${control.x} ${control.y} ${end.x} ${end.y}`
    }),
    svg('circle', { cx: end.x, cy: end.y, r: CROSS }),
    svg('path', {
      class: 'cross',
      d: `M${end.x - 3} ${end.y - 3}l6 6m0 -6l-6 6`
    }),
    svg(
      'text',
      { class: `label ${stub.anchor}`, x: label.x, y: label.y },
      svg('tspan', { class: 'event' }, stubText(event)),
      svg('tspan', { class: 'count', dx: 5 }, count)
    )
  )
  return { group, count }
}
