import type { EventRows, MonitorDelta, MonitorInfo, Violation } from '../../contract/state'
import { parseDot } from '../../model/dot'

const COMMS = [
  'cyclictest',
  'irq/24-eth0',
  'ksoftirqd/1',
  'audio-rt',
  'kworker/2:1',
  'sshd',
  'can-rx',
  'bash',
  'rcu_preempt',
  'migration/0'
]

type EventRow = EventRows['rows'][number]

interface Walk {
  states: readonly string[]
  events: readonly string[]
  edges: readonly (readonly [number, number, number])[]
}

const SSSW: Walk = {
  states: ['runnable', 'sleepable', 'sleeping', 'signal_wakeup'],
  events: [
    'sched_set_state_sleepable',
    'sched_switch_suspend',
    'sched_wakeup',
    'sched_switch_in',
    'sched_switch_preempt',
    'sched_switch_yield',
    'signal_deliver',
    'sched_switch_blocking'
  ],
  edges: [
    [0, 0, 1],
    [1, 1, 2],
    [2, 2, 0],
    [0, 3, 0],
    [0, 4, 0],
    [1, 3, 1],
    [1, 4, 1],
    [1, 2, 0],
    [1, 5, 3],
    [3, 6, 0],
    [0, 7, 2]
  ]
}
const LTL: Walk = {
  states: ['0-1,4-5', '0,4', '1,5', '2-3'],
  events: ['rt', 'rt,sle', 'us_th', 'rt,us_th'],
  edges: [
    [0, 0, 1],
    [1, 1, 2],
    [2, 2, 0],
    [0, 3, 3],
    [3, 2, 0]
  ]
}

function walkOf(info: MonitorInfo): Walk | null {
  if (info.model !== null) {
    const a = parseDot(info.model, 'x.dot').automaton
    if (!a) return null
    return {
      states: a.states,
      events: a.events,
      edges: a.transitions.map((t) => [t.from, t.event, t.to] as const)
    }
  }
  if (info.class === 'ltl') return LTL
  if (info.name === 'nrp') return SSSW
  return null
}

/** A random walk on a model, as the observer would fold it. */
export class FakeMonitor {
  readonly able: boolean
  events = 0
  violations = 0
  private readonly walk: Walk
  private readonly state: Int16Array
  private readonly lastEvent: Int16Array
  private readonly since: Float64Array
  private readonly transitions: Float64Array
  private readonly bad: Uint32Array
  private readonly dirty = new Set<number>()
  private readonly counts = new Map<string, number>()
  private readonly refused = new Map<string, number>()
  private introduced = false

  constructor(
    private readonly info: MonitorInfo,
    private readonly n: number
  ) {
    const walk = walkOf(info)
    this.able = walk !== null
    this.walk = walk ?? { states: [], events: [], edges: [] }
    this.state = new Int16Array(n).fill(-1)
    this.lastEvent = new Int16Array(n).fill(-1)
    this.since = new Float64Array(n)
    this.transitions = new Float64Array(n)
    this.bad = new Uint32Array(n)
  }

  id(row: number): number {
    return this.info.type === 'per_cpu' ? row : 100 + row * 7
  }

  comm(row: number): string {
    return this.info.type === 'per_cpu' ? '' : (COMMS[row % COMMS.length] ?? '')
  }

