import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createActor, createMachine, getNextSnapshot, type AnyActorRef } from 'xstate'
import { RvEngine } from '../src/engine/rv'
import { HANDLE_EVENT, INITIAL, step } from '../src/engine/step'
import { INVALID, type Automaton } from '../src/model/automaton'
import type { MonitorModel } from '../src/model/load'
import { TRACEPOINTS } from '../src/model/tracepoints'
import { rate, type BenchRow } from './measure'

const INSTANCES = 4096
const EVENTS = 1 << 20

/** Events that the model allows, on instances taken at random: every contestant does the same. */
interface Stream {
  readonly instance: Uint16Array
  readonly event: Uint8Array
  /** Sum of the states that are entered, which every contestant must get. */
  readonly sum: number
}

function randomWalk({ table, events }: Automaton): Stream {
  const instance = new Uint16Array(EVENTS)
  const event = new Uint8Array(EVENTS)
  const state = new Int16Array(INSTANCES)
  let seed = 1
  const random = (below: number): number => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) | 0
    return ((seed >>> 8) % below) >>> 0
  }
  let sum = 0
  for (let i = 0; i < EVENTS; i++) {
    const at = random(INSTANCES)
    const from = (state[at] ?? 0) * events.length
    let chosen = random(events.length)
    while ((table[from + chosen] ?? INVALID) === INVALID) chosen = (chosen + 1) % events.length
    instance[i] = at
    event[i] = chosen
    state[at] = table[from + chosen] ?? 0
    sum += state[at] ?? 0
  }
  return { instance, event, sum }
}

function demand(who: string, sum: number, stream: Stream): void {
  if (sum !== stream.sum) throw new Error(`${who} entered other states: ${sum}, not ${stream.sum}.`)
}

/** The engine's own step(), on one array of states. */
function stepRate({ table, events }: Automaton, stream: Stream): number {
  const { instance, event } = stream
  const state = new Int16Array(INSTANCES)
  let sum = 0
  const result = rate(() => {
    sum = 0
    state.fill(INITIAL)
    for (let i = 0; i < EVENTS; i++) {
      sum += step(table, events.length, state, instance[i] ?? 0, event[i] ?? 0, HANDLE_EVENT)
    }
    return EVENTS
  })
  demand('step()', sum, stream)
  return result
}

