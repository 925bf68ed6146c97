import type { WindowApi } from '../contract/preload-api'
import type { ClientMessage } from '../contract/requests'
import type {
  Batch,
  MonitorDelta,
  MonitorInfo,
  ServerMessage,
  TargetStatus,
  Violation
} from '../contract/state'
import { FakeSettings } from './dev/fake-settings'

/** The observer's side of the contract, played by hand in tests. */
export class FakePort {
  readonly sent: ClientMessage[] = []
  /** Main's side of the settings. */
  readonly settings = new FakeSettings()
  private listener: ((message: unknown) => void) | undefined
  readonly api: WindowApi = {
    post: (message) => this.sent.push(message),
    subscribe: (listener) => {
      this.listener = listener
      return () => {
        this.listener = undefined
      }
    },
    models: {
      ask: () => Promise.resolve({ type: 'shelf', models: [], drafts: [] })
    },
    recordings: {
      ask: () => Promise.resolve({ type: 'cancelled' }),
      pathOf: () => ''
    },
    menu: { tell: () => undefined, onChoose: () => () => undefined },
    settings: this.settings.api,
    about: { version: 'test', platform: 'test', kiosk: null }
  }

  send(message: ServerMessage): void {
    this.listener?.(message)
  }

  /** Anything, as a broken or hostile peer would. */
  sendRaw(message: unknown): void {
    this.listener?.(message)
  }

  requests(): Extract<ClientMessage, { type: 'request' }>[] {
    return this.sent.filter((m) => m.type === 'request')
  }

  /** Answers the newest request. */
  answer(error: { code: string; message: string } | null): void {
    const id = this.requests().at(-1)?.id ?? 0
    this.send({ type: 'reply', id, error })
  }
}

export function emptyBatch(parts: Partial<Batch> = {}): Batch {
  return { deltas: [], violations: [], completed: [], log: [], ...parts }
}

export function monitorInfo(name: string, parts: Partial<MonitorInfo> = {}): MonitorInfo {
  return {
    name,
    fullName: name,
    parent: null,
    class: 'da',
    type: 'per_cpu',
    description: `${name} monitor`,
    enabled: false,
    reactor: 'nop',
    model: null,
    instrumentation: null,
    ...parts
  }
}

export function targetStatus(parts: Partial<TargetStatus> = {}): TargetStatus {
  return {
    phase: 'connected',
    kind: 'sim',
    name: 'board-7',
    release: '7.3.0',
    cpus: 4,
    tracefs: '/sys/kernel/tracing',
    message: '',
    generation: 1,
    ...parts
  }
}

export interface RowValues {
  readonly index: number
  readonly id?: number
  readonly state?: number
  readonly event?: number
  readonly since?: number
  readonly transitions?: number
  readonly violations?: number
}

/** A delta from plain numbers; edges are [from, event, to, count], refused [from, event, count]. */
export function delta(
  monitor: number,
  parts: {
    states?: string[]
    events?: string[]
    rows?: RowValues[]
    /** [row, state, nsec] */
    lane?: [number, number, number][]
    missed?: number
    labels?: MonitorDelta['labels']
    edges?: [number, number, number, number][]
    refused?: [number, number, number][]
    total?: number
    violations?: number
  }
): MonitorDelta {
  const rows = parts.rows ?? []
  const lane = parts.lane ?? []
  const edges = parts.edges ?? []
  const refused = parts.refused ?? []
  return {
    monitor,
    newStates: parts.states ?? [],
    newEvents: parts.events ?? [],
    rows: {
      index: Uint32Array.from(rows, (r) => r.index),
      id: Int32Array.from(rows, (r) => r.id ?? r.index),
      state: Int16Array.from(rows, (r) => r.state ?? -1),
      event: Int16Array.from(rows, (r) => r.event ?? -1),
      sinceSec: Uint32Array.from(rows, () => 0),
      sinceNsec: Uint32Array.from(rows, (r) => r.since ?? 0),
      transitions: Float64Array.from(rows, (r) => r.transitions ?? 0),
      violations: Uint32Array.from(rows, (r) => r.violations ?? 0)
    },
    lane: {
      index: Uint32Array.from(lane, (l) => l[0]),
      state: Int16Array.from(lane, (l) => l[1]),
      sec: Uint32Array.from(lane, () => 0),
      nsec: Uint32Array.from(lane, (l) => l[2]),
      missed: parts.missed ?? 0
    },
    labels: parts.labels ?? [],
    edges: {
      from: Int16Array.from(edges, (e) => e[0]),
      event: Int16Array.from(edges, (e) => e[1]),
      to: Int16Array.from(edges, (e) => e[2]),
      count: Float64Array.from(edges, (e) => e[3])
    },
    refused: {
      from: Int16Array.from(refused, (e) => e[0]),
      event: Int16Array.from(refused, (e) => e[1]),
      count: Float64Array.from(refused, (e) => e[2])
    },
    events: parts.total ?? 0,
    violations: parts.violations ?? 0
  }
}

export function violation(seq: number, parts: Partial<Violation> = {}): Violation {
  return {
    seq,
    monitor: 0,
    kind: 'error',
    sec: 1,
    nsec: 500,
    cpu: 2,
    pid: 42,
    comm: 'cyclictest',
    flags: 'd.h1.',
    id: null,
    label: '',
    state: 'preemptive',
    event: 'sched_waking',
    env: null,
    text: 'event sched_waking not expected in the state preemptive',
    path: [],
    context: [],
    stack: [],
    reaction: { reactor: 'nop', without: null },
    ...parts
  }
}
