/** One thing that a story says and does. `S` is what it acts on. */
export interface StoryStep<S> {
  /** Stable name within its chapter; its words are in the texts. */
  readonly id: string
  /** `data-testid` of the part of the window that it is about. */
  readonly anchor?: string
  /** Does something. Rejects with one sentence where it cannot; then the story goes on without it. */
  act?(stage: S, signal: AbortSignal): Promise<void> | void
  /** What is waited for before the step has been told. */
  until?(stage: S): boolean
  /** After so long it is waited for no more, ms. */
  readonly patience?: number
  /** How long it stays to be read once all has happened, ms. */
  readonly stay: number
}

export interface Chapter<S> {
  readonly id: string
  readonly steps: readonly StoryStep<S>[]
}

export type StoryPhase =
  /** Nothing is told. */
  | 'stopped'
  /** The step does something. */
  | 'acting'
  /** It waits for something. */
  | 'waiting'
  /** It is there to be read. */
  | 'staying'

const PATIENCE = 20_000

export interface PlayerOptions {
  /** Monotonic, ms. */
  readonly now: () => number
  /** 2: everything stays half as long. What the machine does takes its own time. */
  readonly speed?: number
  /** Goes to the next step by itself. */
  readonly auto: boolean
  /** Told after every change. */
  readonly changed: () => void
}

/**
 * Plays a story, step by step. It has no timer: `tick` is to be called about once a frame, and
 * looks whether something has happened or a time has passed.
 */
export class StoryPlayer<S> {
  chapter = 0
  step = 0
  phase: StoryPhase = 'stopped'
  paused = false
  /** Why the step could not do what it does; empty: it could. */
  problem = ''
  /** How often the story was told to its end. */
  told = 0
  readonly #chapters: readonly Chapter<S>[]
  readonly #stage: S
  readonly #options: PlayerOptions
  #since = 0
  #pausedAt = 0
  #abort: AbortController | undefined

  /** @param chapters at least one, each with a step */
  constructor(chapters: readonly Chapter<S>[], stage: S, options: PlayerOptions) {
    this.#chapters = chapters
    this.#stage = stage
    this.#options = options
  }

  get current(): StoryStep<S> | undefined {
    return this.phase === 'stopped' ? undefined : this.#chapters[this.chapter]?.steps[this.step]
  }

  get isFirst(): boolean {
    return this.chapter === 0 && this.step === 0
  }

  get isLast(): boolean {
    const { length } = this.#chapters
    return (
      this.chapter === length - 1 && this.step === (this.#chapters.at(-1)?.steps.length ?? 0) - 1
    )
  }

  /** Share of the current step's time to be read that has passed, 0 to 1. */
  get share(): number {
    const { current } = this
    if (current === undefined || this.phase !== 'staying') return 0
    const passed = (this.paused ? this.#pausedAt : this.#options.now()) - this.#since
    return Math.min(1, passed / this.#stayOf(current))
  }

  /** Begins a chapter from its first step. */
  start(chapter = 0): void {
    this.paused = false
    this.#enter(Math.max(0, Math.min(chapter, this.#chapters.length - 1)), 0)
  }

  /** Ends the story where it is. */
  stop(): void {
    this.#abort?.abort()
    this.phase = 'stopped'
    this.#options.changed()
  }

  /** The next step; behind the last one the story has been told. */
  next(): void {
    if (this.phase === 'stopped') return
    if (!this.isLast) {
      const isEnd = this.step + 1 === this.#chapters[this.chapter]?.steps.length
      if (isEnd) this.#enter(this.chapter + 1, 0)
      else this.#enter(this.chapter, this.step + 1)
      return
    }
    this.told++
    this.stop()
  }

  /** The step before. */
  back(): void {
    if (this.phase === 'stopped' || this.isFirst) return
    if (this.step > 0) this.#enter(this.chapter, this.step - 1)
    else this.#enter(this.chapter - 1, (this.#chapters[this.chapter - 1]?.steps.length ?? 1) - 1)
  }

  pause(): void {
    if (this.paused || this.phase === 'stopped') return
    this.paused = true
    this.#pausedAt = this.#options.now()
    this.#options.changed()
  }

  resume(): void {
    if (!this.paused) return
    this.paused = false
    this.#since += this.#options.now() - this.#pausedAt
    this.#options.changed()
  }

  /** Looks what has happened. */
  tick(): void {
    const { current } = this
    if (current === undefined || this.paused) return
    const now = this.#options.now()
    if (this.phase === 'waiting') {
      const isThere = current.until?.(this.#stage) ?? true
      if (isThere || now - this.#since >= (current.patience ?? PATIENCE)) this.#phase('staying')
    } else if (this.phase === 'staying' && this.#options.auto) {
      if (now - this.#since >= this.#stayOf(current)) this.next()
    }
  }

  #stayOf({ stay }: StoryStep<S>): number {
    return stay / (this.#options.speed ?? 1)
  }

  #enter(chapter: number, step: number): void {
    this.#abort?.abort()
    const abort = new AbortController()
    this.#abort = abort
    this.chapter = chapter
    this.step = step
    this.problem = ''
    this.#phase('acting')
    const { current } = this
    const done = (problem: string): void => {
      if (abort.signal.aborted) return
      this.problem = problem
      this.#phase('waiting')
      this.tick()
    }
    Promise.resolve()
      .then(() => current?.act?.(this.#stage, abort.signal))
      .then(
        () => {
          done('')
        },
        (error: unknown) => {
          done(error instanceof Error ? error.message : String(error))
        }
      )
  }

  #phase(phase: StoryPhase): void {
    this.phase = phase
    this.#since = this.#options.now()
    // Paused meanwhile: its time has not begun.
    this.#pausedAt = this.#since
    this.#options.changed()
  }
}
