/** Of a recording: how many verdicts the kernel gave, and how many of them the engine derived as well. */
export interface Agreement {
  readonly kernelEvents: number
  readonly same: number
}

export const AGREEMENT: Readonly<Record<string, Agreement>> = {
  wip: { kernelEvents: 14_885, same: 14_869 },
  wwnr: { kernelEvents: 8_963, same: 8_963 },
  stall: { kernelEvents: 9_549, same: 9_549 }
}
