import type { TaskOperand } from '../../expression'
import type { CUses } from './uses'
import type { CValue } from './value'

/** A task in C. */
export interface CTask {
  readonly pointer: string
  /** Whether the pointer may be NULL. */
  readonly nullable: boolean
}

/**
 * What the names of an expression are where its C stands. As with ExpressionScope, functions for
 * names that cannot stand there may throw.
 */
export interface CScope {
  readonly uses: CUses
  /** An argument of the tracepoint: an integer, or the number of an object. */
  field(name: string): CValue
  task(of: TaskOperand): CTask
  /** Pointer to the instance's own object. */
  object(): string
  /** The variable that holds the CPU in question; undefined: the one that this runs on. */
  readonly cpu: string | undefined
}

/** Where an expression names nothing but parameters, constants and what holds there. */
export function bareScope(uses: CUses, also: Partial<CScope> = {}): CScope {
  return {
    uses,
    field: (name) => {
      throw new RangeError(`there is no tracepoint here that has ${name}`)
    },
    task: (of) => {
      // A mock of KUnit's tests, where one runs.
      if (of.kind === 'current') return { pointer: CURRENT, nullable: false }
      throw new RangeError('there is no task here')
    },
    object: () => {
      throw new RangeError('there is no object here')
    },
    cpu: undefined,
    ...also
  }
}

/** The running task, or the one that a KUnit test puts in its place. */
export const CURRENT = 'rv_get_current()'
