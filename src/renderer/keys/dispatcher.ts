import { computed, shallowRef } from 'vue'
import { titleOf, type Command, type Commands } from '../stores/commands'
import { actsWhileTyping, chordOf, chordsOf } from './chord'

/** How long the second key of a sequence may take, ms. */
export const SEQUENCE_MS = 2500

/** One way to go on after the first key of a sequence. */
export interface Continuation {
  readonly keys: string
  readonly title: string
}

/** Clock of the dispatcher: calls back after some ms; returns the way to call it off. */
export type After = (ms: number, callback: () => void) => () => void

const timeout: After = (ms, callback) => {
  const timer = setTimeout(callback, ms)
  return () => {
    clearTimeout(timer)
  }
}

/**
 * Whether the keys belong to something else: an open dialog or menu has only its own, and a list of
 * choices that is open as well.
 */
function elsewhere(target: Element): boolean {
  const open =
    '[role="dialog"][data-state="open"], [role="alertdialog"][data-state="open"], [role="menu"][data-state="open"], [role="listbox"][data-state="open"]'
  return target.ownerDocument.querySelector(open) !== null
}

const WITHOUT_TEXT = new Set(['button', 'checkbox', 'radio', 'range', 'color', 'submit', 'reset'])

/** Whether letters go into a text there. */
function isTyping(target: Element): boolean {
  const input = target.closest('input')
  if (input) return !WITHOUT_TEXT.has(input.type)
  return (
    target.closest(
      'textarea, select, [contenteditable]:not([contenteditable="false"]), [role="textbox"], [role="searchbox"], .cm-editor, .xterm'
    ) !== null
  )
}

/** Space and Enter press what has the focus, before they are anybody's shortcut. */
function presses(target: Element, chord: string): boolean {
  return (
    (chord === 'space' || chord === 'enter') &&
    target.closest(
      'button, a[href], summary, input, [role="button"], [role="switch"], [role="tab"], [role="row"], [role="option"], [role="checkbox"]'
    ) !== null
  )
}

/** Does what the keys of the commands say; the only place that listens for shortcuts. */
export class KeyDispatcher {
  /** Combinations of a sequence that was begun. */
  private readonly begun = shallowRef<readonly string[]>([])
  private stopWaiting: () => void = () => undefined

  constructor(
    private readonly commands: Commands,
    private readonly after: After = timeout
  ) {}

  /** How the begun sequence can go on; empty: none was begun. */
  readonly continuations = computed<Continuation[]>(() => {
    const begun = this.begun.value
    if (begun.length === 0) return []
    return this.possible(begun).flatMap((found) =>
      found.length > begun.length ? [{ keys: found.keys, title: titleOf(found.command) }] : []
    )
  })

  /** Listens to a window's keys; returns the way to stop. */
  listen(to: Window): () => void {
    const heard = (event: KeyboardEvent): void => {
      this.handle(event)
    }
    const early = (event: KeyboardEvent): void => {
      this.handleFirst(event)
    }
    const leave = (): void => {
      this.forget()
    }
    to.addEventListener('keydown', early, { capture: true })
    to.addEventListener('keydown', heard)
    to.addEventListener('blur', leave)
    to.addEventListener('pointerdown', leave)
    return () => {
      to.removeEventListener('keydown', early, { capture: true })
      to.removeEventListener('keydown', heard)
      to.removeEventListener('blur', leave)
      to.removeEventListener('pointerdown', leave)
      this.forget()
    }
  }

  /** Does what comes before the part that has the focus. */
  private handleFirst(event: KeyboardEvent): void {
    if (event.isComposing || !(event.target instanceof Element)) return
    const chord = chordOf(event)
    if (chord === undefined || this.begun.value.length > 0) return
    const found = this.possible([chord]).find(
      (one) => one.command.first === true && one.length === 1
    )
    if (!found || !this.mayAct(event, event.target, chord)) return
    event.preventDefault()
    event.stopPropagation()
    if (!event.repeat || found.command.repeats === true) this.commands.run(found.command.id)
  }

  /** A key that nobody nearer to the focus has used. */
  handle(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.isComposing || !(event.target instanceof Element)) return
    const chord = chordOf(event)
    if (chord === undefined) return
    if (!this.mayAct(event, event.target, chord)) {
      this.forget()
      return
    }
    const sequence = [...this.begun.value, chord]
    if (this.try(event, sequence)) return
    // A sequence that goes nowhere is dropped, with the key that broke it; Escape only drops it.
    if (sequence.length > 1) {
      this.forget()
      event.preventDefault()
    }
  }

  private try(event: KeyboardEvent, sequence: readonly string[]): boolean {
    const found = this.possible(sequence)
    if (found.length === 0) return false
    event.preventDefault()
    const whole = found.find((one) => one.length === sequence.length)
    if (whole) {
      this.forget()
      // A key that is held down repeats only what is meant to be repeated.
      if (!event.repeat || whole.command.repeats === true) this.commands.run(whole.command.id)
      return true
    }
    this.begun.value = sequence
    this.stopWaiting()
    this.stopWaiting = this.after(SEQUENCE_MS, () => {
      this.forget()
    })
    return true
  }

  private mayAct(event: KeyboardEvent, target: Element, chord: string): boolean {
    if (elsewhere(target) || presses(target, chord)) return false
    // A terminal's keys are the target's; what has Ctrl and Shift is the panel's, as in any terminal,
    // and Ctrl+`, which leads out of it again.
    if (target.closest('.xterm, [data-keys="own"]')) {
      return chord.startsWith('ctrl+shift+') || chord === 'ctrl+`'
    }
    if (!isTyping(target)) return true
    // AltGr writes signs, and is told as Ctrl and Alt.
    return actsWhileTyping(chord) && !event.getModifierState('AltGraph')
  }

  /** Commands that can be done now, whose keys begin with this sequence. */
  private possible(
    sequence: readonly string[]
  ): { command: Command; keys: string; length: number }[] {
    return this.commands.all.flatMap((command) => {
      if (command.enabled?.() === false) return []
      return (command.keys ?? []).flatMap((keys) => {
        const chords = chordsOf(keys)
        return sequence.every((chord, i) => chords[i] === chord)
          ? [{ command, keys, length: chords.length }]
          : []
      })
    })
  }

  private forget(): void {
    this.stopWaiting()
    this.stopWaiting = () => undefined
    if (this.begun.value.length > 0) this.begun.value = []
  }
}

/**
 * Keys that mean two things: the same for two commands, or one that is the beginning of another's.
 * Commands that are never possible at the same time may share keys; they name each other's `scope`.
 */
export function conflicts(commands: readonly Command[]): string[] {
  const all = commands.flatMap((command) =>
    (command.keys ?? []).map((keys) => ({ command, chords: chordsOf(keys).join(' ') }))
  )
  return all.flatMap((a, i) =>
    all.slice(i + 1).flatMap((b) => {
      const apart =
        a.command.scope !== undefined &&
        b.command.scope !== undefined &&
        a.command.scope !== b.command.scope
      const same =
        a.chords === b.chords ||
        a.chords.startsWith(`${b.chords} `) ||
        b.chords.startsWith(`${a.chords} `)
      return same && !apart ? [`${a.chords}: ${a.command.id}, ${b.command.id}`] : []
    })
  )
}
