/** Times of the last second, for the footer. */
export interface FrameTimes {
  /** Mean time that the window's own work took per frame, ms. */
  mean: number
  /** Longest of them, ms. */
  worst: number
  /** Frames drawn in that second. */
  frames: number
}

/**
 * The one owner of requestAnimationFrame. Painters run only in frames that
 * somebody asked for; a request during a frame asks for the next one. Nothing
 * queues: however much arrives between two frames, they draw the latest.
 */
export class FrameLoop {
  private readonly painters = new Set<(now: number) => void>()
  private readonly afterPaint: (() => void)[] = []
  private asked = false
  private windowStart = 0
  private sum = 0
  private worst = 0
  private frames = 0
  times: FrameTimes = { mean: 0, worst: 0, frames: 0 }

  constructor(private readonly raf: (callback: (now: number) => void) => unknown) {}

  /** Draws in every frame until the returned function is called. */
  add(painter: (now: number) => void): () => void {
    this.painters.add(painter)
    this.ask()
    return () => {
      this.painters.delete(painter)
    }
  }

  /** Runs at the end of every frame, after all painters. */
  onDrawn(callback: () => void): void {
    this.afterPaint.push(callback)
  }

  ask(): void {
    if (this.asked) return
    this.asked = true
    this.raf((now) => this.frame(now))
  }

  private frame(now: number): void {
    this.asked = false
    const start = performance.now()
    for (const painter of this.painters) painter(now)
    for (const callback of this.afterPaint) callback()
    this.account(now, performance.now() - start)
  }

  private account(now: number, took: number): void {
    this.sum += took
    this.frames++
    if (took > this.worst) this.worst = took
    if (now - this.windowStart < 1000) return
    this.times = { mean: this.sum / this.frames, worst: this.worst, frames: this.frames }
    this.windowStart = now
    this.sum = 0
    this.worst = 0
    this.frames = 0
  }
}
