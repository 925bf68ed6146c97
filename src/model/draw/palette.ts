/** Colours of a picture, as `#rrggbb`; the window's tokens of the same names. */
export interface Palette {
  readonly background: string
  readonly fill: string
  readonly border: string
  readonly text: string
  readonly label: string
  readonly guard: string
  readonly edge: string
  /** Of states, by their index; they repeat. */
  readonly states: readonly string[]
}

export const LIGHT: Palette = {
  background: '#ffffff',
  fill: '#ffffff',
  border: '#3b4756',
  text: '#18212c',
  label: '#3b4756',
  guard: '#8f5a00',
  edge: '#6b7889',
  states: ['#007f58', '#884902', '#0048e1', '#46006f', '#7a7200', '#6062cb', '#642d00', '#004763']
}

export const DARK: Palette = {
  background: '#0c0f14',
  fill: '#151b23',
  border: '#b4bfcc',
  text: '#e4e9f0',
  label: '#b4bfcc',
  guard: '#f0b23e',
  edge: '#8c99ab',
  states: ['#009b70', '#f5a733', '#8dc3fc', '#b66e97', '#f2e462', '#8a92fe', '#ca9363', '#8eeff2']
}
