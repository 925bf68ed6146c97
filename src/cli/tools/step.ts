import { createInterface } from 'node:readline'
import { ExploreFailure } from '../../model/explore/moves'
import { Prng } from '../../simulator/prng'
import { printable } from '../columns'
import { Failure, quote } from '../io'
import type { CliInput, CliIo } from '../io'
import type { AddTool } from '.'
import { refusing } from './diff'
import { seedOf } from './explore'
import { readModel } from './model-file'
import { AutomatonSession, FormulaSession } from './step-session'
import type { StepSession } from './step-session'

interface StepOptions {
  readonly events?: string
  readonly env?: readonly string[]
}

/** A line longer than this is nobody's command. */
const MAX_LINE = 4_096

/** `rvpanel step FILE`: goes through a model event by event. Exit code 1 at the first violation of a script. */
export const addStep: AddTool = (program, io, done) => {
  program
    .command('step')
    .description('go through a model event by event: on a terminal by hand, else as a script says')
    .argument('<file>', 'a model (.dot, .gv or .ltl)')
    .option(
      '--events <list>',
      'events joined by commas; for a formula steps, each of atoms joined by + (or - for none)'
    )
    .option(
      '--env <name=value>',
      'value of an environment variable, constant or parameter (several times)',
      (text: string, before: readonly string[] | undefined) => [...(before ?? []), text]
    )
    .action(async (file: string, options: StepOptions) => {
      const model = await readModel(file, io)
      const random = new Prng(seedOf(program))
      const session = refusing(() =>
        model.kind === 'ltl'
          ? new FormulaSession(model.ltl)
          : new AutomatonSession(model.automaton, (limit) => random.below(limit))
      )
      for (const value of options.env ?? []) execute(session, `env ${value}`, '--env')
      if (options.events !== undefined) {
        const commands = options.events.split(',').map((item) => commandOf(item, model.kind))
        done(await script(session, commands, io))
      } else if (io.input?.terminal !== undefined) {
        await converse(session, io.input, io)
      } else {
        done(io.input === undefined ? 0 : await scriptFrom(session, io.input, io))
      }
    })
}

/** One item of --events as a command. */
function commandOf(item: string, kind: 'ltl' | 'automaton'): string {
  const text = item.trim()
  if (kind === 'automaton') return `take ${text}`
  return text === '-' ? 'with' : `with ${text.split('+').join(' ')}`
}

/** @throws Failure with the place */
function execute(
  session: StepSession,
  line: string,
  place: string
): ReturnType<StepSession['execute']> {
  try {
    return session.execute(line)
  } catch (error) {
    if (error instanceof ExploreFailure) throw new Failure(`${place}: ${printable(error.message)}`)
    throw error
  }
}

async function script(
  session: StepSession,
  commands: readonly string[],
  io: CliIo
): Promise<number> {
  for (const [i, command] of commands.entries()) {
    const { text, violation } = execute(session, command, `--events, step ${i + 1}`)
    await io.out(text)
    if (violation) return 1
  }
  return 0
}

async function scriptFrom(session: StepSession, input: CliInput, io: CliIo): Promise<number> {
  const lines = createInterface({ input: input.stream, crlfDelay: Infinity })
  const stop = (): void => {
    lines.close()
  }
  io.stop.addEventListener('abort', stop)
  try {
    let number = 0
    for await (const line of lines) {
      number++
      if (line.length > MAX_LINE) {
        throw new Failure(
          `standard input, line ${number}: ${quote(line)} is too long; expected a command of at most ${MAX_LINE} characters`
        )
      }
      // A script may say what it does.
      const command = line.replace(/#.*/, '')
      const { text, violation, quit } = execute(session, command, `standard input, line ${number}`)
      await io.out(text)
      if (violation) return 1
      if (quit === true) return 0
    }
    return 0
  } finally {
    io.stop.removeEventListener('abort', stop)
    lines.close()
  }
}

/** The conversation on a terminal. */
async function converse(
  session: StepSession,
  { stream, terminal }: CliInput,
  io: CliIo
): Promise<void> {
  const lines = createInterface({
    input: stream,
    ...(terminal !== undefined && { output: terminal }),
    terminal: true,
    prompt: `${session.name}> `,
    completer: (line: string) => {
      const [begun = ''] = /\S*$/.exec(line) ?? []
      return [session.complete(line), begun]
    }
  })
  const stop = (): void => {
    lines.close()
  }
  io.stop.addEventListener('abort', stop)
  lines.once('SIGINT', stop)
  try {
    await io.out(`${session.describe()}Type an event or its number; help says what else.\n`)
    lines.prompt()
    for await (const line of lines) {
      const { text, quit } = answer(session, line)
      await io.out(text)
      if (quit === true) break
      await io.out(session.describe())
      lines.prompt()
    }
  } finally {
    io.stop.removeEventListener('abort', stop)
    lines.close()
  }
}

/** A mistake is answered, not the end. */
function answer(session: StepSession, line: string): { text: string; quit?: boolean } {
  try {
    return session.execute(line)
  } catch (error) {
    if (error instanceof ExploreFailure) return { text: `${printable(error.message)}\n` }
    throw error
  }
}
