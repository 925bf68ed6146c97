import { a11yTexts as t } from '../../texts-a11y'

/** Sentences follow each other at least this far apart, ms: a reader is not talked over. */
export const QUIET_MS = 5000

/**
 * Collects what a screen reader is to say, and hands it over at most once in QUIET_MS: of violations
 * their number and the newest, of anything else the newest sentence.
 */
export class Announcer {
  private sentence = ''
  private count = 0
  private newest = ''
  private timer: ReturnType<typeof setTimeout> | undefined

  /** @param say shows a text in the live region; the same text again is no news to a reader */
  constructor(private readonly say: (text: string) => void) {}

  /** Something that replaces what was to be said of its kind. */
  tell(sentence: string): void {
    this.sentence = sentence
    this.soon()
  }

  /** So many more violations, and the newest of them. */
  violations(count: number, newest: string): void {
    this.count += count
    this.newest = newest
    this.soon()
  }

  dispose(): void {
    clearTimeout(this.timer)
  }

  private soon(): void {
    if (this.timer !== undefined) return
    this.flush()
  }

  private flush(): void {
    const parts = [this.sentence, this.count > 0 ? t.violations(this.count, this.newest) : '']
    const text = parts.filter((part) => part !== '').join('. ')
    this.timer = undefined
    if (text === '') return
    this.sentence = ''
    this.count = 0
    this.say(text)
    this.timer = setTimeout(() => {
      this.flush()
    }, QUIET_MS)
  }
}
