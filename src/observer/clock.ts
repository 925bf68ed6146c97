/** Time and timers of the host, so that tests have their own. */
export interface Clock {
  /** Milliseconds of a clock that only goes forward. */
  now(): number
  /** Of the wall, ms since 1970. */
  wall(): number
  /** Calls back once after so many milliseconds. Returns the way to cancel. */
  after(ms: number, callback: () => void): () => void
}

/** The clock of Node. */
export const systemClock: Clock = {
  now: () => performance.now(),
  wall: () => Date.now(),
  after: (ms, callback) => {
    const timer = setTimeout(callback, ms)
    return () => {
      clearTimeout(timer)
    }
  }
}
