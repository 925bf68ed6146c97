import { spawn } from 'node:child_process'

import { PtyTerminal } from './console/pty-terminal'
import { AgentPort, type AgentPortOptions, type Transport } from './agent-port'

/** This machine: the agent is a child process, fed through a pipe that closes when the panel dies. */
export function localTransport(shell: readonly [string, ...string[]] = ['sh']): Transport {
  const [command, ...args] = shell
  return {
    kind: 'local',
    name: undefined,
    // Of its own session: Ctrl-C in the panel's terminal is the panel's to handle.
    spawn: (remote) => spawn(command, [...args, '-c', remote], { detached: true, stdio: 'pipe' }),
    terminal: (size) => PtyTerminal.spawn(userShell(), ['-i'], size, process.env),
    lost: new Promise(() => undefined),
    close: () => Promise.resolve()
  }
}

/** The shell that the user has on this machine. */
function userShell(): string {
  const { SHELL = '' } = process.env
  return SHELL.startsWith('/') ? SHELL : '/bin/sh'
}

/** Opens this machine's tracefs. Rejects with an Error of one clear sentence. */
export function openLocal(options: AgentPortOptions = {}): Promise<AgentPort> {
  return AgentPort.open(localTransport(), options)
}
