import { printable } from '../columns'
import { Failure } from '../io'
import { printFindings, readHeader } from './model-file'
import type { AddTool } from '.'

interface Options {
  readonly constraints?: string
}

/** `rvpanel c2dot FILE.h`: a generated header back as DOT. Exit code 1 where something is left out. */
export const addC2dot: AddTool = (program, io, done) => {
  program
    .command('c2dot')
    .description('print the model of a generated header as DOT')
    .argument('<file>', "a monitor's header, or what dot2c printed")
    .option(
      '--constraints <file>',
      'C file with the guards of a hybrid automaton; else NAME.c beside NAME.h'
    )
    .action(async (file: string, options: Options) => {
      const { dot, diagnostics } = await readHeader(file, options.constraints)
      printFindings(diagnostics, io)
      if (dot === undefined) throw new Failure(`there was an error processing ${printable(file)}`)
      await io.out(dot)
      done(diagnostics.length === 0 ? 0 : 1)
    })
}
