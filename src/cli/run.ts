import { Command, CommanderError } from 'commander'
import type { AuthDialogue } from '../contract/state'
import { targetForms } from '../contract/target-url'
import { isRecorded, RvClient } from '../observer'
import type { TracefsPort } from '../target/port'
import { printable } from './columns'
import { Failure, isClosedPipe, UsageFailure } from './io'
import type { CliIo } from './io'
import { list } from './list'
import { readKnownModels } from './models'
import { monitor } from './monitor'
import type { MonitorOptions } from './monitor'
import { mount } from './mount'
import { playMonitor } from './play'
import { record } from './record'
import type { RecordOptions } from './record'
import { parameter, scenarioName, seconds, targetOf, wholeNumber } from './options'
import type { TargetOptions } from './options'
import { scenarios } from './scenarios'
import { TOOLS } from './tools'

/** Exit codes. */
const DONE = 0
const FAILED = 1
const WRONG_USAGE = 2

/**
 * The command line program.
 *
 * @param argv what follows the program's name
 * @returns the exit code: 0 done, 1 a finding or a failure, 2 wrong usage
 */
export async function run(argv: readonly string[], io: CliIo): Promise<number> {
  let code = DONE
  const written: Promise<void>[] = []
  const program = new Command('rvpanel')
    .description('Runtime Verification monitors of a simulated, a local or a remote Linux kernel')
    .version(io.version, '--version')
    .option('--target <target>', targetForms, 'sim')
    .option('--models <folder>', 'models to add to those of the simulated kernel')
    .option(
      '--seed <n>',
      "seed of the simulated kernel's events",
      wholeNumber('--seed', 0, 0xffffffff)
    )
    .option('--cpus <n>', 'CPUs of the simulated kernel', wholeNumber('--cpus', 1, 256))
    .option('--tasks <n>', 'tasks of the simulated kernel', wholeNumber('--tasks', 1, 10_000))
    .option(
      '--scenario <name>',
      'a fault that the simulated kernel has; see scenarios',
      scenarioName
    )
    .option(
      '--param <monitor.parameter=n>',
      "a monitor's module parameter, as on the simulated kernel's command line",
      parameter
    )
    .exitOverride()
    .configureOutput({
      writeOut: (text) => written.push(io.out(text)),
      writeErr: (text) => {
        io.err(text)
      },
      outputError: () => undefined
    })
  program
    .command('list')
    .description('list the monitors of the target, or those of a container')
    .argument('[container]')
    .action(async (container: string | undefined) => {
      code = await onTarget(program.opts(), false, io, (client) => list(client, container, io))
    })
  program
    .command('scenarios')
    .description('list the faults that the simulated kernel can be booted with')
    .argument('[monitor]', 'only those that this monitor reports')
    .action(async (name: string | undefined) => {
      code = await scenarios(name, io)
    })
  program
    .command('mount')
    .description('serve the tracefs of a simulated kernel in a directory, until SIGINT or umount')
    .argument('<directory>', 'an empty directory')
    .action(async (directory: string) => {
      await mount(directory, program.opts(), io)
    })
  program
    .command('mon')
    .description('run a monitor, or those of a container, until SIGINT or SIGTERM')
    .argument('<name>', 'monitor, container:monitor or container')
    .option('-r, --reactor <reactor>', 'what a violation does; put back at the end')
    .option('-s, --self', 'with -t, show also the events that rvpanel itself causes')
    .option('-t, --trace', "print the monitor's events")
    .option('-v, --verbose', 'say what is done, on standard error')
    .option('--duration <seconds>', 'end by itself', seconds('--duration'))
    .action(async (name: string, options: MonitorOptions) => {
      const verbose = options.verbose === true
      code = await onTarget(program.opts(), verbose, io, async (client, port) => {
        if (isRecorded(port)) await playMonitor(client, port, name, io)
        else await monitor(client, port, name, options, io)
        return DONE
      })
    })
  program
    .command('record')
    .description('write what arrives from the target into a file, until SIGINT or SIGTERM')
    .argument('<file>', 'a new file; see docs/recordings.md')
    .option('-e, --enable <monitor>', 'enable a monitor or a container meanwhile; repeatable', more)
    .option('--seconds <seconds>', 'end by itself', seconds('--seconds'))
    .action(async (file: string, options: RecordOptions) => {
      code = await recordTarget(file, options, program.opts(), io)
    })
  for (const add of TOOLS) {
    add(program, io, (exit) => {
      code = exit
    })
  }
  try {
    await program.parseAsync([...argv], { from: 'user' })
    await Promise.all(written)
    return code
  } catch (error) {
    await Promise.allSettled(written)
    return explain(error, io)
  }
}

