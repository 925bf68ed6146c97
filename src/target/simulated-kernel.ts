import type { SimulatorSettings } from '../contract/requests'
import type { MonitorModel } from '../model/load'
import { SimulatedTracefs } from './simulated'
import type { HostClock, SimulatedPort } from './simulator-control'

export function openSimulated(
  settings: SimulatorSettings,
  models: readonly MonitorModel[],
  clock: HostClock | 'manual' | undefined
): SimulatedPort {
  return new SimulatedTracefs(
    settings,
    () => {
      throw new Error(`The simulated kernel is not built yet (${String(models.length)} models).`)
    },
    clock
  )
}
