import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { CANCELLED } from './agent'
import { explainFailure, explainLoss, isPrompt, looksSecret } from './ssh-words'
import { Terminal } from './terminal'

/** Who answers what ssh asks. */
export interface Authenticator {
  /** Resolves with the line to type, or undefined to give up. */
  ask(dialogue: { readonly text: string; readonly secret: boolean }): Promise<string | undefined>
}

export interface SshOptions {
  readonly destination: string
  readonly port: number | undefined
  /** A configuration file in place of ~/.ssh/config (ssh -F). */
  readonly sshConfig: string | undefined
  readonly auth: Authenticator | undefined
  readonly onProgress: (message: string) => void
  readonly signal: AbortSignal | undefined
}

/** A prompt is complete when nothing has followed it for this long, ms. */
const PROMPT_REST = 120
const POLL = 100

/** The connection of OpenSSH that every channel shares: `ssh -M` under a terminal. */
export class SshMaster {
  /** Settles with one sentence when the connection is gone, for any reason but close(). */
  readonly lost: Promise<string>
  private closed = false

  private constructor(
    private readonly terminal: Terminal,
    private readonly folder: string,
    private readonly common: readonly string[],
    readonly destination: string
  ) {
    const before = terminal.text.length
    this.lost = new Promise((resolve) => {
      void terminal.ended.then(() => {
        void rm(folder, { recursive: true, force: true })
        if (!this.closed) resolve(explainLoss(destination, terminal.text.slice(before)))
      })
    })
  }

  /** pid of the ssh process that holds the connection. */
  get pid(): number {
    return this.terminal.pid
  }

  /** Connects and logs in. Rejects with an Error of one clear sentence. */
  static async connect(options: SshOptions): Promise<SshMaster> {
    const { destination } = options
    if (destination.startsWith('-')) {
      throw new Error(`${destination} is no host: a host name does not begin with "-".`)
    }
    const common = [
      ...(options.sshConfig === undefined ? [] : ['-F', options.sshConfig]),
      ...(options.port === undefined ? [] : ['-p', String(options.port)])
    ]
    const strict = await effectiveHostKeyChecking(common, destination)
    const folder = await controlFolder()
    const socket = join(folder, 's')
    common.push('-S', socket)
    // prettier-ignore
    const args = [
      '-M', '-N', ...common,
      '-o', `StrictHostKeyChecking=${strict}`,
      '-o', 'ControlPersist=no',
      '-o', 'ConnectTimeout=10',
      // A link that is dead without a word is given up after 10 s.
      '-o', 'ServerAliveInterval=2',
      '-o', 'ServerAliveCountMax=4',
      '-o', 'LogLevel=INFO',
      '-o', 'ClearAllForwardings=yes',
      '-o', 'ForwardAgent=no',
      '-o', 'ForwardX11=no',
      '-o', 'PermitLocalCommand=no',
      '-o', 'RemoteCommand=none',
      '--', destination
    ]
    const env = { ...process.env, LC_ALL: 'C', SSH_ASKPASS_REQUIRE: 'never' }
    options.onProgress(`Connecting to ${destination} …`)
    const terminal = await Terminal.spawn('ssh', args, env)
    try {
      await logIn(terminal, socket, common, options)
    } catch (error) {
      terminal.kill('SIGKILL')
      await terminal.ended
      await rm(folder, { recursive: true, force: true })
      throw error
    }
    return new SshMaster(terminal, folder, common, destination)
  }

