import { spawn } from 'node:child_process'

import { AgentPort, type AgentPortOptions, type Transport } from './agent-port'
import { PtyTerminal } from './console/pty-terminal'
import { SshMaster, type SshOptions } from './ssh-master'

/** A board behind ssh, through the system's OpenSSH. Rejects with an Error of one clear sentence. */
export async function openSsh(
  options: SshOptions,
  agentOptions: AgentPortOptions = {}
): Promise<AgentPort> {
  const master = await SshMaster.connect(options)
  options.onProgress(`Starting the agent on ${options.destination} …`)
  const transport: Transport = {
    kind: 'ssh',
    name: options.destination,
    // A process group of its own: Ctrl-C in the panel's terminal is the panel's to handle.
    spawn: (remote) =>
      spawn('ssh', master.channelArguments(remote), {
        detached: true,
        stdio: 'pipe',
        env: { ...process.env, LC_ALL: 'C' }
      }),
    terminal: (size) =>
      PtyTerminal.spawn('ssh', master.terminalArguments(), size, { ...process.env, LC_ALL: 'C' }),
    lost: master.lost,
    close: () => master.close()
  }
  try {
    return await AgentPort.open(transport, { ...agentOptions, signal: options.signal })
  } catch (error) {
    await master.close()
    throw error
  }
}
