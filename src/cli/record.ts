import { resolve } from 'node:path'
import type { Drawing } from '../model/load'
import { Observer } from '../observer'
import type { TracefsPort } from '../target/port'
import { printable } from './columns'
import { Failure } from './io'
import type { CliIo } from './io'

export interface RecordOptions {
  /** Monitors and containers that are on while it records. */
  readonly enable?: readonly string[]
  /** ms; without it until a signal. */
  readonly seconds?: number
}

/** How often the target is asked whether it is still there, ms. */
const POLL = 200

/**
 * Records a target into a new file, as the window does.
 *
 * @returns the exit code: 1 where the recording ended by itself
 * @throws Failure where it could not begin
 */
export async function record(
  port: TracefsPort,
  drawings: ReadonlyMap<string, Drawing>,
  file: string,
  options: RecordOptions,
  io: CliIo
): Promise<number> {
  let failed = false
  const observer = await Observer.connect(port, {
    drawings,
    notify: (severity, message) => {
      if (severity === 'error') failed = true
      if (severity !== 'info') io.err(`rvpanel: ${printable(message)}\n`)
    }
  })
  try {
    await observer.record(resolve(file), true).catch((error: unknown) => {
      throw new Failure(error instanceof Error ? error.message : String(error))
    })
    for (const monitor of options.enable ?? []) {
      await observer.perform({ op: 'enable', monitor: named(observer, monitor), on: true })
    }
    const going = (): boolean =>
      !io.stop.aborted && !failed && observer.status.phase === 'connected'
    for (let spent = 0; going() && spent < (options.seconds ?? Infinity); spent += POLL) {
      await io.sleep(Math.min(POLL, (options.seconds ?? Infinity) - spent), io.stop)
    }
    const { phase, message } = observer.status
    if (phase !== 'connected') {
      failed = true
      io.err(`rvpanel: ${printable(message)}\n`)
    }
    await observer.stopRecording()
  } finally {
    await observer.close()
  }
  return failed ? 1 : 0
}

/** A monitor by its full name, or by that without its container. */
function named(observer: Observer, monitor: string): string {
  const { monitors = [] } = observer.snapshot()
  const found =
    monitors.find((one) => one.fullName === monitor) ?? monitors.find((one) => one.name === monitor)
  if (found === undefined) throw new Failure(`monitor ${printable(monitor)} does not exist`)
  return found.fullName
}