  /**
   * Arguments of an ssh that runs a command over the connection. It never opens
   * one of its own (which would ask in the wrong place): without the socket it fails.
   */
  channelArguments(command: string): string[] {
    return ['-T', '-o', 'RequestTTY=no', ...this.#overTheConnection(), command]
  }

  /** Arguments of an ssh that gives a shell under a terminal over the connection. */
  terminalArguments(): string[] {
    // Without an escape character nothing that is typed or pasted talks to ssh itself.
    return ['-t', '-o', 'RequestTTY=force', '-e', 'none', ...this.#overTheConnection()]
  }

  #overTheConnection(): string[] {
    // prettier-ignore
    return [
      ...this.common,
      '-o', 'ControlMaster=no',
      '-o', 'ProxyCommand=false',
      '-o', 'BatchMode=yes',
      '-o', 'LogLevel=ERROR',
      '-o', 'ClearAllForwardings=yes',
      '-o', 'ForwardAgent=no',
      '-o', 'ForwardX11=no',
      '-o', 'PermitLocalCommand=no',
      '-o', 'RemoteCommand=none',
      '--', this.destination
    ]
  }

  async close(): Promise<void> {
    this.closed = true
    this.terminal.kill('SIGTERM')
    const timer = setTimeout(() => {
      this.terminal.kill('SIGKILL')
    }, 3_000)
    await this.terminal.ended
    clearTimeout(timer)
    await rm(this.folder, { recursive: true, force: true })
  }
}

/** Answers prompts until the control socket works, or ssh ends. */
async function logIn(
  terminal: Terminal,
  socket: string,
  common: readonly string[],
  options: SshOptions
): Promise<void> {
  const { destination } = options
  let over = false
  const failed = terminal.ended.then(() => {
    throw new Error(explainFailure(destination, terminal.text))
  })
  const aborted = new Promise<never>((_, reject) => {
    const cancel = (): void => {
      reject(new Error(CANCELLED))
    }
    if (options.signal?.aborted === true) cancel()
    options.signal?.addEventListener('abort', cancel, { once: true })
  })
  const talk = async (): Promise<void> => {
    let answered = -1
    let seen = -1
    let since = 0
    while (!over) {
      if (existsSync(socket) && (await check(socket, common, destination))) return
      const { text } = terminal
      if (text.length !== seen) {
        seen = text.length
        since = performance.now()
      } else if (
        text.length !== answered &&
        isPrompt(text) &&
        performance.now() - since >= PROMPT_REST
      ) {
        const secret = !((await terminal.echoes()) ?? !looksSecret(text))
        if (!options.auth) {
          const question = text.slice(text.lastIndexOf('\n') + 1).trim()
          throw new Error(
            `ssh to ${destination} asks ${JSON.stringify(question)}, and no one can answer.`
          )
        }
        const answer = await options.auth.ask({ text, secret })
        if (answer === undefined) throw new Error(CANCELLED)
        answered = terminal.text.length
        terminal.answer(answer)
      }
      await pause(terminal)
    }
  }
  try {
    await Promise.race([talk(), failed, aborted])
  } finally {
    over = true
    failed.catch(() => undefined)
    aborted.catch(() => undefined)
  }
}

/** Until the terminal says something more, or it is time to look again. */
function pause(terminal: Terminal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, POLL)
    terminal.onText = () => {
      clearTimeout(timer)
      resolve()
    }
  })
}

/** Whether a master listens at the socket. */
function check(socket: string, common: readonly string[], destination: string): Promise<boolean> {
  return new Promise((resolve) => {
    execFile('ssh', [...common, '-O', 'check', '--', destination], { timeout: 5_000 }, (error) => {
      resolve(error === null && existsSync(socket))
    })
  })
}

/**
 * How strict to be about host keys: as the user's configuration says where it is
 * stricter, otherwise `ask`, so that an unknown key is the user's to judge and a changed one is refused.
 */
function effectiveHostKeyChecking(common: readonly string[], destination: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, LC_ALL: 'C' }
    execFile(
      'ssh',
      ['-G', ...common, '--', destination],
      { env, timeout: 10_000 },
      (error, out, err) => {
        if (error && (error as NodeJS.ErrnoException).code === 'ENOENT') {
          reject(new Error('ssh is not installed on this machine: install openssh-client.'))
        } else if (error) {
          reject(new Error(explainFailure(destination, err)))
        } else {
          resolve(/^stricthostkeychecking (yes|true)$/m.test(out) ? 'yes' : 'ask')
        }
      }
    )
  })
}

/** A folder of our own for the control socket; the path of a UNIX socket has at most 104 bytes, and ssh appends 17 while it binds. */
async function controlFolder(): Promise<string> {
  const base = tmpdir().length > 60 ? '/tmp' : tmpdir()
  for (const name of await readdir(base)) {
    // What a panel that was killed has left.
    const pid = Number(/^rvp-([0-9]{1,10})-/.exec(name)?.[1])
    if (pid > 0 && isGone(pid)) {
      await rm(join(base, name), { recursive: true, force: true }).catch(() => undefined)
    }
  }
  return mkdtemp(join(base, `rvp-${String(process.pid)}-`))
}

function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return false
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH'
  }
}
