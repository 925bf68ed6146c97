/** Hues that colour-blind eyes tell apart; beyond them they repeat, and names and patterns tell the rest. */
export const HUES = 8

/** Classes that give a state its colour and its sign everywhere: drawing, tables, lanes. */
export function stateClass(state: number): string {
  return state < 0 ? 'sc-none' : `sc-${state % HUES} sp-${patternOf(state)}`
}

/** Number of a state's sign; states whose hues repeat have different ones, up to 64 of them. */
export function patternOf(state: number): number {
  return (state + Math.floor(state / HUES)) % HUES
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
