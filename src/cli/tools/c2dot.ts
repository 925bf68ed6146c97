import { stat } from 'node:fs/promises'
import { c2dot } from '../../model/gen/c2dot'
import { printable } from '../columns'
import { Failure } from '../io'
import { printFindings, readText } from './model-file'
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
      const header = { file, text: await readText(file) }
      const beside = options.constraints ?? (await fileBeside(file))
      const main = beside === undefined ? undefined : { file: beside, text: await readText(beside) }
      const { dot, diagnostics } = c2dot(header, main)
      printFindings(diagnostics, io)
      if (dot === undefined) throw new Failure(`there was an error processing ${printable(file)}`)
      await io.out(dot)
      done(diagnostics.length === 0 ? 0 : 1)
    })
}

async function fileBeside(header: string): Promise<string | undefined> {
  const path = header.replace(/\.h$/, '.c')
  if (path === header) return undefined
  const isFile = await stat(path).then(
    (one) => one.isFile(),
    () => false
  )
  return isFile ? path : undefined
}
