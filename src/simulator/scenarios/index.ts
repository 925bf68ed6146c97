import { DEADLINE_SCENARIOS } from './deadline'
import { RTAPP_SCENARIOS } from './rtapp'
import type { Scenario } from './scenario'
import { SCHEDULER_SCENARIOS } from './scheduling'
import { STALL_SCENARIOS } from './stall'
import { WAKEUP_SCENARIOS } from './wakeups'

export type { Scenario } from './scenario'

/** Every scenario, in the order in which a panel lists them. */
export const SCENARIOS: readonly Scenario[] = [
  ...WAKEUP_SCENARIOS,
  ...SCHEDULER_SCENARIOS,
  ...RTAPP_SCENARIOS,
  ...STALL_SCENARIOS,
  ...DEADLINE_SCENARIOS
]

/** @throws RangeError with the names that there are */
export function findScenario(name: string): Scenario {
  const found = SCENARIOS.find((scenario) => scenario.name === name)
  if (found !== undefined) return found
  const names = SCENARIOS.map((scenario) => scenario.name).join(', ')
  throw new RangeError(`there is no scenario ${name}; expected one of ${names}`)
}