  step(at: number, monitor: number, seq: number): { event: EventRow; violation: Violation | null } {
    const row = Math.floor(Math.random() * this.n)
    const sec = Math.floor(at / 1e9)
    const nsec = Math.floor(at % 1e9)
    const before = Math.max(0, this.state[row] ?? 0)
    this.dirty.add(row)
    this.events++
    const head = {
      sec,
      nsec,
      cpu: this.info.type === 'per_cpu' ? row : row % 4,
      pid: 100 + row * 7,
      comm: COMMS[row % COMMS.length] ?? '',
      flags: 'd.h1.',
      monitor
    }
    const name = this.info.name
    const idText = this.info.type === 'per_cpu' ? '' : `${this.id(row)}: `
    const bad = this.walk.events.findIndex(
      (_, e) => !this.walk.edges.some(([f, ev]) => f === before && ev === e)
    )
    if (bad >= 0 && Math.random() < 0.0012 && (this.state[row] ?? -1) >= 0) {
      this.violations++
      this.bad[row] = (this.bad[row] ?? 0) + 1
      const key = `${before},${bad}`
      this.refused.set(key, (this.refused.get(key) ?? 0) + 1)
      this.state[row] = -1
      this.since[row] = at
      const state = this.walk.states[before] ?? ''
      const event = this.walk.events[bad] ?? ''
      const text = `error_${name}: ${idText}event ${event} not expected in the state ${state}`
      const edge = this.walk.edges[0] ?? [0, 0, 0]
      return {
        event: { ...head, error: true, text },
        violation: {
          seq,
          ...head,
          kind: 'error',
          id: this.info.type === 'per_cpu' ? null : this.id(row),
          label: this.comm(row),
          state,
          event,
          env: null,
          text: `rv: monitor ${name} does not allow event ${event} on state ${state}`,
          stack: [],
          reaction: { reactor: 'nop', without: null },
          path: [0, 1, 2].map((k) => ({
            sec,
            nsec: nsec - (3 - k) * 1000,
            cpu: head.cpu,
            from: this.walk.states[edge[0]] ?? '',
            event: this.walk.events[edge[1]] ?? '',
            to: this.walk.states[edge[2]] ?? ''
          })),
          context: [0, 1, 2, 3].map((k) => ({
            sec,
            nsec: Math.max(0, nsec - (3 - k) * 400),
            cpu: head.cpu,
            pid: head.pid,
            comm: head.comm,
            flags: 'd.h1.',
            text: k === 3 ? text : `event_${name}: ${idText}${state} x ${event} -> ${state}`,
            here: k === 3
          }))
        }
      }
    }
    const out = this.walk.edges.filter(([f]) => f === before)
    const [from, e, to] = out[Math.floor(Math.random() * out.length)] ?? [0, 0, 0]
    const key = `${from},${e},${to}`
    this.counts.set(key, (this.counts.get(key) ?? 0) + 1)
    this.lastEvent[row] = e
    if (this.state[row] !== to) this.since[row] = at
    this.state[row] = to
    this.transitions[row] = (this.transitions[row] ?? 0) + 1
    const text = `event_${name}: ${idText}${this.walk.states[from]} x ${this.walk.events[e]} -> ${this.walk.states[to]}`
    return { event: { ...head, error: false, text }, violation: null }
  }

  everything(): void {
    this.introduced = false
    for (let i = 0; i < this.n; i++) this.dirty.add(i)
  }

  delta(monitor: number): MonitorDelta | null {
    if (this.dirty.size === 0) return null
    const first = !this.introduced
    this.introduced = true
    const rows = first ? Array.from({ length: this.n }, (_, i) => i) : [...this.dirty]
    this.dirty.clear()
    const edges = [...this.counts].map(([k, v]) => [...k.split(',').map(Number), v])
    const refused = [...this.refused].map(([k, v]) => [...k.split(',').map(Number), v])
    return {
      monitor,
      newStates: first ? [...this.walk.states] : [],
      newEvents: first ? [...this.walk.events] : [],
      rows: {
        index: Uint32Array.from(rows),
        id: Int32Array.from(rows, (r) => this.id(r)),
        state: Int16Array.from(rows, (r) => this.state[r] ?? -1),
        event: Int16Array.from(rows, (r) => this.lastEvent[r] ?? -1),
        sinceSec: Uint32Array.from(rows, (r) => Math.floor((this.since[r] ?? 0) / 1e9)),
        sinceNsec: Uint32Array.from(rows, (r) => Math.floor((this.since[r] ?? 0) % 1e9)),
        transitions: Float64Array.from(rows, (r) => this.transitions[r] ?? 0),
        violations: Uint32Array.from(rows, (r) => this.bad[r] ?? 0)
      },
      lane: {
        index: Uint32Array.from(rows),
        state: Int16Array.from(rows, (r) => this.state[r] ?? -1),
        sec: Uint32Array.from(rows, (r) => Math.floor((this.since[r] ?? 0) / 1e9)),
        nsec: Uint32Array.from(rows, (r) => Math.floor((this.since[r] ?? 0) % 1e9)),
        missed: 0
      },
      labels: first ? rows.map((r) => ({ index: r, label: this.comm(r) })) : [],
      edges: {
        from: Int16Array.from(edges, (e) => e[0] ?? 0),
        event: Int16Array.from(edges, (e) => e[1] ?? 0),
        to: Int16Array.from(edges, (e) => e[2] ?? 0),
        count: Float64Array.from(edges, (e) => e[3] ?? 0)
      },
      refused: {
        from: Int16Array.from(refused, (e) => e[0] ?? 0),
        event: Int16Array.from(refused, (e) => e[1] ?? 0),
        count: Float64Array.from(refused, (e) => e[2] ?? 0)
      },
      events: this.events,
      violations: this.violations
    }
  }
}
