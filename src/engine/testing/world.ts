import { Errno } from '../errno'
import { RvFiles } from '../files'
import type { MonitorDefinition, RvMonitor } from '../monitor'
import { RvEngine, type RvEngineOptions } from '../rv'
import { RecordingHost } from './host'

const decoder = new TextDecoder()

/** An engine in a recording host, with short words for what tests do to it. */
export class World {
  readonly host: RecordingHost
  readonly engine: RvEngine
  readonly files: RvFiles

  constructor(options?: RvEngineOptions) {
    this.host = new RecordingHost(4, options?.catalogs)
    this.engine = new RvEngine(this.host, options)
    this.host.engine = this.engine
    this.files = new RvFiles(this.engine)
  }

  register(...definitions: readonly MonitorDefinition[]): RvMonitor[] {
    return definitions.map((one) => this.engine.registerMonitor(one))
  }

  container(name: string): RvMonitor {
    return this.engine.registerContainer({ name, description: `container ${name}.` })
  }

  monitor(name: string): RvMonitor {
    const monitor = this.engine.find(name)
    if (monitor === undefined) throw new Error(`no monitor ${name}`)
    return monitor
  }

  /** Raises a tracepoint, arguments by name, on a CPU. */
  fire(name: string, args: Readonly<Record<string, number>> = {}, cpu = 0): void {
    const { bus } = this.engine
    const index = bus.index(name)
    bus.args.fill(0)
    for (const [field, value] of Object.entries(args)) {
      bus.args[bus.fieldIndex(index, field)] = value
    }
    this.host.cpu = cpu
    bus.fire(index)
  }

  /** Virtual time goes on; timers expire on a CPU. */
  advance(ns: number, cpu = 0): void {
    this.host.timers.advance(ns, (timer) => {
      this.host.cpu = cpu
      this.engine.timerExpired(timer)
    })
  }

  /** `cat path`, NULs shown as `\0`. */
  cat(path: string): string {
    const bytes = this.files.open(path, { write: false, truncate: false, append: false }).read()
    return decoder.decode(bytes).replaceAll('\0', '\\0')
  }

  /** `echo -n text >> path`; a string is one byte per character. */
  append(path: string, text: string): number {
    return this.files
      .open(path, { write: true, truncate: false, append: true })
      .write(bytesOf(text))
  }

  /** `echo -n text > path` */
  overwrite(path: string, text: string): number {
    return this.files
      .open(path, { write: true, truncate: true, append: false })
      .write(bytesOf(text))
  }
}

/** Latin-1, so that a test can write any byte. */
export function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0))
}

/** The code of the Errno that an action throws; `ok` where it throws none. */
export function codeOf(action: () => unknown): string {
  try {
    action()
  } catch (error) {
    if (error instanceof Errno) return error.code
    throw error
  }
  return 'ok'
}
