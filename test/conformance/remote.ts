import { spawn, type ChildProcess } from 'node:child_process'
import type { RealTarget } from '../target/boot'
import { SshMaster } from '../../src/target/ssh-master'

/** Shells on the real target beside the bridge: what gives its kernel work, or asks it without the bridge. */
export class Remote {
  private constructor(private readonly master: SshMaster) {}

  /** @param sshConfig as of OpenOptions */
  static async connect(target: RealTarget, sshConfig: string): Promise<Remote> {
    const master = await SshMaster.connect({
      destination: target.spec.destination,
      port: target.spec.port,
      sshConfig,
      auth: { ask: ({ secret }) => Promise.resolve(secret ? target.password : 'yes') },
      onProgress: () => undefined,
      signal: undefined
    })
    return new Remote(master)
  }

  /** Runs a script of the target's sh, which it reads over standard input, and gives what it prints. */
  run(script: string): Promise<Buffer> {
    const child = this.shell('exec sh')
    const out: Buffer[] = []
    child.stdout?.on('data', (chunk: Buffer) => out.push(chunk))
    child.stdin?.end(script)
    return new Promise((resolve, reject) => {
      child.once('error', reject)
      child.once('close', (code) => {
        if (code === 0) resolve(Buffer.concat(out))
        else reject(new Error(`a script on the target ended with ${String(code)}`))
      })
    })
  }

  /** Runs a command, which makes way for the bridge, until the returned function is called; where it ends by itself, again. */
  work(command: string): () => Promise<void> {
    // The end of input reaches `read`; the command in the background ends its own workers.
    const child = this.shell(
      `renice -n 19 -p $$ > /dev/null 2>&1; ( trap 'kill "$work"; wait; exit' TERM; ` +
        `while :; do ${command} & work=$!; wait "$work"; done ) > /dev/null 2>&1 < /dev/null & ` +
        `loop=$!; read -r line; kill "$loop"; wait "$loop"`
    )
    const ended = new Promise((resolve) => child.once('close', resolve))
    return async () => {
      child.stdin?.end()
      await ended
    }
  }

  close(): Promise<void> {
    return this.master.close()
  }

  private shell(command: string): ChildProcess {
    const child = spawn('ssh', this.master.channelArguments(command), {
      stdio: ['pipe', 'pipe', 'ignore']
    })
    child.stdin.on('error', () => undefined)
    return child
  }
}
