import { computed, type ComputedRef } from 'vue'
import { usePanel } from '../stores/panel'
import type { Settings } from '../stores/settings'

/** Sizes that depend on the density, px. */
export interface Density {
  /** Bar at the top of the window. */
  readonly bar: number
  /** Buttons and fields. */
  readonly control: number
  /** Row of the tree of monitors. */
  readonly tree: number
  /** Row of a table, and its head. */
  readonly row: number
  readonly head: number
  /** Line of a log. */
  readonly line: number
  /** Instance in the list of a state, and one with a clock below it. */
  readonly member: number
  readonly clocked: number
  /** Space above and below what stands in a cell or an item. */
  readonly pad: number
  /** Line of a banner. */
  readonly banner: number
}

/** The same table for code that computes with sizes and, as `--d-NAME`, for the style sheets. */
export const DENSITIES: Readonly<Record<Settings['density'], Density>> = {
  comfortable: {
    bar: 48,
    control: 28,
    tree: 30,
    row: 27,
    head: 28,
    line: 20,
    member: 25,
    clocked: 44,
    pad: 5,
    banner: 38
  },
  compact: {
    bar: 38,
    control: 24,
    tree: 23,
    row: 21,
    head: 23,
    line: 16,
    member: 20,
    clocked: 37,
    pad: 2,
    banner: 30
  }
}

/** Hands the sizes to the style sheets. */
export function applyDensity(density: Settings['density'], root: HTMLElement): void {
  root.dataset.density = density
  for (const [name, px] of Object.entries(DENSITIES[density])) {
    root.style.setProperty(`--d-${name}`, `${px}px`)
  }
}

/** The sizes of the chosen density. */
export function useDensity(): ComputedRef<Density> {
  const { settings } = usePanel()
  return computed(() => DENSITIES[settings.density])
}
