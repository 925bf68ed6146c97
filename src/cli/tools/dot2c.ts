import { printC } from '../../model/gen/dot2c'
import { readAutomaton } from './model-file'
import { generating } from './gen-errors'
import type { AddTool } from '.'

/** `rvpanel dot2c FILE`: the automaton as C, as the kernel's dot2c prints it. */
export const addDot2c: AddTool = (program, io, done) => {
  program
    .command('dot2c')
    .description('print a DOT model as C: enums, and the transition function')
    .argument('<file>', 'a .dot or .gv file')
    .action(async (file: string) => {
      const automaton = await readAutomaton(file, io, { warnings: true })
      // dot2c ends with an empty line, and who compares the two sees no difference.
      await io.out(`${generating(() => printC(automaton))}\n`)
      done(0)
    })
}
