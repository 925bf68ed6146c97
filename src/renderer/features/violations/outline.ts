import type { Violation } from '../../../contract/state'
import type { ViolationStore } from '../../stores/violations'

/** A violation with all that the window knows of it; of an old one that is what stands in its line. */
export function shownViolation(store: ViolationStore, seq: number): Violation | undefined {
  const { rows } = store
  if (!rows.has(seq)) return undefined
  return store.full(seq) ?? outline(store, seq)
}

/** What the columns have of a violation. Its path, surroundings and stack are empty. */
function outline({ rows }: ViolationStore, seq: number): Violation {
  const time = rows.time(seq)
  const sec = Math.floor(time / 1e9)
  return {
    seq,
    monitor: rows.monitor(seq),
    kind: rows.kind(seq),
    sec,
    nsec: time - sec * 1e9,
    cpu: rows.cpu(seq),
    pid: rows.pid(seq),
    comm: rows.comm(seq),
    flags: '',
    id: rows.id(seq),
    label: rows.label(seq),
    state: rows.state(seq),
    event: rows.event(seq),
    env: rows.env(seq) === '' ? null : rows.env(seq),
    text: '',
    path: [],
    context: [],
    stack: [],
    reaction: { reactor: null, without: null }
  }
}
