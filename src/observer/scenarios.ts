import type { ScenarioInfo } from '../contract/state'
import { SCENARIOS } from '../simulator/scenarios'

/** The faults that the simulated kernel can be booted with, as windows and command lines list them. */
export function scenarioInfos(): ScenarioInfo[] {
  return SCENARIOS.map(({ name, monitor, title, description }) => ({
    name,
    monitor,
    title,
    description
  }))
}