const more = (one: string, before: readonly string[] | undefined): readonly string[] => [
  ...(before ?? []),
  one
]

async function recordTarget(
  file: string,
  options: RecordOptions,
  target: TargetOptions,
  io: CliIo
): Promise<number> {
  const spec = targetOf(target)
  if (spec.kind === 'recording') {
    throw new Failure(`${printable(spec.path)} is a recording already: copy the file instead`)
  }
  const { models, drawings } = await readKnownModels(io, target.models)
  const port = await io.openTarget(spec, {
    models,
    auth: { ask: asker(io) },
    stateDir: io.stateDir,
    signal: io.stop
  })
  return record(port, drawings, file, options, io)
}

function explain(error: unknown, io: CliIo): number {
  if (isClosedPipe(error)) return DONE
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return DONE
    // `help` is the program without a command: its usage went to standard error.
    if (error.code !== 'commander.help') {
      const message = error.message.replace(/^error: /, '').replace(/\s*\n\s*/g, ' ')
      io.err(`rvpanel: ${printable(message)}; see rvpanel --help\n`)
    }
    return WRONG_USAGE
  }
  const message = error instanceof Error ? error.message : String(error)
  // Of a Failure every line was made here; what a target says may be anything.
  io.err(`rvpanel: ${error instanceof Failure ? message : printable(message)}\n`)
  return error instanceof UsageFailure ? WRONG_USAGE : FAILED
}

/** Opens the target for an action, and puts it back whatever becomes of that. */
async function onTarget(
  options: TargetOptions,
  verbose: boolean,
  io: CliIo,
  action: (client: RvClient, port: TracefsPort) => Promise<number>
): Promise<number> {
  const spec = targetOf(options)
  const { models, types } = await readKnownModels(io, options.models)
  const port = await io.openTarget(spec, {
    models,
    auth: { ask: asker(io) },
    stateDir: io.stateDir,
    signal: io.stop,
    onProgress: (message) => {
      if (verbose) io.err(`rvpanel: ${printable(message)}\n`)
    }
  })
  const recorded = isRecorded(port) ? port.types : undefined
  const client = new RvClient(port, (name) => types.get(name) ?? recorded?.get(name))
  let code: number
  try {
    // A signal may have come while it connected.
    if (io.stop.aborted) throw new Failure('stopped before anything was done')
    code = await action(client, port)
  } catch (error) {
    await putBack(client, io)
    throw error
  }
  return (await putBack(client, io)) ? code : FAILED
}

/** Ends the link; false where something of the target could not be put back. */
async function putBack(client: RvClient, io: CliIo): Promise<boolean> {
  let whole = true
  for (const { outcome, message } of await client.close()) {
    if (outcome === 'restored') continue
    if (outcome === 'failed') whole = false
    if (message !== undefined) io.err(`rvpanel: ${printable(message)}\n`)
  }
  return whole
}

/** Asks what ssh or a login prompt asks; of its dialogue only what is new is printed, without the echo of the last answer. */
function asker(io: CliIo): (dialogue: AuthDialogue) => Promise<string | undefined> {
  let shown = ''
  let echo = ''
  return async ({ text, secret }) => {
    const isMore = text.startsWith(shown)
    const fresh = isMore ? text.slice(shown.length) : text
    shown = text
    const rest = isMore && fresh.startsWith(`${echo}\n`) ? fresh.slice(echo.length) : fresh
    const answer = await io.ask(rest.replace(/^\s+/, ''), secret)
    echo = secret ? '' : (answer ?? '')
    return answer
  }
}
