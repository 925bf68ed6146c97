import type { Automaton } from '../automaton'

/** Where an environment variable is used: indexes of its first uses, or undefined. */
export interface EnvUse {
  /** State whose invariant bounds it. */
  invariant: number | undefined
  /** Transition whose guard compares it. */
  guard: number | undefined
  /** Transition that resets it. */
  reset: number | undefined
}

/** The first uses of every environment variable. */
export function envUses({ transitions, invariants }: Automaton): ReadonlyMap<string, EnvUse> {
  const uses = new Map<string, EnvUse>()
  const use = (env: string): EnvUse => {
    let found = uses.get(env)
    if (found === undefined) {
      found = { invariant: undefined, guard: undefined, reset: undefined }
      uses.set(env, found)
    }
    return found
  }
  transitions.forEach(({ guard }, i) => {
    if (guard === undefined) return
    for (const { env } of guard.constraints) use(env).guard ??= i
    if (guard.reset !== undefined) use(guard.reset).reset ??= i
  })
  invariants.forEach((c, state) => {
    if (c !== undefined) use(c.env).invariant ??= state
  })
  return uses
}
