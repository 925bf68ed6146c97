import type { Batch, ServerMessage, TaskFacts, Violation } from '../../contract/state'
import { serverMessage } from '../../contract/state'
import type { Request } from '../../contract/requests'
import type { ClientEnd, ObserverService } from '../service'
import { settled } from './fake-clock'

interface Row {
  id: number
  state: string | undefined
  event: string | undefined
  since: readonly [number, number]
  transitions: number
  violations: number
  label: string
  task: TaskFacts | undefined
}

/** What a window knows of a monitor after the messages so far. */
export class MonitorView {
  readonly states: string[] = []
  readonly events: string[] = []
  readonly rows = new Map<number, Row>()
  readonly edges = new Map<string, number>()
  readonly refused = new Map<string, number>()
  eventCount = 0
  violationCount = 0

  /** State by instance id; undefined: not monitoring. */
  current(): Record<string, string | undefined> {
    return Object.fromEntries([...this.rows.values()].map((row) => [row.id, row.state]))
  }
}

/** A window at the other end of the contract: checks every message and applies batches as a window does. */
export class WindowEnd {
  readonly messages: ServerMessage[] = []
  monitors = new Map<number, MonitorView>()
  violations = new Map<number, Violation>()
  batch: Partial<Batch> = {}
  log: string[] = []
  rows: { readonly n: number; readonly text: string; readonly at: string }[] = []
  seq = 0
  acknowledges = true
  readonly #end: ClientEnd
  #requests = 0

  constructor(service: ObserverService) {
    this.#end = service.attach((message) => {
      // What crosses the process border is cloned.
      const parsed = serverMessage.parse(structuredClone(message))
      this.messages.push(parsed)
      if (parsed.type === 'snapshot' || parsed.type === 'batch') this.#apply(parsed)
    })
  }

  post(message: unknown): void {
    this.#end.receive(message)
  }

  detach(): void {
    this.#end.detach()
  }

  hello(): void {
    this.post({ type: 'hello', version: 1 })
  }

  /** Asks, and returns the refusal or null. */
  async ask(request: Request): Promise<{ code: string; message: string } | null> {
    const id = ++this.#requests
    this.post({ type: 'request', id, request })
    for (let i = 0; i < 200; i++) {
      const reply = this.messages.find((m) => m.type === 'reply' && m.id === id)
      if (reply?.type === 'reply') return reply.error
      await settled()
    }
    throw new Error(`no reply to ${request.op}`)
  }

  monitor(name: string): MonitorView {
    const index = this.batch.monitors?.findIndex((m) => m.fullName === name) ?? -1
    const view = this.monitors.get(index)
    if (view === undefined) throw new Error(`no monitor ${name}`)
    return view
  }

  notices(): string[] {
    return this.messages.filter((m) => m.type === 'notice').map((m) => m.message)
  }

  #apply(message: Extract<ServerMessage, { type: 'snapshot' | 'batch' }>): void {
    const { batch } = message
    if (message.type === 'snapshot') {
      this.monitors = new Map()
      this.violations = new Map()
      this.batch = {}
      this.log = []
      this.rows = []
    } else if (message.seq !== this.seq + 1) throw new Error('a hole in the numbers of batches')
    this.seq = message.seq
    this.batch = { ...this.batch, ...batch }
    for (const delta of batch.deltas) this.#applyDelta(delta)
    for (const violation of [...batch.violations, ...batch.completed]) {
      this.violations.set(violation.seq, violation)
    }
    this.log.push(...batch.log.map((line) => line.text))
    batch.events?.rows.forEach((row, i) => {
      const at = `${row.sec}.${row.nsec} cpu ${row.cpu} ${row.comm}-${row.pid} ${row.flags}`
      this.rows.push({ n: (batch.events?.first ?? 0) + i, text: row.text, at })
    })
    if (this.acknowledges) {
      queueMicrotask(() => {
        this.post({ type: 'ack', seq: message.seq })
      })
    }
  }

  #applyDelta(delta: Batch['deltas'][number]): void {
    const view = this.monitors.get(delta.monitor) ?? new MonitorView()
    this.monitors.set(delta.monitor, view)
    view.states.push(...delta.newStates)
    view.events.push(...delta.newEvents)
    view.eventCount = delta.events
    view.violationCount = delta.violations
    const { rows, edges, refused } = delta
    rows.index.forEach((row, i) => {
      view.rows.set(row, {
        id: rows.id[i] ?? NaN,
        state: view.states[rows.state[i] ?? -1],
        event: view.events[rows.event[i] ?? -1],
        since: [rows.sinceSec[i] ?? 0, rows.sinceNsec[i] ?? 0],
        transitions: rows.transitions[i] ?? NaN,
        violations: rows.violations[i] ?? NaN,
        label: view.rows.get(row)?.label ?? '',
        task: view.rows.get(row)?.task
      })
    })
    for (const { index, label, task } of delta.labels) {
      const row = view.rows.get(index)
      if (row === undefined) continue
      row.label = label
      row.task = task
    }
    edges.from.forEach((from, i) => {
      const names = [
        view.states[from],
        view.events[edges.event[i] ?? -1],
        view.states[edges.to[i] ?? -1]
      ]
      view.edges.set(names.join(' '), edges.count[i] ?? NaN)
    })
    refused.from.forEach((from, i) => {
      const names = [view.states[from], view.events[refused.event[i] ?? -1]]
      view.refused.set(names.join(' '), refused.count[i] ?? NaN)
    })
  }
}
