import type { TargetSpec } from '../contract/requests'
import type { TargetStatus } from '../contract/state'
import { joinCommand } from '../contract/target-url'
import type { openTarget } from './open-target'

/** How a target is opened; tests bring their own. */
export type OpenTarget = typeof openTarget

/** The name that the window shows for a target that is not open yet. */
export function nameOf(spec: TargetSpec): string {
  switch (spec.kind) {
    case 'sim':
      return 'simulated kernel'
    case 'local':
      return 'this machine'
    case 'ssh':
      return spec.destination
    case 'serial':
      return spec.device
    case 'cmd':
      return joinCommand(spec.command)
    case 'recording':
      return spec.path.replace(/^.*\/(?=[^/])/, '')
  }
}

/** The status of a connection that has not come about. */
export function statusBefore(
  spec: TargetSpec | undefined,
  phase: 'none' | 'connecting' | 'authenticating',
  message: string,
  generation: number
): TargetStatus {
  return {
    phase,
    kind: spec?.kind ?? null,
    name: spec === undefined ? '' : nameOf(spec),
    release: '',
    cpus: 0,
    tracefs: '',
    message,
    generation,
    ...(spec && { spec })
  }
}
