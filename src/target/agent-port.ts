import { setTimeout as delay } from 'node:timers/promises'

import { Agent, AgentRefusal, type AgentTimes } from './agent'
import { encodeBytes, scriptsOver, type SpawnShell, type StartScript } from './channel'
import { codeOf, linkError, refusal, type Attempt } from './errno'
import { MAX_PAYLOAD } from './frames'
import type { Journal } from './journal'
import { AgentShell } from './console/agent-shell'
import { LineTerminal } from './console/line-terminal'
import type { TargetTerminal, TerminalSize } from './console/terminal'
import { ReadBatch } from './read-batch'
import { KmsgFilter, newestTime } from './kmsg'
import type { LinkAccount } from './line/account'
import { isParameterPath, isSafePath, parameterPath, TracefsError } from './port'
import type {
  RestoreResult,
  RestoreStep,
  TargetEnd,
  TargetInfo,
  TaskInfo,
  TracefsEntry,
  TracefsPort,
  TracefsStream
} from './port'
import { parseRestoreResults } from './restore'
import { openShellStream, type ShellStream } from './shell-stream'
import { describeTarget, parseFacts } from './target-facts'
import { readTasks } from './task-list'

/** How scripts are run on a target, and what else ends or must be ended with its link. */
export interface ScriptTransport {
  readonly kind: Exclude<TargetInfo['kind'], 'sim'>
  /** Name for the head line; undefined: the target's own host name. */
  readonly name: string | undefined
  readonly start: StartScript
  /** As the port has it. */
  readonly piecesLost?: () => number
  /** What the link carried and what became of it. */
  readonly account?: Readonly<LinkAccount>
  /** A shell of the user's own under a terminal; absent: commands are run one by one. */
  readonly terminal?: (size: TerminalSize) => Promise<TargetTerminal>
  /** Processes of the link itself on the target. */
  readonly pids?: () => readonly number[]
  /** Gives the kernel log what else is known of it. */
  readonly joinLog?: (log: TracefsStream) => TracefsStream
  /** Settles with one sentence when the link is gone. Never rejects. */
  readonly lost: Promise<string>
  /** Ends the link. Idempotent. */
  close(): Promise<void>
}

/** A transport that runs a shell for each script. */
export interface Transport extends Omit<ScriptTransport, 'start'> {
  readonly spawn: SpawnShell
}

export interface AgentPortOptions {
  /** Absolute path to use in place of the mounted tracefs (tests). */
  readonly tracefs?: string | undefined
  /** Absolute path to use in place of /sys/module (tests). */
  readonly modules?: string | undefined
  readonly times?: Partial<AgentTimes> | undefined
  /** Keeps the restore plan on this machine's disk too. */
  readonly journal?: Journal | undefined
  /** Gives up while the port is being opened; without effect once it is open. */
  readonly signal?: AbortSignal | undefined
  /** Told what was put back that an earlier panel had left, in one sentence. */
  readonly onProgress?: ((message: string) => void) | undefined
}

/** One write(2) per call: what fits into a page. */
const MAX_WRITE = 4096

/** The Tracefs port of a real kernel, through the agent. */
export class AgentPort implements TracefsPort {
  readonly ended: Promise<TargetEnd>
  private readonly streams = new Set<ShellStream>()
  private readonly terminals = new Set<TargetTerminal>()
  private plan: readonly RestoreStep[] = []
  private closing: Promise<readonly RestoreResult[]> | undefined
  private readonly reads: ReadBatch

  private constructor(
    private readonly transport: ScriptTransport,
    private readonly agent: Agent,
    readonly info: TargetInfo,
    /** The agent's parents, and the process of its lease. */
    private readonly companions: readonly number[],
    private readonly journal: Journal | undefined
  ) {
    this.reads = new ReadBatch(agent, info.bootId)
    this.ended = new Promise((resolve) => {
      void this.loss().then((message) => {
        if (this.closing) return
        agent.fail(message)
        for (const terminal of this.terminals) void terminal.close()
        journal?.release()
        resolve({ reason: 'link-lost', message })
        void transport.close()
      })
    })
  }

  /** Starts the agent over a transport and looks the target over. Rejects with an Error of one clear sentence. */
  static async open(
    given: Transport | ScriptTransport,
    options: AgentPortOptions = {}
  ): Promise<AgentPort> {
    const transport = 'start' in given ? given : { ...given, start: scriptsOver(given.spawn) }
    const { signal } = options
    const opening = new AbortController()
    const cancel = (): void => {
      opening.abort()
      // Over a link that is mute the agent's end would be waited for.
      void transport.close()
    }
    if (signal?.aborted === true) cancel()
    signal?.addEventListener('abort', cancel, { once: true })
    try {
      return await AgentPort.start(transport, options, opening.signal)
    } finally {
      signal?.removeEventListener('abort', cancel)
    }
  }

