import { createActor, createMachine, transition } from 'xstate'
import { RvEngine } from '../src/engine/rv'
import { HANDLE_EVENT, INITIAL, step } from '../src/engine/step'
import { INVALID, type Automaton } from '../src/model/automaton'
import type { Instrumentation } from '../src/model/instrumentation'
import type { AutomatonModel } from '../src/model/load'
import { TRACEPOINTS } from '../src/model/tracepoints'
import { runC } from './engine-c'
import { BenchHost } from './engine-host'
import { EVENTS, randoms } from './engine-streams'

/** Events that the model allows, on instances taken at random: every contestant does the same. */
export interface Walk {
  readonly instances: number
  readonly instance: Uint32Array
  readonly event: Uint8Array
  /** Sum of the states that are entered, which every contestant must get. */
  readonly sum: number
}

/** Work whose result is checked once it is measured. */
export interface Contestant {
  /** Does the whole stream. @returns the number of its events */
  readonly work: () => number
  readonly check: () => void
}

export function randomWalk({ table, events }: Automaton, instances: number): Walk {
  const instance = new Uint32Array(EVENTS)
  const event = new Uint8Array(EVENTS)
  const state = new Int16Array(instances)
  const random = randoms()
  let sum = 0
  for (let i = 0; i < EVENTS; i++) {
    const at = random(instances)
    const from = (state[at] ?? 0) * events.length
    let chosen = random(events.length)
    while ((table[from + chosen] ?? INVALID) === INVALID) chosen = (chosen + 1) % events.length
    instance[i] = at
    event[i] = chosen
    state[at] = table[from + chosen] ?? 0
    sum += state[at] ?? 0
  }
  return { instances, instance, event, sum }
}

/** @throws Error where a contestant did not do what the stream says */
export function demand(who: string, seen: number, expected: number): void {
  if (seen !== expected) throw new Error(`${who} came to ${seen}, not ${expected}.`)
}

/** The engine's own step(), on one array of states. */
export function bySteps({ table, events }: Automaton, walk: Walk): Contestant {
  const { instance, event } = walk
  const state = new Int16Array(walk.instances)
  let sum = 0
  return {
    work: () => {
      sum = 0
      state.fill(INITIAL)
      for (let i = 0; i < EVENTS; i++) {
        sum += step(table, events.length, state, instance[i] ?? 0, event[i] ?? 0, HANDLE_EVENT)
      }
      return EVENTS
    },
    check: () => {
      demand('step()', sum, walk.sum)
    }
  }
}

/** Index of a tracepoint by which a model event, or a start of that event, comes. */
function tracepointOf({ tracepoints }: Instrumentation, event: string, start: boolean): number {
  const found = tracepoints.find(({ steps }) =>
    steps
      .flat()
      .some(
        (rule) =>
          rule.kind === 'event' &&
          rule.event === event &&
          (!start || rule.call === 'handle_start_event')
      )
  )
  return TRACEPOINTS.findIndex(({ name }) => name === found?.tracepoint)
}

/** Work of which a part can be done: events from one to another, from the start state or not. */
export type Part = (from: number, to: number, begin: boolean) => number

/** From a tracepoint through the instrumentation's rules to the trace event, on as many CPUs. */
export function byHandlers(model: AutomatonModel, walk: Walk): Contestant & { readonly run: Part } {
  const { automaton, instrumentation } = model
  const host = new BenchHost(walk.instances, 0)
  const engine = new RvEngine(host)
  engine.enable(engine.register(model))
  const tracepoints = Int32Array.from(automaton.events, (name) =>
    tracepointOf(instrumentation, name, false)
  )
  const starts = automaton.events.map((name) => tracepointOf(instrumentation, name, true))
  const start = starts.find((index) => index >= 0)
  if (start === undefined || tracepoints.includes(-1)) throw new Error('No tracepoint gives it.')
  const { bus } = engine
  const { instance, event } = walk
  const run: Part = (from, to, begin) => {
    if (begin) {
      // Back to the initial state: monitoring anew, and the start event that is not counted.
      engine.setMonitoring(false)
      engine.setMonitoring(true)
      for (host.cpu = 0; host.cpu < walk.instances; host.cpu++) bus.fire(start)
      host.entered = 0
    }
    for (let i = from; i < to; i++) {
      host.cpu = instance[i] ?? 0
      bus.fire(tracepoints[event[i] ?? 0] ?? 0)
    }
    return to - from
  }
  return {
    run,
    work: () => run(0, EVENTS, true),
    check: () => {
      demand('The handlers', host.entered, walk.sum)
      demand('The handlers, in violations,', host.errors, 0)
    }
  }
}

function xstateMachine({ states, events, table, name }: Automaton) {
  const target = (from: number, event: number): string | undefined =>
    states[table[from * events.length + event] ?? INVALID]
  return createMachine({
    id: name,
    initial: states[0] ?? '',
    states: Object.fromEntries(
      states.map((state, from) => [
        state,
        {
          on: Object.fromEntries(
            events.flatMap((event, e) => {
              const to = target(from, e)
              return to === undefined ? [] : [[event, { target: to }]]
            })
          )
        }
      ])
    )
  })
}

/** Two ways of xstate. It is too slow for the whole stream: a part of it at a time is enough for a rate. */
export function byXstate(
  automaton: Automaton,
  walk: Walk
): { readonly send: () => number; readonly pure: () => number } {
  const machine = xstateMachine(automaton)
  const part = 20_000
  const events = automaton.events.map((type) => ({ type }))
  const none = { type: '' }
  const { instance, event, instances } = walk
  const actors = Array.from({ length: instances }, () => createActor(machine).start())
  const initial = createActor(machine).getSnapshot()
  const snapshots = new Array<typeof initial>(instances).fill(initial)
  let sent = 0
  let stepped = 0
  return {
    // Where the stream begins anew the instances are not where it expects them;
    // xstate then drops some events, which is to its advantage.
    send: () => {
      for (let i = 0; i < part; i++, sent = (sent + 1) % EVENTS) {
        actors[instance[sent] ?? 0]?.send(events[event[sent] ?? 0] ?? none)
      }
      return part
    },
    pure: () => {
      for (let i = 0; i < part; i++, stepped = (stepped + 1) % EVENTS) {
        const who = instance[stepped] ?? 0
        const what = events[event[stepped] ?? 0] ?? none
        snapshots[who] = transition(machine, snapshots[who] ?? initial, what)[0]
      }
      return part
    }
  }
}

/** The loop of bySteps() in C: events per second, or why there is no figure. */
export function stepsInC(automaton: Automaton, walk: Walk, source: string): number | string {
  const { states, events, table } = automaton
  const head = Uint32Array.of(EVENTS, walk.instances, states.length, events.length)
  const padded = new Int16Array((table.length + 1) & ~1)
  padded.set(table)
  const result = runC(source, undefined, [head, padded, walk.instance, walk.event])
  if (typeof result === 'string') return result
  demand('C', result.sums[0] ?? 0, walk.sum)
  return result.perSecond
}
