import type { MessagePortMain } from 'electron'
import type { ServerMessage } from '../contract/state'
import type { OpenTarget } from '../observer/connector'
import type { ObserverService } from '../observer/service'
import { createObserverService } from '../observer/service'
import { scenarioInfos } from '../observer/scenarios'
import type { HostMessage, ObserverReport, ObserverSettings } from './host-messages'
import type { ModelProblem } from './model-folders'
import { loadModelFolders } from './model-folders'

/** Ports and the request to close wait for the models. */
let starting: Promise<Running> | undefined

/** The service, and what the first window has to be told. */
interface Running {
  readonly service: ObserverService
  readonly settings: ObserverSettings
  /** Emptied by the first window. */
  problems: readonly ModelProblem[]
  /** Whether somebody has seen to the monitor that the settings want enabled. */
  enabled: boolean
}

/**
 * The observer's own process: no window, no Electron but the ports that main hands over. It ends
 * when main says so, and with main, however main ends.
 * @param openTarget how targets are opened; the speed bench has one of its own
 */
export function serveObserver(openTarget?: OpenTarget): void {
  process.parentPort.on('message', (event) => {
    // Only main writes to this port.
    const message = event.data as HostMessage
    switch (message.type) {
      case 'start':
        starting = start(message.settings, openTarget)
        break
      case 'window': {
        const port = event.ports[0]
        if (port !== undefined) void starting?.then((running) => serve(running, port))
        break
      }
      case 'record':
        void starting?.then(({ service }) => service.record(message.path))
        break
      case 'close':
        void close()
        break
    }
  })
}

async function start(
  settings: ObserverSettings,
  openTarget: OpenTarget | undefined
): Promise<Running> {
  const { models, drawings, problems } = await loadModelFolders(settings.modelFolders)
  const service = createObserverService({
    models,
    drawings,
    stateDir: settings.stateFolder,
    ...(openTarget && { openTarget })
  })
  for (const { severity, message } of problems) {
    report({ type: 'problem', message, fatal: severity === 'error' })
  }
  if (settings.target !== undefined) {
    service.perform({ op: 'connect', target: settings.target }).catch(reportFailure)
  }
  return { service, settings, problems, enabled: wantedMonitor(settings) === undefined }
}

async function close(): Promise<void> {
  try {
    const running = await starting
    await running?.service.close()
  } finally {
    process.exit(0)
  }
}

/** Carries messages between a window's port and the service until the window goes. */
function serve(running: Running, port: MessagePortMain): void {
  const end = running.service.attach((message) => {
    port.postMessage(message)
    if (message.type === 'hello') tellProblems(running, port)
    if (!running.enabled) enableOne(running, message)
  })
  port.on('message', (event) => {
    end.receive(event.data)
  })
  port.on('close', () => {
    end.detach()
  })
  port.start()
}

function tellProblems(running: Running, port: MessagePortMain): void {
  for (const { severity, message } of running.problems) {
    port.postMessage({ type: 'notice', severity, message } satisfies ServerMessage)
  }
  running.problems = []
}

/** Enables the monitor of the settings once monitors are listed, unless one is enabled already. */
function enableOne(running: Running, message: ServerMessage): void {
  if (message.type !== 'snapshot' && message.type !== 'batch') return
  const { monitors } = message.batch
  const wanted = wantedMonitor(running.settings)
  if (wanted === undefined || monitors === undefined || monitors.length === 0) return
  running.enabled = true
  if (monitors.some((info) => info.enabled)) return
  const monitor = monitors.find(({ name }) => name === wanted)?.fullName ?? wanted
  running.service.perform({ op: 'enable', monitor, on: true }).catch(reportFailure)
}

/** Of a machine with a fault the monitor that reports it; otherwise what the settings say. */
function wantedMonitor({ target, enable }: ObserverSettings): string | undefined {
  const scenario = target?.kind === 'sim' ? target.settings.scenario : undefined
  return scenarioInfos().find(({ name }) => name === scenario)?.monitor ?? enable
}

function report(message: ObserverReport): void {
  process.parentPort.postMessage(message)
}

function reportFailure(error: unknown): void {
  report({ type: 'failed', message: error instanceof Error ? error.message : String(error) })
}