  private static async start(
    transport: ScriptTransport,
    options: AgentPortOptions,
    signal: AbortSignal
  ): Promise<AgentPort> {
    const agent = await Agent.start(transport.start, options.times, signal)
    try {
      const facts = parseFacts(await agent.request('info'))
      const tracefs = options.tracefs ?? facts.tracefs
      const probe = async (path: string): Promise<string> =>
        Buffer.from(await agent.request('root', encodeBytes(path)))
          .toString('latin1')
          .trim()
      if (options.modules !== undefined)
        await agent.request('modules', encodeBytes(options.modules))
      const info = await describeTarget(transport, facts, tracefs, probe)
      // On this machine the panel itself is the first parent; a user's shell and desktop are none of it.
      const companions = transport.kind === 'local' ? facts.parents.slice(0, 1) : [...facts.parents]
      if (facts.lease !== undefined) companions.push(facts.lease)
      const port = new AgentPort(transport, agent, info, companions, options.journal)
      await port.clean(options.onProgress)
      if (agent.gone !== undefined) throw linkError('', agent.gone)
      return port
    } catch (error) {
      await agent.end()
      throw error
    }
  }

  async read(path: string): Promise<Uint8Array> {
    const bytes = await this.ask({ op: 'read', path })
    if (bytes.length > MAX_PAYLOAD) {
      throw new TracefsError('EIO', path, `Cannot read ${path}: longer than 4 MiB.`)
    }
    return bytes
  }

  async write(path: string, data: string, mode: 'truncate' | 'append'): Promise<void> {
    checkLength(path, data)
    await this.ask({ op: 'write', path, data }, mode, path, encodeBytes(data))
  }

  async readParameter(module: string, name: string): Promise<string> {
    const path = parameterPath(module, name)
    const bytes = await this.request({ op: 'read', path }, 'get', path, String(MAX_WRITE))
    return Buffer.from(bytes).toString('utf8')
  }

  async writeParameter(module: string, name: string, data: string): Promise<void> {
    const path = parameterPath(module, name)
    checkLength(path, data)
    await this.request({ op: 'write', path, data }, 'set', path, encodeBytes(data))
  }

  async list(path: string): Promise<readonly TracefsEntry[]> {
    const payload = await this.ask({ op: 'list', path }, path)
    const entries: TracefsEntry[] = []
    for (const line of Buffer.from(payload).toString('latin1').split('\n')) {
      const match = /^([df]) (.+)$/.exec(line)
      // A name that could not be asked for again is not listed.
      if (match?.[2] !== undefined && isSafePath(match[2])) {
        entries.push({ name: match[2], directory: match[1] === 'd' })
      }
    }
    return entries
  }

  async mkdir(path: string): Promise<void> {
    await this.ask({ op: 'mkdir', path }, path)
  }

  async rmdir(path: string): Promise<void> {
    await this.ask({ op: 'rmdir', path }, path)
  }

  async stream(path: string): Promise<TracefsStream> {
    this.check(path)
    return this.openStream('file', `${this.info.tracefs}/${path}`, path)
  }

  async kernelLog(): Promise<TracefsStream> {
    const stream = await this.openStream('kmsg', '/dev/kmsg', '/dev/kmsg')
    const [uptime = '', newest = ''] = stream.preface
    const filter = new KmsgFilter(
      newestTime(newest.replace(/^newest /, ''), uptime.replace(/^uptime /, '')),
      (reader) => {
        stream.pids = [stream.pids[0], reader]
      }
    )
    const log: TracefsStream = {
      async next() {
        for (;;) {
          const chunk = await stream.next()
          if (!chunk) return undefined
          const fresh = filter.push(chunk)
          if (fresh.length > 0) return fresh
        }
      },
      close: () => stream.close()
    }
    return this.transport.joinLog?.(log) ?? log
  }

  async tasks(): Promise<ReadonlyMap<number, TaskInfo>> {
    const payload = await this.ask({ op: 'list', path: '/proc' })
    return readTasks(Buffer.from(payload).toString('utf8'))
  }

  get piecesLost(): number {
    return this.transport.piecesLost?.() ?? 0
  }

  get linkAccount(): Readonly<LinkAccount> | undefined {
    return this.transport.account
  }

  async openTerminal(size: TerminalSize): Promise<TargetTerminal> {
    if (this.agent.gone !== undefined) throw linkError('', this.agent.gone)
    const run = (line: string): Promise<TracefsStream> => this.openStream('exec', line, 'a command')
    const terminal = this.transport.terminal
      ? await this.transport.terminal(size)
      : new LineTerminal(await AgentShell.open(run, this.info.name))
    this.terminals.add(terminal)
    return terminal
  }

  ownPids(): Promise<readonly number[]> {
    const pids = new Set([this.agent.pid, ...this.companions, ...(this.transport.pids?.() ?? [])])
    for (const stream of this.streams) for (const pid of stream.pids) pids.add(pid)
    return Promise.resolve([...pids])
  }

