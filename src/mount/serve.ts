import { SimulatedKernel, type SimulatedKernelOptions } from '../simulator/kernel'
import { Pacer } from '../target/pacer'
import { hostClock } from '../target/simulator-control'
import { checkedDirectory, MountedDirectory, MountRefusal, openDevice } from './mountpoint'
import { Session } from './session'

export { MountRefusal }

export interface ServeOptions {
  readonly directory: string
  readonly kernel: SimulatedKernelOptions
  /** Ends it. */
  readonly stop: AbortSignal
  /** It is mounted: scripts may begin. */
  readonly onReady: (directory: string) => Promise<void>
}

/** How it came to an end. */
export type ServeEnd = 'stopped' | 'unmounted' | { readonly panic: string }

/** How often the machine may be looked at by those who wait for it, ms. */
const PARENT_EVERY = 500

/**
 * Boots a simulated kernel, and serves its tracefs in a directory until it is
 * told to stop, somebody unmounts it, or the machine panics. It is unmounted
 * then, in whatever way this ends.
 * @throws MountRefusal
 */
export async function serveTracefs(options: ServeOptions): Promise<ServeEnd> {
  const directory = checkedDirectory(options.directory)
  const kernel = new SimulatedKernel(options.kernel)
  const device = openDevice()
  const session = new Session({
    files: kernel.tracefs,
    send: (reply) => device.send(reply),
    uid: process.getuid?.() ?? 0,
    gid: process.getgid?.() ?? 0,
    seconds: Math.floor(Date.now() / 1000)
  })
  let end: (how: ServeEnd) => void = () => undefined
  const ended = new Promise<ServeEnd>((resolve) => (end = resolve))
  const running = (): boolean => {
    session.wake()
    if (kernel.panicked === undefined) return true
    end({ panic: kernel.panicked.trim() })
    return false
  }
  /** What ended the connection, where it was no unmount. */
  let failure: Error | undefined
  const serve = async (): Promise<void> => {
    try {
      await device.serve((request) => {
        session.handle(request)
        // A write may have been what others wait for, or what the machine panicked of.
        running()
      })
    } catch (error) {
      failure = error instanceof Error ? error : new Error(String(error))
    } finally {
      end('unmounted')
    }
  }
  const pacer = new Pacer(hostClock, (ns) => {
    kernel.advance(ns)
    return running()
  })
  const stopped = (): void => end('stopped')
  options.stop.addEventListener('abort', stopped)
  if (options.stop.aborted) stopped()
  const forgetParent = watchParent(stopped)
  let mounted: MountedDirectory | undefined
  let serving: Promise<void> | undefined
  try {
    mounted = await MountedDirectory.mount(directory, device)
    serving = serve()
    await options.onReady(directory)
    const how = await ended
    if (failure !== undefined) throw failure
    return how
  } finally {
    forgetParent()
    options.stop.removeEventListener('abort', stopped)
    pacer.stop()
    try {
      session.end()
    } finally {
      await mounted?.unmount()
      // Until the connection is gone a thread reads from it, and the process could not exit.
      await serving
      device.close()
    }
  }
}

/** Calls back when the process that started this one is gone. */
function watchParent(gone: () => void): () => void {
  const parent = process.ppid
  const timer = setInterval(() => {
    if (process.ppid !== parent) gone()
  }, PARENT_EVERY)
  timer.unref()
  return () => clearInterval(timer)
}
