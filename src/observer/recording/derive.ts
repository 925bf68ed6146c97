import type { MonitorModel } from '../../model/load'
import { atomList, bitmapList } from '../../simulator/monitor-events'
import { createTraceDecoder, type TraceBatch } from '../../trace'
import { Replay, type NotReplayed } from '../replay/replay'

/** A jiffy in ns, which no trace tells: that of CONFIG_HZ=1000. */
const TICK = 1_000_000
const NEWLINE = 10

/** Which models' monitors can be derived from a trace that has these trace events, and why not the others. */
export function derivable(
  models: readonly MonitorModel[],
  recorded: ReadonlySet<string>
): { readonly models: readonly MonitorModel[]; readonly missing: readonly NotReplayed[] } {
  const run: MonitorModel[] = []
  const missing: NotReplayed[] = []
  for (const model of models) {
    if (model.kind === 'container') continue
    const wanted = model.instrumentation.tracepoints.map(({ tracepoint }) => tracepoint)
    const absent = wanted.filter((name) => !recorded.has(name))
    if (absent.length > 0 || wanted.length === 0)
      missing.push({ monitor: model.name, missing: absent })
    else run.push(model)
  }
  return { models: run, missing }
}

/**
 * Adds to the text of a trace what monitors of the panel's engine say of its tracepoints, in the
 * words in which a kernel's own monitors would, each behind the line that it is about.
 */
export class Deriver {
  readonly replay: Replay
  readonly #decoder = createTraceDecoder({ capacity: 1 })
  readonly #encoder = new TextEncoder()
  #said = ''
  #flags = ''
  /** A line that goes on in the next piece. */
  #rest: Uint8Array = new Uint8Array()
  readonly #feed = (batch: TraceBatch): void => {
    this.#flags = batch.names.names[batch.flags[0] ?? 0] ?? ''
    this.replay.feed(batch)
  }

  constructor(models: readonly MonitorModel[], cpus: number) {
    const words = (
      m: number,
      state: number,
      event: number,
      next = -1
    ): [string, string, string] => {
      const { states = [], events = [] } = this.replay.monitors[m]?.automaton ?? {}
      const invalid = 'INVALID'
      return [states[state] ?? invalid, events[event] ?? 'none', states[next] ?? invalid]
    }
    const subject = (m: number, id: number): string => {
      const type = this.replay.monitors[m]?.type
      return type === 'per_task' || type === 'per_obj' ? `${String(id)}: ` : ''
    }
    const task = (index: number): string =>
      `${this.replay.commOf(index)}[${String(this.replay.pidOf(index))}]: `
    this.replay = new Replay({
      models,
      cpus,
      tick: TICK,
      trace: {
        event: (m, id, from, what, to) => {
          const [state, event, next] = words(m, from, what, to)
          const final = this.replay.monitors[m]?.automaton?.final[to] === true ? ' (final)' : ''
          this.#say('event', m, `${subject(m, id)}${state} x ${event} -> ${next}${final}`)
        },
        error: (m, id, from, what) => {
          const [state, event] = words(m, from, what)
          this.#say(
            'error',
            m,
            `${subject(m, id)}event ${event} not expected in the state ${state}`
          )
        },
        errorEnv: (m, id, from, what, env) => {
          const [state, event] = words(m, from, what)
          const text = `event ${event} not expected in the state ${state} with env ${env}`
          this.#say('error_env', m, subject(m, id) + text)
        },
        // Handlers never race here.
        retries: () => undefined,
        ltlEvent: (m, index, states, atoms, next) => {
          const ltl = this.replay.monitors[m]?.ltl
          const held = ltl === undefined ? '' : atomList(ltl, atoms)
          const sets = `(${bitmapList(states)}) x (${held}) -> (${bitmapList(next)})`
          this.#say('event', m, task(index) + sets)
        },
        ltlError: (m, index) => {
          this.#say('error', m, `${task(index)}violation detected`)
        }
      }
    })
  }

  /** Hands the lines of a piece on, with what is derived from each behind it. */
  push(bytes: Uint8Array, sink: (text: Uint8Array) => void): void {
    let data = bytes
    if (this.#rest.length > 0) {
      data = new Uint8Array(this.#rest.length + bytes.length)
      data.set(this.#rest)
      data.set(bytes, this.#rest.length)
    }
    let shown = 0
    let start = 0
    for (let end = data.indexOf(NEWLINE); end >= 0; end = data.indexOf(NEWLINE, start)) {
      this.#decoder.decode(data.subarray(start, end + 1), this.#feed)
      start = end + 1
      if (this.#said === '') continue
      sink(data.subarray(shown, start))
      sink(this.#encoder.encode(this.#said))
      this.#said = ''
      shown = start
    }
    if (start > shown) sink(data.subarray(shown, start))
    this.#rest = data.slice(start)
  }

  /** What is left is a line that was cut. */
  finish(sink: (text: Uint8Array) => void): void {
    if (this.#rest.length > 0) sink(this.#rest)
    this.#rest = new Uint8Array()
  }

  #say(event: string, monitor: number, text: string): void {
    const { replay } = this
    const name = replay.monitors[monitor]?.name ?? ''
    const current = replay.currentTask()
    const pid = replay.pidOf(current)
    const comm = pid === 0 ? '<idle>' : replay.commOf(current)
    const us = Math.floor(replay.now() / 1000)
    const cpu = String(replay.currentCpu()).padStart(3, '0')
    const time = `${String(Math.floor(us / 1e6))}.${String(us % 1e6).padStart(6, '0')}`
    this.#said += ` ${comm}-${String(pid)} [${cpu}] ${this.#flags} ${time}: ${event}_${name}: ${text}\n`
  }
}
