import { randomBytes } from 'node:crypto'

import { AgentPort, type AgentPortOptions, type ScriptTransport } from '../agent-port'
import { CANCELLED } from '../agent'
import type { ScriptChannel } from '../channel'
import type { Authenticator } from '../ssh-master'
import { ConsoleLog } from './console-log'
import { Dialogue } from './dialogue'
import { AGENT, LineChannel } from './line-channel'
import type { ByteLink } from './link'
import { Login } from './login'
import { LineMux, type LineTimes } from './mux'

export interface LineOptions {
  readonly kind: 'serial' | 'cmd'
  /** Names the link in the head line and in sentences. */
  readonly name: string
  readonly link: ByteLink
  readonly auth: Authenticator | undefined
  readonly onProgress: (message: string) => void
  readonly signal: AbortSignal | undefined
  readonly times?: Partial<LineTimes>
  /** Told of the multiplexer, for its account. */
  readonly onMux?: (mux: LineMux) => void
}

/** Channels for streams, after that of the agent. */
const STREAMS = [5, 6, 7, 8, 9]

/** A board behind a line. Rejects with an Error of one clear sentence. */
export async function openLine(
  options: LineOptions,
  agentOptions: AgentPortOptions = {}
): Promise<AgentPort> {
  const { link, signal, name } = options
  let mux: LineMux | undefined
  let login: Login | undefined
  try {
    if (signal?.aborted === true) throw new Error(CANCELLED)
    const connection = randomBytes(4).toString('hex')
    const dialogue = new Dialogue(link, signal, CANCELLED)
    login = new Login(dialogue, options)
    const tools = await login.start(connection)
    mux = new LineMux(link, connection, tools, options.times)
    options.onMux?.(mux)
    const pids = /^i([0-9]+)\.([0-9]+)$/.exec(await mux.say('i'))
    const transport = transportOver(mux, options, pids ? [Number(pids[1]), Number(pids[2])] : [])
    options.onProgress(`Starting the agent on ${name} …`)
    const times = { reply: 120_000, ...agentOptions.times }
    return await AgentPort.open(transport, { ...agentOptions, times, signal })
  } catch (error) {
    // Whatever is at the far end: it has changed nothing yet, and must not stay.
    if (mux) await mux.close()
    else if (login?.hasBegun) link.write('\nrvpanel-leave\n')
    await link.close()
    throw error
  }
}

function transportOver(
  mux: LineMux,
  { kind, name, link }: LineOptions,
  pids: readonly number[]
): ScriptTransport {
  const log = new ConsoleLog()
  mux.onNoise = (line) => {
    log.line(line)
  }
  const free = [...STREAMS]
  const open = new Set<LineChannel>()
  let agent: ScriptChannel | undefined
  let closing: Promise<void> | undefined
  const start = (): ScriptChannel => {
    if (!agent) return (agent = new LineChannel(mux, AGENT, () => undefined))
    const number = free.shift()
    if (number === undefined) throw new Error(`${name} carries no more streams at a time.`)
    const channel = new LineChannel(mux, number, () => {
      open.delete(channel)
      free.push(number)
    })
    open.add(channel)
    return channel
  }
  return {
    kind,
    name,
    start,
    piecesLost: () => mux.account.lost,
    account: mux.account,
    pids: () => [...pids, ...[...open].flatMap(({ pid }) => (pid === undefined ? [] : [pid]))],
    joinLog: (records) => log.join(records),
    lost: mux.lost.then((message) => {
      log.flush()
      return message
    }),
    close: () => {
      closing ??= mux.close().then(() => link.close())
      return closing
    }
  }
}
