import { setTimeout as delay } from 'node:timers/promises'
import { TracefsError, type TracefsPort, type TracefsStream } from '../../src/target/port'

const decoder = new TextDecoder()

/** Trace instance of the suite. */
export const INSTANCE = 'instances/rvpanel_conformance'

/** How long a line may take that must come. */
const PATIENCE_MS = 60_000

/** The files of rv/ in short words. */
export class Rv {
  private readonly written = new Set<string>()

  constructor(readonly port: TracefsPort) {}

  /** The whole file as text, NULs included. */
  async cat(path: string): Promise<string> {
    return decoder.decode(await this.port.read(`rv/${path}`))
  }

  /** Names of a list file, one per line. */
  async lines(path: string): Promise<string[]> {
    return (await this.cat(path)).split('\n').filter((line) => line !== '')
  }

  /** `echo -n data >> path` */
  append(path: string, data: string): Promise<void> {
    this.written.add(path)
    return this.port.write(`rv/${path}`, data, 'append')
  }

  /** `echo -n data > path` */
  overwrite(path: string, data: string): Promise<void> {
    this.written.add(path)
    return this.port.write(`rv/${path}`, data, 'truncate')
  }

  enabled(): Promise<string[]> {
    return this.lines('enabled_monitors')
  }

  async isOn(path: string): Promise<boolean> {
    return (await this.cat(path)).startsWith('1')
  }

  async reactorOf(monitor: string): Promise<string | undefined> {
    return /\[(\w+)\]/.exec(await this.cat(`monitors/${monitor}/reactors`))?.[1]
  }

  /** Puts back what was written since the last time: every request costs a slow target tenths of a second. */
  async putBack(): Promise<void> {
    const paths = [...this.written]
    this.written.clear()
    if (paths.some((path) => path === 'enabled_monitors' || path.endsWith('/enable'))) {
      await this.port.write('rv/enabled_monitors', '\n', 'truncate')
    }
    // A container hands it on, also to children alone.
    const changed = paths.filter((path) => path.endsWith('/reactors'))
    for (const top of new Set(changed.map((path) => path.split('/')[1] ?? ''))) {
      await this.port.write(`rv/monitors/${top}/reactors`, 'nop', 'append')
    }
    for (const path of ['monitoring_on', 'reacting_on']) {
      if (paths.includes(path)) await this.port.write(`rv/${path}`, '1', 'append')
    }
  }
}

/** The code of a refusal; `ok` where there was none. */
export async function codeOf(action: Promise<unknown>): Promise<string> {
  try {
    await action
  } catch (error) {
    if (error instanceof TracefsError) return error.code
    throw error
  }
  return 'ok'
}

/** Collects the lines of a blocking file from now on. */
export class LineCollector {
  readonly lines: string[] = []
  private rest = ''
  private readonly pump: Promise<void>

  constructor(private readonly stream: TracefsStream) {
    this.pump = this.run()
  }

  /** Waits until a line that came after the first `from` ones fits. */
  async find(fits: (line: string) => boolean, from = 0): Promise<string> {
    const [first = ''] = await this.count(fits, 1, from)
    return first
  }

  /** Waits until so many lines fit, and gives all that do. */
  async count(fits: (line: string) => boolean, wanted: number, from = 0): Promise<string[]> {
    const end = performance.now() + PATIENCE_MS
    for (;;) {
      const found = this.lines.slice(from).filter(fits)
      if (found.length >= wanted) return found
      if (performance.now() > end) {
        const last = this.lines.slice(-3).join(' | ')
        throw new Error(`${found.length} of ${wanted} lines came; the last ones: ${last}`)
      }
      await delay(20)
    }
  }

  async close(): Promise<void> {
    await this.stream.close()
    await this.pump
  }

  private async run(): Promise<void> {
    const utf8 = new TextDecoder()
    for (;;) {
      const bytes = await this.stream.next()
      if (bytes === undefined) return
      const parts = (this.rest + utf8.decode(bytes, { stream: true })).split('\n')
      this.rest = parts.pop() ?? ''
      this.lines.push(...parts)
    }
  }
}

/**
 * Whether lines stop: gives the target work (reads through the bridge, and time),
 * first until what was under way has come, then some rounds more.
 * @param fits the lines that are meant
 */
export async function fallsSilent(
  rv: Rv,
  lines: LineCollector,
  fits: (line: string) => boolean
): Promise<boolean> {
  let silent = 0
  for (let round = 0; round < 60 && silent < 5; round++) {
    const before = lines.lines.length
    for (let i = 0; i < 3; i++) await rv.cat('enabled_monitors')
    await delay(60)
    silent = lines.lines.slice(before).some(fits) ? 0 : silent + 1
  }
  return silent === 5
}

/**
 * Gives the target work through the bridge until it is told to stop: processes that
 * begin and end, and on a real target those of `tasks` wait for each other at a pipe.
 */
export async function keepBusy(rv: Rv, stop: AbortSignal): Promise<void> {
  while (!stop.aborted) {
    await rv.port.tasks()
    await rv.cat('enabled_monitors')
    await delay(20)
  }
}
