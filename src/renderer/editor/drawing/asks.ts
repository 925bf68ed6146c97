import type { Edited, Outline } from '../../../model/edit'
import * as edit from '../../../model/edit'
import type { Part } from './spec'

/** A small form beside the drawing: what is asked, and what its answer does. */
export interface Ask {
  readonly kind: 'state' | 'edge' | 'rename' | 'guard' | 'move'
  readonly part: Part | null
  /** What stands in the field at first. */
  readonly value: string
  /** The other end of an edge, where it is chosen in the form. */
  readonly target: string
  /** Whether an event can be renamed on other edges too. */
  readonly elsewhere: boolean
  /** Pixels from the corner of the drawing. */
  readonly x: number
  readonly y: number
}

/** What the user answered. */
export interface Answer {
  readonly value: string
  readonly target: string
  readonly everywhere: boolean
}

/** The change of the text that an answer asks for. */
export function operationOf({ kind, part }: Ask, answer: Answer): (outline: Outline) => Edited {
  const value = answer.value.trim()
  const { target } = answer
  if (part === null) return (o) => edit.addState(o, value)
  if (part.kind === 'state') {
    const { state } = part
    if (kind === 'edge') return (o) => edit.addEvent(o, state, target, value)
    if (kind === 'guard') return (o) => edit.setInvariant(o, state, value)
    return (o) => edit.renameState(o, state, value)
  }
  const { from, to, event } = part
  if (kind === 'guard') return (o) => edit.setGuard(o, from, to, event, value)
  if (kind === 'move') return (o) => edit.retargetEvent(o, from, to, event, from, target)
  return (o) => edit.renameEvent(o, event, value, answer.everywhere ? undefined : { from, to })
}

/** The part that the answer made or changed: it is selected then. */
export function partAfter({ kind, part }: Ask, { value, target }: Answer): Part | null {
  const name = value.trim()
  if (part === null) return { kind: 'state', state: name }
  if (part.kind === 'state') {
    if (kind === 'guard') return part
    if (kind === 'rename') return { kind: 'state', state: name }
    return { kind: 'event', from: part.state, to: target, event: name.split(';')[0]?.trim() ?? '' }
  }
  if (kind === 'guard') return part
  return kind === 'move' ? { ...part, to: target } : { ...part, event: name }
}
