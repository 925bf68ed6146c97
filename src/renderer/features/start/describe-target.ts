import type { TargetSpec } from '../../../contract/requests'
import { joinCommand } from '../../../contract/target-url'
import { texts } from '../../texts'

const t = texts.connect

/** A target in the words of lists: what kind it is, and where. */
export function describeTarget(spec: TargetSpec): string {
  switch (spec.kind) {
    case 'sim': {
      const { cpus, tasks, seed, scenario } = spec.settings
      return t.describe.sim(cpus, tasks, seed, scenario)
    }
    case 'local':
      return t.describe.local
    case 'serial':
      return t.describe.serial(spec.device, spec.baud)
    case 'cmd':
      return joinCommand(spec.command)
    case 'recording':
      return spec.path
    case 'ssh':
      return spec.port === undefined ? spec.destination : `${spec.destination}:${spec.port}`
  }
}

/** A target in two parts: what stands large in a list, and what small beside it; the second may be empty. */
export function nameTarget(spec: TargetSpec): readonly [string, string] {
  const whole = describeTarget(spec)
  if (spec.kind === 'recording') {
    const slash = whole.lastIndexOf('/')
    return [whole.slice(slash + 1), whole.slice(0, Math.max(0, slash))]
  }
  if (spec.kind !== 'sim') return [whole, '']
  const { cpus, tasks, seed, scenario } = spec.settings
  return [t.describe.simulated(scenario), t.describe.machine(cpus, tasks, seed)]
}

/** The icon of each kind of target. */
export const targetIcons = {
  sim: 'chip',
  local: 'home',
  ssh: 'server',
  serial: 'serial',
  cmd: 'terminal',
  recording: 'file'
} as const satisfies Readonly<Record<TargetSpec['kind'], string>>
