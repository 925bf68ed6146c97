import { DEAD, unionOf } from '../dfa'
import { OperationFailure } from '../failure'
import { cellsOf, holds } from './side'
import type { Environment, Side } from './side'
import { CLOCK_A, CLOCK_B, Zone } from './zone'
import type { Interval } from './zone'

/** Steps from a pair of states that are tried before the search gives up. */
const MAX_STEPS = 2_000_000
/** Values of the environment that are told apart for one pair of states and event. */
const MAX_ENVIRONMENTS = 4_096

/** A step of a timed sequence: what happened, and in which intervals clocks and environment were. */
export interface TimedStep {
  /** Name of the event; undefined: time passed and nothing came. */
  readonly event: string | undefined
  /** The clock of each side before the step; undefined where it was not asked or never reset. */
  readonly clocks: readonly [Interval | undefined, Interval | undefined]
  readonly resets: readonly [boolean, boolean]
  readonly environment: Environment
  /** States behind it, or DEAD. */
  readonly a: number
  readonly b: number
}

/** What a search found. */
export interface TimedDifference {
  readonly onlyA: readonly TimedStep[] | undefined
  readonly onlyB: readonly TimedStep[] | undefined
  /** Whether the two clocks were ever apart, having been reset at different events. */
  readonly apart: boolean
}

interface Node {
  readonly a: number
  readonly b: number
  readonly zone: Zone
  readonly parent: Node | undefined
  readonly step: TimedStep | undefined
}

/**
 * The shortest timed sequences of events, counted in steps, that one side accepts and the other
 * refuses. Exact: each set of clock values that a pair of states can be entered with is a zone, and
 * each comparison either holds in all of an interval or in none of it.
 *
 * @throws OperationFailure where that takes too many steps
 */
export function searchTimed(a: Side, b: Side): TimedDifference {
  return new TimedSearch(a, b).search()
}

class TimedSearch {
  readonly #events: readonly { name: string | undefined; inA: number; inB: number }[]
  readonly #clockCells: readonly [readonly Interval[], readonly Interval[]]
  readonly #envCells: ReadonlyMap<string, readonly Interval[]>
  readonly #largest: readonly [0, number, number]
  readonly #seen = new Set<string>()
  readonly #nodes: Node[] = []
  #steps = 0
  #apart = false
  #onlyA: readonly TimedStep[] | undefined
  #onlyB: readonly TimedStep[] | undefined

