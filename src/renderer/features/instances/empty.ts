import { instanceTexts } from '../../texts-instances'
import type { Instances } from './use-instances'

/** Why a table has no instance. */
export function emptyReason({ panel, monitor }: Instances): string {
  const t = instanceTexts.noneYet
  const info = monitor.value
  if (panel.moment.value !== null) return t.past
  if (!info) return t.unknown
  if (!info.enabled) return t.off
  if (!panel.switches.value.monitoringOn) return t.paused
  return t[info.type]
}
