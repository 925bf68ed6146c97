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
  states: ['#0b8a5f', '#b06c00', '#1878bd', '#a0449f', '#7c7300', '#4a50cf', '#87552b', '#157c82']
}

export const DARK: Palette = {
  background: '#0c0f14',
  fill: '#151b23',
  border: '#b4bfcc',
  text: '#e4e9f0',
  label: '#b4bfcc',
  guard: '#f0b23e',
  edge: '#8c99ab',
  states: ['#31c48d', '#f2a93b', '#58b5f2', '#d18bd8', '#e9dd5b', '#8b93ff', '#c59b78', '#7fd3d6']
}
