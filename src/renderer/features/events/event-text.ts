/** What an event's line says, as the kernel prints it (include/rv/rv_trace.h). */
export interface EventParts {
  /** The instance that the line names: pid or object; null: none. */
  readonly id: number | null
  readonly state: string
  /** Empty where the line has none: LTL errors. */
  readonly event: string
  /** Empty: the line is an error. */
  readonly next: string
  readonly isFinal: boolean
}

const STEP = /^(?:event_\w+: )?(?:(-?\d+): )?(\S+) x (\S+) -> (\S+?)( \(final\))?$/u
const ERROR =
  /^(?:error_\w+: )?(?:(-?\d+): )?event (\S+) not expected in the state (\S+)(?: with env .*)?$/u
const LTL = /^(?:event_\w+: )?.*\[(-?\d+)\]: \((.*)\) x \((.*)\) -> \((.*)\)$/su
const LTL_ERROR = /^(?:error_\w+: )?.*\[(-?\d+)\]: violation detected$/su

/** Takes the line of an RV event apart; null: it is none that is known. */
export function eventParts(text: string): EventParts | null {
  const step = STEP.exec(text)
  if (step) {
    const [, id, state = '', event = '', next = '', final] = step
    return { id: idOf(id), state, event, next, isFinal: final !== undefined }
  }
  const error = ERROR.exec(text)
  if (error) {
    const [, id, event = '', state = ''] = error
    return { id: idOf(id), state, event, next: '', isFinal: false }
  }
  const ltl = LTL.exec(text)
  if (ltl) {
    const [, id, state = '', event = '', next = ''] = ltl
    return { id: idOf(id), state, event, next, isFinal: false }
  }
  const ltlError = LTL_ERROR.exec(text)
  if (ltlError) return { id: idOf(ltlError[1]), state: '', event: '', next: '', isFinal: false }
  return null
}

function idOf(digits: string | undefined): number | null {
  return digits === undefined ? null : Number(digits)
}
