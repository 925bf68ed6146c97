import agentScript from './agent.sh?raw'
import type { ScriptChannel, StartScript } from './channel'
import { FrameParser, type Reply } from './frames'
import { linkError } from './errno'

/** A request that the agent refused: the tool's own message, to be turned into a TracefsError by who knows the attempt. */
export class AgentRefusal extends Error {
  override readonly name = 'AgentRefusal'
}

/** What a cancelled connection says. */
export const CANCELLED = 'The connection was cancelled.'

/** Time limits in ms. */
export interface AgentTimes {
  /** From start to greeting. */
  readonly greeting: number
  /**
   * Silence of an agent that has something to answer. One request may take long: the kernel
   * waits for RCU when it switches monitors. A link that is dead is noticed sooner, by ssh.
   */
  readonly reply: number
  readonly ping: number
  /** The agent's patience with a silent panel, while it has nothing to do; at most about twice as long. */
  readonly lease: number
}

const TIMES: AgentTimes = { greeting: 20_000, reply: 60_000, ping: 3_000, lease: 10_000 }

interface Pending {
  readonly id: number
  readonly resolve: (payload: Uint8Array) => void
  readonly reject: (error: Error) => void
}

/** The long-lived agent of one target: requests in order, replies in the same order. */
export class Agent {
  /** Settles with one sentence when the agent is gone, for any reason but end(). Never rejects. */
  readonly lost: Promise<string>
  private readonly channel: ScriptChannel
  private readonly parser = new FrameParser((reply) => {
    this.onReply(reply)
  })
  private readonly pending: Pending[] = []
  private nextId = 1
  private lostMessage: string | undefined
  private settleLost: (message: string) => void = () => undefined
  private ending = false
  private greeted: () => void = () => undefined
  private pinger: NodeJS.Timeout | undefined
  private silence: NodeJS.Timeout | undefined

  private constructor(
    start: StartScript,
    private readonly times: AgentTimes
  ) {
    this.lost = new Promise((resolve) => {
      this.settleLost = resolve
    })
    this.channel = start(agentScript)
    this.channel.stdout.on('data', (chunk: Buffer) => {
      this.onData(chunk)
    })
    void this.channel.ended.then(({ code, said }) => {
      if (this.parser.agentPid === undefined && code === 127) {
        this.fail('The target has no POSIX shell (sh) that the panel could use.')
      } else if (this.parser.agentPid === undefined) {
        this.fail(`The target did not start the panel's agent${said === '' ? '.' : `: ${said}`}`)
      } else {
        this.fail('The link to the target is gone.')
      }
    })
  }

  /**
   * Starts the agent and waits for its greeting. Rejects with a TracefsError of code LINK.
   * An abort of the signal, then or later, ends the agent, which puts the target back.
   */
  static async start(
    script: StartScript,
    times: Partial<AgentTimes> = {},
    signal?: AbortSignal
  ): Promise<Agent> {
    if (signal?.aborted === true) throw linkError('', CANCELLED)
    const agent = new Agent(script, { ...TIMES, ...times })
    const cancel = (): void => {
      agent.fail(CANCELLED)
    }
    signal?.addEventListener('abort', cancel, { once: true })
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        agent.fail("The target did not start the panel's agent in time.")
      }, agent.times.greeting)
      agent.greeted = () => {
        clearTimeout(timer)
        resolve()
      }
      void agent.lost.then((message) => {
        clearTimeout(timer)
        reject(linkError('', message))
      })
    })
    await agent.request('lease', String(Math.ceil(agent.times.lease / 1000)))
    agent.pinger = setInterval(() => {
      agent.request('ping').catch(() => undefined)
    }, agent.times.ping)
    agent.pinger.unref()
    return agent
  }

  /** pid of the agent's shell on the target. */
  get pid(): number {
    return this.parser.agentPid ?? 0
  }

  /** Why the agent is gone; undefined while it is there. */
  get gone(): string | undefined {
    return this.lostMessage
  }

  /** Sends a request. Rejects with AgentRefusal, or with a TracefsError of code LINK. */
  request(operation: string, ...args: readonly string[]): Promise<Uint8Array> {
    if (this.lostMessage !== undefined) return Promise.reject(linkError('', this.lostMessage))
    if (this.ending) return Promise.reject(linkError('', 'The link to the target was closed.'))
    const id = this.nextId++
    return new Promise((resolve, reject) => {
      this.pending.push({ id, resolve, reject })
      if (this.pending.length === 1) this.expectReply()
      this.channel.stdin.write(`${[String(id), operation, ...args].join(' ')}\n`)
    })
  }

  /** Ends the agent, which restores what its plan still holds, and waits for it. */
  async end(): Promise<void> {
    this.ending = true
    this.stopTimers()
    // It may still be putting the target back.
    await this.channel.end('leave')
  }

  /** Declares the link gone. */
  fail(message: string): void {
    if (this.lostMessage !== undefined) return
    this.lostMessage = message
    this.stopTimers()
    for (const { reject } of this.pending.splice(0)) reject(linkError('', message))
    // End of input is what makes the agent put the target back; before its greeting there is nothing to.
    void this.channel.end(this.parser.agentPid === undefined ? 'kill' : 'leave')
    if (!this.ending) this.settleLost(message)
  }

  private stopTimers(): void {
    clearInterval(this.pinger)
    clearTimeout(this.silence)
  }

  /** Begins to count the agent's silence, or stops where nothing is to be answered. */
  private expectReply(): void {
    clearTimeout(this.silence)
    if (this.pending.length === 0) return
    this.silence = setTimeout(() => {
      const seconds = String(this.times.reply / 1000)
      this.fail(`The link to the target is gone: no answer for ${seconds} seconds.`)
    }, this.times.reply)
    this.silence.unref()
  }

  private onData(chunk: Uint8Array): void {
    if (this.lostMessage !== undefined) return
    const before = this.parser.agentPid
    // A long reply over a slow line is no silence.
    this.expectReply()
    try {
      this.parser.push(chunk)
    } catch (error) {
      const what = error instanceof Error ? error.message : 'unknown'
      this.fail(`The link to the target is gone: its agent sent ${what}.`)
      return
    }
    if (before === undefined && this.parser.agentPid !== undefined) this.greeted()
  }

  private onReply(reply: Reply): void {
    const first = this.pending.shift()
    if (first?.id !== reply.id) {
      if (first) this.pending.unshift(first)
      this.fail('The link to the target is gone: its agent answered what was not asked.')
      return
    }
    this.expectReply()
    if (reply.ok) first.resolve(reply.payload)
    else first.reject(new AgentRefusal(Buffer.from(reply.payload).toString('latin1')))
  }
}
