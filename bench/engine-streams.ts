import type { Automaton } from '../src/model/automaton'
import { CONSTANTS } from '../src/model/tracepoints'

/** Events of a stream; it is run again and again. */
export const EVENTS = 1 << 20

/** A generator of pseudorandom integers, the same in every run. */
export function randoms(seed = 1): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0
    return ((state >>> 8) % below) >>> 0
  }
}

/**
 * Tracepoints about tasks, in columns: which one of a short list, and its task
 * and numbers.
 */
export interface TaskStream {
  readonly kind: Uint8Array
  readonly task: Uint32Array
  /** Two further arguments. */
  readonly a: Int32Array
  readonly b: Int32Array
}

const columns = (): TaskStream => ({
  kind: new Uint8Array(EVENTS),
  task: new Uint32Array(EVENTS),
  a: new Int32Array(EVENTS),
  b: new Int32Array(EVENTS)
})

/** What a TaskStream of stall has for its kinds; the idle task 0 is on the other side of a switch. */
export const STALL_KINDS = ['wakeup', 'switch in', 'preempted', 'waits'] as const
/** Time between two tracepoints, ns: the whole stream is shorter than the threshold of stall. */
export const STALL_STEP = 500

/** Tasks that wake up, run, are preempted and wait, as stall's model allows. */
export function stallStream({ states, events, table }: Automaton, instances: number): TaskStream {
  const stream = columns()
  const random = randoms()
  const state = new Uint8Array(instances)
  const kinds = [
    ['sched_wakeup', 0],
    ['sched_switch_in', 1],
    ['sched_switch_preempt', 2],
    ['sched_switch_wait', 3]
  ] as const
  const indexes = kinds.map(([name]) => events.indexOf(name))
  if (states.length !== 3 || indexes.includes(-1)) throw new Error('stall is another model now.')
  for (let i = 0; i < EVENTS; i++) {
    // The idle task stays out of it.
    const task = 1 + random(instances - 1)
    let chosen = random(4)
    const next = (): number =>
      table[(state[task] ?? 0) * events.length + (indexes[chosen] ?? 0)] ?? -1
    while (next() < 0) chosen = (chosen + 1) % 4
    stream.kind[i] = chosen
    stream.task[i] = task
    state[task] = next()
  }
  return stream
}

/** What a TaskStream of sleep has for its kinds. */
export const SLEEP_KINDS = [
  'sched_set_state_tp',
  'sched_exit_tp',
  'sys_enter',
  'sys_exit',
  'contention_begin',
  'contention_end',
  'sched_waking'
] as const

/** Tasks that sleep in system calls and wait for locks, anyhow. */
export function sleepStream(instances: number): TaskStream {
  const stream = columns()
  const random = randoms(2)
  const constant = (name: string): number => CONSTANTS.get(name) ?? 0
  const calls = [
    constant('__NR_futex'),
    constant('__NR_clock_nanosleep'),
    constant('__NR_epoll_wait'),
    0
  ]
  for (let i = 0; i < EVENTS; i++) {
    const kind = random(SLEEP_KINDS.length)
    stream.kind[i] = kind
    stream.task[i] = random(instances)
    if (SLEEP_KINDS[kind] === 'sched_set_state_tp') stream.a[i] = random(2)
    if (SLEEP_KINDS[kind] === 'contention_begin') stream.a[i] = constant('LCB_F_RT')
    if (SLEEP_KINDS[kind] === 'sys_enter') {
      stream.a[i] = calls[random(calls.length)] ?? 0
      stream.b[i] = random(2) === 0 ? constant('FUTEX_LOCK_PI') : 128
    }
  }
  return stream
}
