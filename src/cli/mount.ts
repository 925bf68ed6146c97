import { cpus as hostCpus } from 'node:os'
import { MountRefusal, serveTracefs } from '../mount/serve'
import { Failure, quote, UsageFailure } from './io'
import type { CliIo } from './io'
import { readModels } from './models'
import { targetOf } from './options'
import type { TargetOptions } from './options'

/**
 * `rvpanel mount`: serves the tracefs of a simulated kernel in a directory,
 * until a signal, or until somebody unmounts it.
 *
 * @throws UsageFailure for a target that is not simulated, Failure where it cannot be mounted or the machine panics
 */
export async function mount(directory: string, options: TargetOptions, io: CliIo): Promise<void> {
  // Tools such as trace-cmd count the CPUs of this machine: the simulated one has as many.
  const cpuCount = options.cpus ?? Math.min(256, hostCpus().length)
  const spec = targetOf(options.target === 'sim' ? { ...options, cpus: cpuCount } : options)
  if (spec.kind !== 'sim') {
    throw new UsageFailure(
      `mount serves the simulated kernel, and --target ${quote(options.target)} is not it`
    )
  }
  const { cpus, tasks, seed, scenario, parameters } = spec.settings
  const models = await readModels(io, options.models)
  try {
    const end = await serveTracefs({
      directory,
      kernel: {
        cpus,
        tasks,
        seed,
        models,
        ...(scenario !== undefined && { scenario }),
        ...(parameters !== undefined && { parameters })
      },
      stop: io.stop,
      onReady: (path) =>
        io.out(`${path}: tracefs of a simulated kernel; SIGINT or umount ends it\n`)
    })
    if (typeof end === 'object') {
      throw new Failure(`Kernel panic - not syncing: ${end.panic}; ${directory} is unmounted`)
    }
  } catch (error) {
    if (error instanceof MountRefusal) throw new Failure(error.message)
    throw error
  }
}
