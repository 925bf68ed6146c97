/** The parts of a keyboard event that say which combination was pressed. */
export interface Pressed {
  readonly key: string
  readonly code: string
  readonly ctrlKey: boolean
  readonly altKey: boolean
  readonly shiftKey: boolean
  readonly metaKey: boolean
}

const MODIFIERS = ['Ctrl', 'Alt', 'Shift', 'Meta'] as const
const KEYS_OF_MODIFIERS = new Set(['Control', 'Alt', 'AltGraph', 'Shift', 'Meta', 'CapsLock'])

/**
 * A combination in one spelling: `ctrl+shift+p`, `g`, `?`. Shift counts for letters and named keys
 * alone: of a sign it is only how this keyboard makes it. Undefined: a modifier by itself.
 */
export function chordOf(event: Pressed): string | undefined {
  if (KEYS_OF_MODIFIERS.has(event.key)) return undefined
  const modified = event.ctrlKey || event.altKey || event.metaKey
  let key = event.key === ' ' ? 'Space' : event.key
  // A keyboard with other letters, or with digits behind Shift: with a modifier the place counts.
  if (modified && !/^[a-z]$/i.test(key)) {
    const place = /^(?:Key([A-Z])|Digit(\d))$/.exec(event.code)
    if (place !== null && (key.length === 1 || key === 'Dead')) key = place[1] ?? place[2] ?? key
  }
  return spelt(event.ctrlKey, event.altKey, event.shiftKey, event.metaKey, key)
}

function spelt(ctrl: boolean, alt: boolean, shift: boolean, meta: boolean, key: string): string {
  const sign = key.length === 1 && !/^\p{L}$/u.test(key)
  const on = [ctrl, alt, shift && !sign, meta]
  return [...MODIFIERS.filter((_, i) => on[i]), key].join('+').toLowerCase()
}

/** The combinations of a command's key, one after the other: `g t` are two. */
export function chordsOf(keys: string): string[] {
  return keys.split(' ').map((one) => {
    const parts = one === '+' ? ['+'] : one.split(/\+(?!$)/)
    const key = parts.at(-1) ?? ''
    const has = (name: string): boolean => parts.slice(0, -1).includes(name)
    return spelt(has('Ctrl'), has('Alt'), has('Shift'), has('Meta'), key)
  })
}

/** What edits the text that is being typed. */
const EDITING = new Set(['a', 'c', 'v', 'x', 'y', 'z', 'shift+z'].map((key) => `ctrl+${key}`))

/**
 * Whether it acts while text is being typed: with Ctrl, Alt or Meta, or a function key, unless it
 * edits that text.
 */
export function actsWhileTyping(chord: string): boolean {
  if (EDITING.has(chord)) return false
  return /(?:^|\+)(?:ctrl|alt|meta)\+/.test(chord) || /^(?:shift\+)?f\d+$/.test(chord)
}
