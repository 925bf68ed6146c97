import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createActor, createMachine, transition } from 'xstate'
import { RvEngine } from '../src/engine/rv'
import { HANDLE_EVENT, INITIAL, step } from '../src/engine/step'
import { INVALID, type Automaton } from '../src/model/automaton'
import type { MonitorModel } from '../src/model/load'
import { TRACEPOINTS } from '../src/model/tracepoints'
import { rates, type BenchRow } from './measure'

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

/** Work whose result is checked once it is measured. */
interface Contestant {
  readonly work: () => number
  readonly check: () => void
}

/** The engine's own step(), on one array of states. */
function bySteps({ table, events }: Automaton, stream: Stream): Contestant {
  const { instance, event } = stream
  const state = new Int16Array(INSTANCES)
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
    check: () => demand('step()', sum, stream)
  }
}

/** From a tracepoint through the instrumentation's rules to the trace event. */
function byHandlers(model: MonitorModel, stream: Stream): Contestant {
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
  const work = (): number => {
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
  }
  return {
    work,
    check: () => {
      demand('The handlers', sum, stream)
      if (errors > 0) throw new Error(`The handlers saw ${errors} violations.`)
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
function byXstate(
  automaton: Automaton,
  stream: Stream
): { readonly send: () => number; readonly pure: () => number } {
  const machine = xstateMachine(automaton)
  const part = 20_000
  const events = automaton.events.map((type) => ({ type }))
  const none = { type: '' }
  const { instance, event } = stream
  const actors = Array.from({ length: INSTANCES }, () => createActor(machine).start())
  const initial = createActor(machine).getSnapshot()
  const snapshots = new Array<typeof initial>(INSTANCES).fill(initial)
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
  const ours = bySteps(automaton, stream)
  const handlers = byHandlers(model, stream)
  const xstates = byXstate(automaton, stream)
  const none = Number.NaN
  const [steps = none, handled = none, sent = none, pure = none] = rates(
    ours.work,
    handlers.work,
    xstates.send,
    xstates.pure
  )
  ours.check()
  handlers.check()
  const xstate =
    sent > pure
      ? { how: 'xstate 5, actor.send()', perSecond: sent }
      : { how: 'xstate 5, transition()', perSecond: pure }
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
