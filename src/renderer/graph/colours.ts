/** Hues that colour-blind eyes tell apart; beyond them they repeat, and names and patterns tell the rest. */
export const HUES = 8

/** Class that gives a state its colour everywhere: drawing, tables, lanes. */
export function stateClass(state: number): string {
  return state < 0 ? 'sc-none' : `sc-${state % HUES}`
}

/** The colours of the current theme, for canvas: the states', then unmonitored, unknown, violation, text, line. */
export interface CanvasColours {
  readonly states: readonly string[]
  readonly none: string
  readonly dim: string
  readonly text: string
  readonly line: string
  readonly bad: string
  readonly warn: string
  readonly good: string
  readonly accent: string
  readonly panel: string
}

export function canvasColours(): CanvasColours {
  const style = getComputedStyle(document.documentElement)
  const get = (name: string): string => style.getPropertyValue(name).trim()
  return {
    states: Array.from({ length: HUES }, (_, i) => get(`--s${i}`)),
    none: get('--lane-none'),
    dim: get('--dim'),
    text: get('--text'),
    line: get('--line'),
    bad: get('--bad'),
    warn: get('--warn'),
    good: get('--good'),
    accent: get('--accent'),
    panel: get('--panel')
  }
}
