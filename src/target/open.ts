import type { AuthDialogue } from '../contract/state'
import type { TargetSpec } from '../contract/requests'
import { joinCommand } from '../contract/target-url'
import type { MonitorModel } from '../model/load'
import { Journal } from './journal'
import { commandLink } from './line/command-link'
import { deviceLink } from './line/device-link'
import { openLine } from './line/open-line'
import { openLocal } from './local'
import type { TracefsPort } from './port'
import type { HostClock } from './simulator-control'
import { openSimulated } from './simulated-kernel'
import { openSsh } from './ssh'

export interface OpenOptions {
  /** Monitors of the simulated kernel. */
  readonly models: readonly MonitorModel[]
  /** Answers each prompt of ssh, or of what is at the end of a line; undefined gives up. Without it a connection that asks fails. */
  readonly auth?: { ask(dialogue: AuthDialogue): Promise<string | undefined> }
  /** One sentence for each step, and for what an earlier panel had left on the target. */
  readonly onProgress?: (message: string) => void
  /** Folder for the journal; made when it is missing. */
  readonly stateDir: string
  /** A configuration for ssh in place of ~/.ssh/config (ssh -F). */
  readonly sshConfig?: string
  /** Gives up connecting. */
  readonly signal?: AbortSignal
  /** Drives the simulated kernel; 'manual': nobody but its `advance`. */
  readonly clock?: HostClock | 'manual'
}

/** What runs; a recording is read by the observer, which may have to derive what it says of monitors. */
export type LiveTarget = Exclude<TargetSpec, { kind: 'recording' }>

/** Connects to a target. Rejects with an Error whose message is one clear sentence for the user. */
export async function openTarget(spec: LiveTarget, options: OpenOptions): Promise<TracefsPort> {
  const onProgress = options.onProgress ?? (() => undefined)
  switch (spec.kind) {
    case 'sim':
      return openSimulated(spec.settings, options.models, options.clock)
    case 'local': {
      onProgress('Starting the agent on this machine …')
      const journal = new Journal(options.stateDir, 'local')
      return openLocal({ journal, onProgress, signal: options.signal })
    }
    case 'ssh': {
      const { destination, port: number } = spec
      const identity = `ssh://${destination}:${String(number ?? '')}`
      return openSsh(
        {
          destination,
          port: number,
          sshConfig: options.sshConfig,
          auth: options.auth,
          onProgress,
          signal: options.signal
        },
        { journal: new Journal(options.stateDir, identity), onProgress }
      )
    }
    case 'serial':
    case 'cmd': {
      const name = spec.kind === 'serial' ? spec.device : joinCommand(spec.command)
      onProgress(spec.kind === 'serial' ? `Opening ${name} …` : `Starting ${name} …`)
      const link =
        spec.kind === 'serial'
          ? await deviceLink(spec.device, spec.baud)
          : await commandLink(spec.command)
      return openLine(
        { kind: spec.kind, name, link, auth: options.auth, onProgress, signal: options.signal },
        { journal: new Journal(options.stateDir, `${spec.kind}:${name}`), onProgress }
      )
    }
  }
}
