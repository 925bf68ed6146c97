import type { SimulatorSettings } from '../contract/requests'
import { Errno } from '../engine/errno'
import type { MonitorModel } from '../model/load'
import { RELEASE, SimulatedKernel } from '../simulator/kernel'
import type { SimulatedPipe } from '../simulator/pipe'
import { refusal, type Attempt } from './errno'
import { parameterPath } from './port'
import { SimulatedTracefs, type HostedKernel } from './simulated'
import type { HostClock, SimulatedPort } from './simulator-control'
import type { HostedStream } from './waking-stream'

/** Bytes per chunk of a stream; a frame's worth of text, and no more than a pipe holds. */
const CHUNK = 64 * 1024

/**
 * Boots a simulated kernel with these monitors.
 * @param clock 'manual': it moves only when `simulator.advance` or `step` is called
 */
export function openSimulated(
  settings: SimulatorSettings,
  models: readonly MonitorModel[],
  clock?: HostClock | 'manual'
): SimulatedPort {
  return new SimulatedTracefs(
    settings,
    () => host(new SimulatedKernel({ ...settings, models })),
    clock
  )
}

function host(kernel: SimulatedKernel): HostedKernel {
  const { tracefs } = kernel
  const encoder = new TextEncoder()
  return {
    release: RELEASE,
    get now() {
      return kernel.now
    },
    get panicked() {
      return kernel.panicked
    },
    get position() {
      return kernel.position
    },
    runTo: (position, most) => kernel.runTo(position, most),
    advance: (ns) => {
      kernel.advance(ns)
    },
    step: () => {
      kernel.step()
    },
    running: (most) => kernel.running(most),
    read: (path) => translated({ op: 'read', path }, () => tracefs.read(path)),
    write: (path, data, mode) => {
      translated({ op: 'write', path, data }, () => {
        tracefs.write(path, encoder.encode(data), mode)
      })
    },
    readParameter: (module, name) =>
      translated({ op: 'read', path: parameterPath(module, name) }, () =>
        kernel.engine.parameters.get(module, name)
      ),
    writeParameter: (module, name, data) => {
      // A tool writes nothing at all where there is nothing to write.
      if (data === '') return
      translated({ op: 'write', path: parameterPath(module, name), data }, () => {
        kernel.engine.parameters.set(module, name, data)
      })
    },
    list: (path) => translated({ op: 'list', path }, () => tracefs.list(path)),
    mkdir: (path) => {
      translated({ op: 'mkdir', path }, () => {
        tracefs.mkdir(path)
      })
    },
    rmdir: (path) => {
      translated({ op: 'rmdir', path }, () => {
        tracefs.rmdir(path)
      })
    },
    open: (path) => translated({ op: 'stream', path }, () => stream(tracefs.openPipe(path))),
    kernelLog: () => stream(tracefs.openKmsg('now')),
    // Each task of the simulated kernel is a process of one thread.
    tasks: () => new Map([...kernel.tasks()].map(([pid, comm]) => [pid, { comm, tgid: pid }]))
  }
}

function stream(pipe: SimulatedPipe): HostedStream {
  return {
    readable: () => pipe.readable(),
    read: () => pipe.read(CHUNK),
    close: () => {
      pipe.close()
    }
  }
}

/** The same sentences as on a real target. */
function translated<T>(attempt: Attempt, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (error instanceof Errno) throw refusal(attempt, error.code)
    throw error
  }
}
