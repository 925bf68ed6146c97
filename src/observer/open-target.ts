import { openTarget as openLiveTarget, type OpenOptions } from '../target/open'
import type { TargetSpec } from '../contract/requests'
import type { TracefsPort } from '../target/port'
import { openRecording } from './recording/open'

/**
 * Opens any target: what runs, through a bridge; a recording, from its file. Rejects with an Error
 * whose message is one clear sentence for the user.
 */
export function openTarget(spec: TargetSpec, options: OpenOptions): Promise<TracefsPort> {
  return spec.kind === 'recording'
    ? openRecording(spec.path, options)
    : openLiveTarget(spec, options)
}
