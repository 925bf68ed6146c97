import { AutomatonDriver } from './automaton-driver'
import { Errno } from './errno'
import type { MonitorClass } from './monitor'

/** Deterministic automata: what dot2c and rvgen make of a model without guards. */
export const deterministicAutomata: MonitorClass = {
  title: 'deterministic automata',
  accepts: ({ automaton }) => automaton?.kind === 'da',
  create: (monitor, definition, core) => {
    const { automaton } = definition
    if (automaton === undefined) throw new Errno('EINVAL', `monitor ${monitor.name} has no model`)
    return new AutomatonDriver(core, monitor, automaton, definition)
  }
}
