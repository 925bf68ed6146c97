import { simulatorSettings } from '../src/contract/requests'
import type { Drawing, MonitorModel } from '../src/model/load'
import { Fold } from '../src/observer/fold'
import { RvClient } from '../src/observer/rv-client'
import { Violations } from '../src/observer/violations'
import { openSimulated } from '../src/target/simulated-kernel'
import { createTraceDecoder } from '../src/trace'
import { recordFeed, Player } from './feed'
import { rates, type BenchRow } from './measure'

const LINES = 250_000
/** A second of a stream at this rate is a second of its stamps. */
const RATE = 1_000_000

/** Virtual time between two looks, ms: what a frame has. */
const STEP_MS = 16

/** Trace events that become live state, history and violations, in a second of processor time. */
export async function benchObserver(
  models: readonly MonitorModel[],
  drawings: ReadonlyMap<string, Drawing>
): Promise<BenchRow[]> {
  const machine = { cpus: 64, tasks: 10_000, seed: 1 }
  const { events, violations } = recordFeed(machine, models, LINES)
  const round = events.times.length / RATE
  const players = [new Player(events, round), new Player(violations, round)] as const
  let now = 0
  const store = new Violations(() => now)
  const fold = new Fold(drawings, store)
  store.attach(fold)
  const port = openSimulated(simulatorSettings.parse(machine), models, 'manual')
  const client = new RvClient(port, (name) => drawings.get(name)?.type)
  for (const monitor of (await client.readTree()).monitors) {
    fold.addMonitor({ ...monitor, enabled: true })
  }
  const decoders = [createTraceDecoder(), createTraceDecoder()] as const
  const before = fold.events
  const [perSecond = Number.NaN] = rates(() => {
    const given = fold.events
    now += STEP_MS
    for (let bytes; (bytes = players[1].take(now / 1000, 1 << 16)).length > 0;) {
      decoders[1].decode(bytes, (batch) => {
        store.add(batch)
      })
    }
    for (let bytes; (bytes = players[0].take(now / 1000, 1 << 16)).length > 0;) {
      decoders[0].decode(bytes, (batch) => {
        fold.fold(batch)
      })
    }
    store.tick()
    for (const monitor of fold.monitors) monitor.take(false)
    store.take(false)
    fold.takeLog(false)
    return fold.events - given
  })
  if (fold.events === before || store.total === 0) throw new Error('Nothing was observed.')
  return [
    {
      what: 'Observer: trace events of 64 CPUs, 10,000 tasks, 18 monitors, into live state and history',
      figure: perSecond,
      unit: 'events/s'
    }
  ]
}
