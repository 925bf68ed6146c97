import { writeFile } from 'node:fs/promises'
import type { Command } from 'commander'
import type { Automaton } from '../../model/automaton'
import { complement } from '../../model/ops/complement'
import { minimize } from '../../model/ops/minimize'
import { product } from '../../model/ops/product'
import { project } from '../../model/ops/project'
import { trim } from '../../model/ops/trim'
import { printDot } from '../../model/print-dot'
import { Failure, quote, UsageFailure } from '../io'
import type { CliIo } from '../io'
import type { AddTool } from '.'
import { refusing } from './diff'
import { readAutomaton } from './model-file'
import { reasonOf } from './text-file'

interface OpOptions {
  readonly output?: string
}

interface ProjectOptions extends OpOptions {
  readonly keep?: string
  readonly hide?: string
}

/** `rvpanel op OPERATION`: models out of models, as DOT. */
export const addOp: AddTool = (program, io) => {
  const op = program.command('op').description('make a model out of models: see op --help')
  const command = (name: string, description: string, both = false): Command => {
    const added = op.command(name).description(description).argument('<a>', 'a model (.dot or .gv)')
    if (both) added.argument('<b>', 'another one')
    return added.option('-o, --output <file>', 'write to a file instead of standard output')
  }
  command('product', 'synchronous composition: common events together, others alone', true).action(
    async (a: string, b: string, options: OpOptions) => {
      const [x, y] = [await readAutomaton(a, io), await readAutomaton(b, io)]
      await write(
        refusing(() => product(x, y)),
        options,
        io
      )
    }
  )
  command('complement', 'what the model refuses, marked by the final states')
    .option('--marked', 'the complement of the sequences that end in a final state')
    .action(async (a: string, options: OpOptions & { marked?: boolean }) => {
      const x = await readAutomaton(a, io)
      const language = options.marked === true ? 'marked' : 'prefixes'
      await write(
        refusing(() => complement(x, language)),
        options,
        io
      )
      io.err(
        'rvpanel: the final states mark the complement; as a monitor this model refuses nothing\n'
      )
    })
  command('project', 'the model as seen by its other events; a state stands for all it may be in')
    .option('--keep <events>', 'events that are seen, joined by commas')
    .option('--hide <events>', 'events that are not seen, joined by commas')
    .action(async (a: string, options: ProjectOptions) => {
      const x = await readAutomaton(a, io)
      const keep = keptEvents(x, options)
      await write(
        refusing(() => project(x, keep)),
        options,
        io
      )
    })
  command('minimize', 'the smallest model of the same language; final states stay')
    .option('--prefixes', 'only what a monitor refuses counts, and not which states are final')
    .action(async (a: string, options: OpOptions & { prefixes?: boolean }) => {
      const x = await readAutomaton(a, io)
      const language = options.prefixes === true ? 'prefixes' : 'marked'
      await write(
        refusing(() => minimize(x, language)),
        options,
        io
      )
    })
  command('trim', 'without states that cannot be reached')
    .option('--marked', 'also without those that no final state can be reached from')
    .action(async (a: string, options: OpOptions & { marked?: boolean }) => {
      const x = await readAutomaton(a, io)
      const language = options.marked === true ? 'marked' : 'prefixes'
      await write(
        refusing(() => trim(x, language)),
        options,
        io
      )
    })
}

function keptEvents({ name, events }: Automaton, { keep, hide }: ProjectOptions): string[] {
  if ((keep === undefined) === (hide === undefined)) {
    throw new UsageFailure('project expects one of --keep and --hide')
  }
  const named = (keep ?? hide ?? '').split(',').filter((event) => event !== '')
  const unknown = named.find((event) => !events.includes(event))
  if (unknown !== undefined) {
    throw new UsageFailure(
      `${name} has no event ${quote(unknown)}; expected some of ${events.join(', ')}`
    )
  }
  return keep === undefined ? events.filter((event) => !named.includes(event)) : named
}

async function write(result: Automaton, { output }: OpOptions, io: CliIo): Promise<void> {
  const text = printDot(result)
  if (output === undefined) {
    await io.out(text)
    return
  }
  try {
    await writeFile(output, text)
  } catch (error) {
    throw new Failure(`${quote(output)} cannot be written: ${reasonOf(error)}`)
  }
}
