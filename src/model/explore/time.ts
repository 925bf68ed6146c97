import type { ClockKind } from '../automaton'

const NS = { ns: 1, us: 1e3, ms: 1e6, s: 1e9 } as const

/**
 * A whole number with a unit as in a model, or without one: `10us` is 10,000 ns, `5j` is 5 jiffies.
 * Undefined for anything else, and for more than a number holds exactly.
 */
export function parseTime(
  text: string
): { readonly amount: number; readonly kind: ClockKind | undefined } | undefined {
  const [, digits, unit] = /^([0-9]{1,16})(ns|us|ms|s|j)?$/.exec(text) ?? []
  if (digits === undefined) return undefined
  const factor = unit === undefined || unit === 'j' ? 1 : NS[unit as keyof typeof NS]
  const amount = Number(digits) * factor
  if (!Number.isSafeInteger(amount)) return undefined
  return { amount, kind: unit === undefined ? undefined : unit === 'j' ? 'jiffies' : 'ns' }
}
