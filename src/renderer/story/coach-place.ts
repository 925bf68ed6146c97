/** A rectangle of the window, CSS px. */
export interface Box {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

const GAP = 16
const EDGE = 12

/**
 * Where a card stands beside a part of the window: right, left, below or above of it, whichever has
 * room; over its lower right corner where none has, and in the middle where there is no part.
 */
export function coachPlace(
  part: Box | null,
  card: { readonly width: number; readonly height: number },
  window: { readonly width: number; readonly height: number }
): { left: number; top: number } {
  const within = (value: number, size: number, all: number): number =>
    Math.round(Math.max(EDGE, Math.min(value, all - size - EDGE)))
  if (part === null) {
    return {
      left: within((window.width - card.width) / 2, card.width, window.width),
      top: within((window.height - card.height) / 2, card.height, window.height)
    }
  }
  const right = part.left + part.width + GAP
  const left = part.left - GAP - card.width
  const below = part.top + part.height + GAP
  const above = part.top - GAP - card.height
  const top = within(part.top, card.height, window.height)
  const middle = within(part.left + part.width / 2 - card.width / 2, card.width, window.width)
  if (right + card.width + EDGE <= window.width) return { left: right, top }
  if (left >= EDGE) return { left, top }
  if (below + card.height + EDGE <= window.height) return { left: middle, top: below }
  if (above >= EDGE) return { left: middle, top: above }
  return {
    left: within(part.left + part.width - card.width - GAP, card.width, window.width),
    top: within(part.top + part.height - card.height - GAP, card.height, window.height)
  }
}