/** From a tracepoint through the instrumentation's rules to the trace event. */
function handlerRate(model: MonitorModel, stream: Stream): number {
  const { automaton, instrumentation } = model
  let cpu = 0
  let sum = 0
  let errors = 0
  const engine = new RvEngine({
    now: () => 0,
    currentCpu: () => cpu,
    possibleCpus: INSTANCES,
    isOnline: () => true,
    forEachTask: () => undefined,
    pidOf: () => 0,
    printk: () => undefined,
    panic: () => undefined,
    trace: {
      event: (_monitor, _id, _state, _event, next) => {
        sum += next
      },
      error: () => {
        errors++
      },
      errorEnv: () => undefined,
      retries: () => undefined
    }
  })
  const monitor = engine.registerMonitor(model)
  engine.enable(monitor)
  const tracepointOf = (call: string, name: string): number => {
    const found = instrumentation.tracepoints.find(({ steps }) =>
      steps.flat().some((rule) => rule.event === name && (call === '' || rule.call === call))
    )
    if (found === undefined) throw new Error(`No tracepoint gives ${name}.`)
    return TRACEPOINTS.findIndex(({ name }) => name === found.tracepoint)
  }
  const tracepoints = Uint8Array.from(automaton.events, (name) => tracepointOf('', name))
  const start = automaton.events.find((name) => {
    const rules = instrumentation.tracepoints.flatMap(({ steps }) => steps.flat())
    return rules.some((rule) => rule.event === name && rule.call === 'handle_start_event')
  })
  const startPoint = tracepointOf('handle_start_event', start ?? '')
  const { bus } = engine
  const { instance, event } = stream
  const result = rate(() => {
    // Back to the initial state: monitoring anew, and the start event that is not counted.
    engine.setMonitoring(false)
    engine.setMonitoring(true)
    for (cpu = 0; cpu < INSTANCES; cpu++) bus.fire(startPoint)
    sum = 0
    for (let i = 0; i < EVENTS; i++) {
      cpu = instance[i] ?? 0
      bus.fire(tracepoints[event[i] ?? 0] ?? 0)
    }
    return EVENTS
  })
  demand('The handlers', sum, stream)
  if (errors > 0) throw new Error(`The handlers saw ${errors} violations.`)
  return result
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

/** xstate, the faster of its two ways. It is too slow for the whole stream: a part of it is enough for a rate. */
function xstateRate(automaton: Automaton, stream: Stream): { how: string; perSecond: number } {
  const machine = xstateMachine(automaton)
  const part = 20_000
  const events = automaton.events.map((type) => ({ type }))
  const none = { type: '' }
  const { instance, event } = stream

  let actors: AnyActorRef[] = []
  const fresh = (): void => {
    actors = Array.from({ length: INSTANCES }, () => createActor(machine).start())
  }
  fresh()
  let at = 0
  const sent = rate(() => {
    for (let i = 0; i < part; i++, at++) {
      // From the beginning again the actors are where the stream does not expect
      // them; xstate then drops some events, which is to its advantage.
      const next = at % EVENTS
      actors[instance[next] ?? 0]?.send(events[event[next] ?? 0] ?? none)
    }
    return part
  })

  const initial = createActor(machine).getSnapshot()
  const snapshots = new Array<typeof initial>(INSTANCES).fill(initial)
  at = 0
  const pure = rate(() => {
    for (let i = 0; i < part; i++, at++) {
      const next = at % EVENTS
      const who = instance[next] ?? 0
      snapshots[who] = getNextSnapshot(
        machine,
        snapshots[who] ?? initial,
        events[event[next] ?? 0] ?? none
      )
    }
    return part
  })
  return sent > pure
    ? { how: 'xstate 5, actor.send()', perSecond: sent }
    : { how: 'xstate 5, getNextSnapshot()', perSecond: pure }
}

/** The same loop in C, or why there is none. */
function cRate(automaton: Automaton, stream: Stream, source: string): number | string {
  const folder = mkdtempSync(join(tmpdir(), 'rvpanel-bench-'))
  try {
    const program = join(folder, 'step')
    try {
      execFileSync('cc', ['-O2', '-o', program, source], { stdio: 'ignore' })
    } catch {
      return 'no C compiler (cc)'
    }
    const { states, events, table } = automaton
    const head = Uint32Array.of(EVENTS, INSTANCES, states.length, events.length)
    const data = join(folder, 'events')
    writeFileSync(data, Buffer.concat([head, table, stream.instance, stream.event].map(bytesOf)))
    const [perSecond, sum] = execFileSync(program, [data], { encoding: 'utf8' }).trim().split(' ')
    demand('C', Number(sum), stream)
    return Number(perSecond)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function bytesOf(array: ArrayBufferView): Buffer {
  return Buffer.from(array.buffer, array.byteOffset, array.byteLength)
}

/** Steps per second of the engine over 4,096 instances, against xstate and C. */
export function benchEngine(model: MonitorModel, cSource: string): BenchRow[] {
  const { automaton } = model
  const stream = randomWalk(automaton)
  const steps = stepRate(automaton, stream)
  const handled = handlerRate(model, stream)
  const xstate = xstateRate(automaton, stream)
  const c = cRate(automaton, stream, cSource)
  const name = 'Engine: steps over 4,096 instances'
  const unit = 'steps/s'
  return [
    { what: name, figure: steps, unit, peer: xstate.how, peerFigure: xstate.perSecond, aim: 100 },
    typeof c === 'string'
      ? { what: name, figure: steps, unit, peer: 'C, cc -O2', aim: 0.2, missing: c }
      : { what: name, figure: steps, unit, peer: 'C, cc -O2', peerFigure: c, aim: 0.2 },
    {
      what: 'Engine: tracepoint to trace event, the same events',
      figure: handled,
      unit: 'events/s',
      peer: xstate.how,
      peerFigure: xstate.perSecond
    }
  ]
}
