import { stateClass } from '../../graph/colours'
import { instanceTexts } from '../../texts-instances'
import { duration, integer, visibleLine } from '../../ui/text'
import type { ColumnKey } from './columns'
import type { InstanceView } from './view'

/** One cell as it is drawn. */
export interface Cell {
  readonly text: string
  /** Less important, behind the text. */
  readonly more?: string
  /** Class of a state's colour. */
  readonly colour?: string
  readonly isDim?: boolean
  readonly isBad?: boolean
}

/** A cell's texts; called for the rows on the screen only. */
export function cellOf(view: InstanceView, row: number, key: ColumnKey): Cell {
  switch (key) {
    case 'id':
      return { text: idText(view, row) }
    case 'comm': {
      const more = view.exited(row) ? { more: instanceTexts.exited } : {}
      return textCell(view.comm(row), more)
    }
    case 'group': {
      const tgid = view.tgid(row)
      if (tgid < 0) return { text: instanceTexts.unknown, isDim: true }
      return { text: String(tgid), more: visibleLine(view.leader(row)) }
    }
    case 'runs':
      return textCell(view.runs(row))
    case 'kind':
      return textCell(view.kind(row))
    case 'state':
      return { text: visibleLine(view.stateName(row)), colour: stateClass(view.state(row)) }
    case 'since': {
      const age = view.age(row)
      return { text: Number.isNaN(age) ? instanceTexts.unknown : duration(age), isDim: true }
    }
    case 'transitions':
      return { text: integer(view.transitions(row)) }
    case 'rate':
      return rateCell(view, row)
    case 'violations': {
      const count = view.violations(row)
      return { text: integer(count), isBad: count > 0, isDim: count === 0 }
    }
    case 'event':
      return textCell(view.eventName(row), { isDim: true })
  }
}

/** How an instance is called where a name is spoken. */
export function spokenName(view: InstanceView, row: number): string {
  return [idText(view, row), visibleLine(view.comm(row))].filter((text) => text !== '').join(' ')
}

function idText(view: InstanceView, row: number): string {
  return String(view.id(row))
}

function textCell(text: string, parts: Partial<Cell> = {}): Cell {
  return text === ''
    ? { text: instanceTexts.unknown, isDim: true }
    : { text: visibleLine(text), ...parts }
}

function rateCell(view: InstanceView, row: number): Cell {
  const rate = view.rate(row)
  if (Number.isNaN(rate)) {
    return { text: view.isPast ? instanceTexts.unknown : instanceTexts.measuring, isDim: true }
  }
  if (rate < 0.05) return { text: '0', isDim: true }
  return { text: rate < 10 ? rate.toFixed(1) : integer(rate) }
}
