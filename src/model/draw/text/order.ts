import type { GraphSpec } from '../spec'

/** Up to so many states after the first, every order is tried. */
const ALL_ORDERS = 6
/** Rounds of moving single states where there are too many orders. */
const ROUNDS = 6

/**
 * Orders of the states from top to bottom that keep edges short, the best first.
 * The first state of each is an initial one.
 *
 * @param count how many orders are wanted
 */
export function goodOrders(spec: GraphSpec, count: number): readonly (readonly number[])[] {
  const n = spec.states.length
  const first = Math.max(
    0,
    spec.states.findIndex(({ initial }) => initial)
  )
  const rest = Array.from({ length: n }, (_, i) => i).filter((i) => i !== first)
  const cost = costOf(spec)
  const found: { order: readonly number[]; cost: number }[] = []
  const keep = (order: readonly number[]): void => {
    found.push({ order, cost: cost(order) })
    if (found.length > 64 + count) {
      found.sort((a, b) => a.cost - b.cost)
      found.length = count
    }
  }
  if (rest.length <= ALL_ORDERS) {
    for (const tail of permutations(rest)) keep([first, ...tail])
  } else {
    for (const start of [reachOrder(spec, first, true), reachOrder(spec, first, false)]) {
      keep(start)
      keep(improved(start, cost))
    }
  }
  found.sort((a, b) => a.cost - b.cost)
  return found.slice(0, count).map(({ order }) => order)
}

/** What an order costs: neighbours are drawn straight, all others go round what lies between. */
function costOf(spec: GraphSpec): (order: readonly number[]) => number {
  const place = new Int32Array(spec.states.length)
  return (order) => {
    order.forEach((state, i) => (place[state] = i))
    let sum = 0
    for (const { from, to } of spec.edges) {
      if (from === to) continue
      const d = (place[to] ?? 0) - (place[from] ?? 0)
      sum += d === 1 ? 0 : d === -1 ? 1 : d > 0 ? 2 * d : -2.2 * d
    }
    return sum
  }
}

function* permutations(items: readonly number[]): Generator<readonly number[]> {
  if (items.length === 0) {
    yield []
    return
  }
  for (const [i, item] of items.entries()) {
    const others = items.filter((_, j) => j !== i)
    for (const tail of permutations(others)) yield [item, ...tail]
  }
}

/** As the states are reached, deep or wide first; those that are not reached come last. */
function reachOrder(spec: GraphSpec, first: number, deep: boolean): readonly number[] {
  const next = spec.states.map((): number[] => [])
  for (const { from, to } of spec.edges) next[from]?.push(to)
  const order: number[] = []
  const seen = new Set<number>()
  const waiting = [first]
  const all = [first, ...spec.states.keys()]
  for (const root of all) {
    if (!seen.has(root)) waiting.push(root)
    for (let at = take(); at !== undefined; at = take()) {
      if (seen.has(at)) continue
      seen.add(at)
      order.push(at)
      const more = next[at] ?? []
      waiting.push(...(deep ? [...more].reverse() : more))
    }
  }
  return order

  function take(): number | undefined {
    return deep ? waiting.pop() : waiting.shift()
  }
}

/** Moves single states to better places until nothing gets better. */
function improved(
  start: readonly number[],
  cost: (order: readonly number[]) => number
): readonly number[] {
  let best = start
  let least = cost(start)
  for (let round = 0; round < ROUNDS; round++) {
    const before = least
    for (let i = 1; i < best.length; i++) {
      for (let j = 1; j < best.length; j++) {
        if (i === j) continue
        const order = [...best]
        const [moved = 0] = order.splice(i, 1)
        order.splice(j, 0, moved)
        const c = cost(order)
        if (c < least) {
          least = c
          best = order
        }
      }
    }
    if (least === before) break
  }
  return best
}
