import type { RvClient, RvMonitor, TraceInstance } from '../observer'
import { TracefsError } from '../target/port'
import type { TracefsPort, TracefsStream } from '../target/port'
import { createTraceDecoder, RecordKind } from '../trace'
import type { TraceBatch } from '../trace'
import { header, line, printable } from './columns'
import type { Layout } from './columns'
import { Failure, isClosedPipe } from './io'
import type { CliIo } from './io'

export interface MonitorOptions {
  readonly reactor?: string
  /** Shows the events that the program itself causes on the target. */
  readonly self?: boolean
  readonly trace?: boolean
  readonly verbose?: boolean
  /** ms; without it until a signal. */
  readonly duration?: number
}

/**
 * `rv mon NAME`: runs one monitor, or those of a container, until it is told to
 * stop. What it changed is in the client's restore plan, which close() executes.
 *
 * @throws Failure for what `rv` refuses
 */
export async function monitor(
  client: RvClient,
  port: TracefsPort,
  name: string,
  options: MonitorOptions,
  io: CliIo
): Promise<void> {
  const { monitors } = await client.readTree()
  const found =
    monitors.find((one) => one.fullName === name) ?? monitors.find((one) => one.name === name)
  if (found === undefined) throw new Failure(`monitor ${printable(name)} does not exist`)
  if (await client.readEnabled(found.fullName)) {
    throw new Failure(`monitor ${found.name} (in-kernel) is already enabled`)
  }
  const say = (text: string): void => {
    if (options.verbose === true) io.err(`rvpanel: ${text}\n`)
  }
  if (options.reactor !== undefined) {
    await setReactor(client, port, found, options.reactor, io)
    say(`the reactor of ${found.fullName} is ${options.reactor}`)
  }
  const members =
    found.class === 'container' ? monitors.filter((one) => one.parent === found.name) : [found]
  const trace =
    options.trace === true
      ? await Trace.open(client, port, found, members, options.self === true, io)
      : undefined
  if (trace !== undefined) say(`tracing into ${trace.instance.path}`)
  if (io.stop.aborted) {
    await trace?.close()
    throw new Failure(`stopped before ${found.fullName} was enabled`)
  }
  await client.enable(found.fullName, true)
  say(`${found.fullName} is enabled`)

  const stop = new AbortController()
  try {
    const ends = [waitForEnd(port, options.duration, io, stop.signal)]
    if (trace !== undefined) ends.push(trace.run(port.ended))
    await Promise.race(ends)
  } finally {
    stop.abort()
    await trace?.close()
  }
}

/** Resolves after the duration or at a signal; rejects when the target ends by itself. */
async function waitForEnd(
  port: TracefsPort,
  duration: number | undefined,
  io: CliIo,
  signal: AbortSignal
): Promise<void> {
  const ended = port.ended.then(({ message }) => {
    throw new Failure(message)
  })
  const either = AbortSignal.any([io.stop, signal])
  const waited = async (): Promise<void> => {
    // A timer all the time: it is what keeps the program running.
    if (duration !== undefined) await io.sleep(duration, either)
    else while (!either.aborted) await io.sleep(1000, either)
  }
  await Promise.race([ended, waited()])
}

async function setReactor(
  client: RvClient,
  port: TracefsPort,
  { fullName }: RvMonitor,
  reactor: string,
  io: CliIo
): Promise<void> {
  if (reactor === 'panic' && port.info.kind !== 'sim') {
    const { name } = port.info
    const prompt = `The panic reactor stops ${printable(name)} at the first violation; type ${printable(name)} to go on: `
    if ((await io.ask(prompt, false))?.trim() !== name) {
      throw new Failure('the panic reactor was not confirmed')
    }
  }
  try {
    await client.setReactor(fullName, reactor)
  } catch (error) {
    if (!(error instanceof TracefsError) || error.code === 'LINK') throw error
    throw new Failure(
      `failed to set ${printable(reactor)} reactor, is it available? (${printable(error.message)})`
    )
  }
}

/** How long a target may take to say why it ended, ms. */
const GRACE = 2000