  async setRestorePlan(steps: readonly RestoreStep[]): Promise<void> {
    for (const step of steps) {
      this.check(step.path)
      if (step.kind === 'parameter' && !isParameterPath(step.path)) {
        throw new TracefsError('EINVAL', step.path, `${step.path} is no parameter of a module.`)
      }
    }
    await this.journal?.write(this.info.bootId, steps)
    await this.sendPlan(steps)
  }

  private async sendPlan(steps: readonly RestoreStep[]): Promise<void> {
    this.reads.flush()
    const requests = [this.agent.request('plan')]
    for (const step of steps) {
      const [ours, original] = step.kind === 'rmdir' ? ['', ''] : [step.ours, step.original]
      requests.push(
        this.agent.request('step', step.kind, step.path, encodeBytes(ours), encodeBytes(original))
      )
    }
    requests.push(this.agent.request('commit'))
    await Promise.all(requests)
    this.plan = steps
  }

  close(): Promise<readonly RestoreResult[]> {
    this.closing ??= this.leave()
    return this.closing
  }

  /** Puts back what panels that died left on this boot of the target. */
  private async clean(onProgress: ((message: string) => void) | undefined): Promise<void> {
    const left = await this.journal?.leftovers(this.info.bootId)
    if (!left) return
    if (left.steps.length > 0) {
      await this.sendPlan(left.steps)
      const results = await this.restore()
      const count = (outcome: RestoreResult['outcome']): number =>
        results.filter((result) => result.outcome === outcome).length
      const restored = count('restored')
      const failed = results.find((result) => result.outcome === 'failed')
      if (restored > 0) {
        onProgress?.(
          `An earlier panel had left ${this.info.name} changed: ${String(restored)} of its changes were put back.`
        )
      }
      if (failed) {
        onProgress?.(
          `An earlier panel had left ${this.info.name} changed: ${failed.message ?? failed.step.path}`
        )
      }
    }
    await left.forget()
  }

  private async restore(): Promise<readonly RestoreResult[]> {
    const { plan } = this
    this.reads.flush()
    const results = parseRestoreResults(plan, await this.agent.request('restore'))
    this.plan = []
    return results
  }

  private async leave(): Promise<readonly RestoreResult[]> {
    await Promise.all([...this.terminals].map((terminal) => terminal.close()))
    await Promise.all([...this.streams].map((stream) => stream.close()))
    let results: readonly RestoreResult[]
    try {
      results = await this.restore()
      await this.journal?.clear()
    } catch {
      this.journal?.release()
      const message = 'The link was gone; the agent on the target puts it back by itself.'
      results = this.plan.map((step) => ({ step, outcome: 'failed', message }))
    }
    await this.agent.end()
    await this.transport.close()
    return results
  }

  /** The agent's end is seen first; why the link went, the transport knows a little later. */
  private async loss(): Promise<string> {
    const message = await Promise.race([this.agent.lost, this.transport.lost])
    return Promise.race([this.transport.lost, delay(1_000, message, { ref: false })])
  }

  private async openStream(
    mode: 'file' | 'kmsg' | 'exec',
    path: string,
    shown: string
  ): Promise<ShellStream> {
    if (this.agent.gone !== undefined) throw linkError(shown, this.agent.gone)
    const stream = await openShellStream(this.transport.start, mode, path, shown)
    const [shell] = stream.pids
    this.streams.add(stream)
    const closeChannel = stream.close.bind(stream)
    stream.close = async () => {
      if (!this.streams.delete(stream)) return
      await closeChannel()
      await this.agent.request('gone', String(shell)).catch(() => undefined)
    }
    // A link may die without a word: then the agent's lease ends its streams too.
    await this.agent.request('child', String(shell))
    return stream
  }

  private check(path: string): void {
    if (!isSafePath(path)) {
      throw new TracefsError('EINVAL', path, `${JSON.stringify(path)} is no path below tracefs.`)
    }
  }

  private async ask(attempt: Attempt, ...args: readonly string[]): Promise<Uint8Array> {
    if (attempt.path === '/proc') return this.request(attempt, 'tasks')
    this.check(attempt.path)
    if (attempt.op === 'read') return this.request(attempt, undefined)
    return this.request(attempt, attempt.op, ...args)
  }

  /** @param operation of the agent; undefined: a read that may be put together with others */
  private async request(
    attempt: Attempt,
    operation: string | undefined,
    ...args: readonly string[]
  ): Promise<Uint8Array> {
    try {
      if (operation === undefined) return await this.reads.read(attempt.path)
      this.reads.flush()
      return await this.agent.request(operation, ...args)
    } catch (error) {
      if (error instanceof AgentRefusal) throw refusal(attempt, codeOf(error.message))
      if (error instanceof TracefsError) throw linkError(attempt.path, error.message)
      throw error
    }
  }
}

function checkLength(path: string, data: string): void {
  if (Buffer.byteLength(data) > MAX_WRITE) {
    throw new TracefsError('EINVAL', path, `Cannot write ${path}: more than 4096 bytes.`)
  }
}