  constructor(
    private readonly a: Side,
    private readonly b: Side
  ) {
    const events: { name: string | undefined; inA: number; inB: number }[] = unionOf(
      a.events,
      b.events
    ).map((name) => ({ name, inA: a.events.indexOf(name), inB: b.events.indexOf(name) }))
    // An invariant ends also where no event comes: its timer sees to that.
    const timed = [...a.limits, ...b.limits].some((limit) => limit !== undefined)
    if (timed) events.push({ name: undefined, inA: -1, inB: -1 })
    this.#events = events
    this.#clockCells = [cellsOf(numbersOf(a)), cellsOf(numbersOf(b))]
    this.#largest = [0, Math.max(0, ...numbersOf(a)), Math.max(0, ...numbersOf(b))]
    const names = unionOf([...a.envNumbers.keys()], [...b.envNumbers.keys()])
    this.#envCells = new Map(
      names.map((env) => [
        env,
        cellsOf([...(a.envNumbers.get(env) ?? []), ...(b.envNumbers.get(env) ?? [])])
      ])
    )
  }

  search(): TimedDifference {
    this.#reach({ a: 0, b: 0, zone: Zone.start(), parent: undefined, step: undefined })
    // The list grows while it is walked.
    for (const node of this.#nodes) {
      if (this.#onlyA !== undefined && this.#onlyB !== undefined) break
      if (node.a === DEAD && this.#onlyB !== undefined) continue
      if (node.b === DEAD && this.#onlyA !== undefined) continue
      for (const event of this.#events) this.#take(node, event)
    }
    return { onlyA: this.#onlyA, onlyB: this.#onlyB, apart: this.#apart }
  }

  /** Every way in which the event may come. */
  #take(node: Node, event: { name: string | undefined; inA: number; inB: number }): void {
    const { a, b } = this
    const cellA = node.a === DEAD || event.inA < 0 ? -1 : node.a * a.events.length + event.inA
    const cellB = node.b === DEAD || event.inB < 0 ? -1 : node.b * b.events.length + event.inB
    const guardA = a.guards.get(cellA)
    const guardB = b.guards.get(cellB)
    const limitA = node.a === DEAD ? undefined : a.limits[node.a]
    const limitB = node.b === DEAD ? undefined : b.limits[node.b]
    if (event.name === undefined && limitA === undefined && limitB === undefined) return
    const stay = event.name === undefined
    const nextA = stay ? node.a : cellA < 0 ? DEAD : (a.table[cellA] ?? DEAD)
    const nextB = stay ? node.b : cellB < 0 ? DEAD : (b.table[cellB] ?? DEAD)
    if (nextA === DEAD && nextB === DEAD) return
    const asksA = limitA !== undefined || guardA?.asksClock === true
    const asksB = limitB !== undefined || guardB?.asksClock === true
    const later = node.zone.later()
    const environments = this.#environments([...(guardA?.envs ?? []), ...(guardB?.envs ?? [])])
    for (const [zoneA, clockA] of this.#parts(later, CLOCK_A, asksA)) {
      for (const [zone, clockB] of this.#parts(zoneA, CLOCK_B, asksB)) {
        for (const environment of environments) {
          if (++this.#steps > MAX_STEPS) {
            throw new OperationFailure(
              `The comparison takes more than ${MAX_STEPS} steps; expected fewer states or guards.`
            )
          }
          const takesA =
            nextA !== DEAD &&
            allowed(a, limitA, clockA) &&
            (guardA === undefined || holds(guardA, clockA?.low, environment))
          const takesB =
            nextB !== DEAD &&
            allowed(b, limitB, clockB) &&
            (guardB === undefined || holds(guardB, clockB?.low, environment))
          if (!takesA && !takesB) continue
          const resets = [
            takesA && guardA?.resets === true,
            takesB && guardB?.resets === true
          ] as const
          let entered = zone
          if (resets[0]) entered = entered.reset(CLOCK_A)
          if (resets[1]) entered = entered.reset(CLOCK_B)
          const to = { a: takesA ? nextA : DEAD, b: takesB ? nextB : DEAD }
          this.#reach({
            ...to,
            zone: entered.blurred(this.#largest),
            parent: node,
            step: { event: event.name, clocks: [clockA, clockB], resets, environment, ...to }
          })
        }
      }
    }
  }

  /** The zone cut at the numbers that a clock is compared with, where it is asked at all. */
  #parts(
    zone: Zone,
    clock: typeof CLOCK_A | typeof CLOCK_B,
    asked: boolean
  ): readonly (readonly [Zone, Interval | undefined])[] {
    if (!asked || !zone.isActive(clock)) return [[zone, undefined]]
    return (
      this.#clockCells[clock - 1]?.flatMap((cell) => {
        const part = zone.within(clock, cell)
        return part === undefined ? [] : [[part, cell] as const]
      }) ?? []
    )
  }

  /** Every combination of intervals that the variables can be in. */
  #environments(envs: readonly string[]): Environment[] {
    let all: Environment[] = [new Map()]
    for (const env of new Set(envs)) {
      const cells = this.#envCells.get(env) ?? []
      if (all.length * cells.length > MAX_ENVIRONMENTS) {
        throw new OperationFailure(
          `The guards of one event tell more than ${MAX_ENVIRONMENTS} environments apart; expected simpler guards.`
        )
      }
      all = all.flatMap((before) => cells.map((cell) => new Map([...before, [env, cell]])))
    }
    return all
  }

  #reach(node: Node): void {
    const key = `${node.a};${node.b};${node.zone.key}`
    if (this.#seen.has(key)) return
    this.#seen.add(key)
    this.#nodes.push(node)
    if (!node.zone.isTogether) this.#apart = true
    const byA = node.a !== DEAD && this.a.accepting[node.a] === 1
    const byB = node.b !== DEAD && this.b.accepting[node.b] === 1
    if (byA && !byB) this.#onlyA ??= pathTo(node)
    if (byB && !byA) this.#onlyB ??= pathTo(node)
  }
}

/** Whether the invariant lets anything happen. In ns a clock that was never reset passes, in jiffies it shows the uptime and fails. */
function allowed(side: Side, limit: number | undefined, clock: Interval | undefined): boolean {
  if (limit === undefined) return true
  if (clock === undefined) return side.clockKind !== 'jiffies'
  return clock.low <= limit
}

/** Numbers at which the clock's intervals end: those of guards, and limits. */
function numbersOf(side: Side): number[] {
  const limits = side.limits.flatMap((limit) => (limit === undefined || limit < 0 ? [] : [limit]))
  return [...side.clockNumbers, ...limits]
}

function pathTo(node: Node): TimedStep[] {
  const steps: TimedStep[] = []
  for (let at: Node | undefined = node; at !== undefined; at = at.parent) {
    if (at.step !== undefined) steps.push(at.step)
  }
  return steps.reverse()
}