/** The monitors' trace events, from an instance of their own to standard output. */
class Trace {
  #closing = false
  /** Lines of the trace that were none. */
  #malformed = 0
  /** Pids of the program's own processes on the target, which are not shown. */
  readonly #hidden: ReadonlySet<number>

  private constructor(
    readonly instance: TraceInstance,
    private readonly stream: TracefsStream,
    private readonly layout: Layout,
    /** Names of the monitors that are traced. */
    private readonly members: ReadonlySet<string>,
    hidden: readonly number[],
    private readonly io: CliIo
  ) {
    this.#hidden = new Set(hidden)
  }

  static async open(
    client: RvClient,
    port: TracefsPort,
    found: RvMonitor,
    members: readonly RvMonitor[],
    self: boolean,
    io: CliIo
  ): Promise<Trace> {
    const instance = await client.createInstance(`rvpanel-mon-${found.name}`)
    // Showing an event causes more of them: those stay out of the ring where the kernel can do that.
    if (!self) await instance.keepOut(await port.ownPids())
    for (const { events } of members) {
      for (const event of [events.event, events.error, events.errorEnv]) {
        if (event !== undefined) await instance.setEvent(event, true)
      }
    }
    // Older kernels have none.
    await instance.setEvent('rv_retries_error', true).catch((error: unknown) => {
      if (!(error instanceof TracefsError) || error.code !== 'ENOENT') throw error
    })
    const isContainer = found.class === 'container'
    const layout = { hasId: members.some((one) => one.hasId), isContainer }
    const names = new Set(members.map((one) => one.name))
    const stream = await instance.openPipe()
    // Now with those of the pipe: a per-task monitor has events on them that others cause, such as wakeups.
    const hidden = self ? [] : await port.ownPids()
    return new Trace(instance, stream, layout, names, hidden, io)
  }

  /** Prints what comes; resolves at close(), or when nobody reads any more. Rejects where the target ends it. */
  async run(ended: Promise<unknown>): Promise<void> {
    const decoder = createTraceDecoder()
    let text = ''
    const sink = (batch: TraceBatch): void => {
      for (let i = 0; i < batch.count; i++) text += this.#line(batch, i)
    }
    try {
      await this.io.out(header(this.layout))
      for (;;) {
        const bytes = await this.stream.next()
        if (bytes === undefined) break
        text = ''
        decoder.decode(bytes, sink)
        if (text !== '') await this.io.out(text)
      }
    } catch (error) {
      if (isClosedPipe(error) || this.#closing) return
      throw error
    }
    if (this.#closing) return
    // The last line may have been cut.
    decoder.finish(sink)
    // Mostly the stream ends because the target does, which then says why.
    await Promise.race([ended, this.io.sleep(GRACE, this.io.stop)])
    throw new Failure('the target ended the trace')
  }

  async close(): Promise<void> {
    this.#closing = true
    await this.stream.close()
    if (this.#malformed === 0) return
    const what = this.#malformed === 1 ? 'line of the trace was' : 'lines of the trace were'
    const verb = this.#malformed === 1 ? 'is' : 'are'
    this.io.err(`rvpanel: ${this.#malformed} ${what} damaged and ${verb} not shown\n`)
  }

  #line(batch: TraceBatch, i: number): string {
    const id = batch.id[i] ?? 0
    switch (batch.kind[i]) {
      case RecordKind.Lost: {
        const events = id < 0 ? 'events, nobody knows how many,' : `${id} events`
        this.io.err(
          `rvpanel: ${events} of CPU ${batch.cpu[i] ?? 0} were lost before they were read\n`
        )
        return ''
      }
      case RecordKind.Malformed:
        this.#malformed++
        return ''
      case RecordKind.Retries:
        // One trace event for every monitor of the kernel.
        if (!this.members.has(batch.names.names[batch.monitor[i] ?? 0] ?? '')) return ''
        return line(batch, i, this.layout)
      default:
        if (this.#hidden.has(batch.pid[i] ?? 0)) return ''
        if (batch.hasId[i] === 1 && this.#hidden.has(id)) return ''
        return line(batch, i, this.layout)
    }
  }
}
