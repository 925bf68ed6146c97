import type { Command } from 'commander'
import type { CliIo } from '../io'
import { addC2dot } from './c2dot'
import { addCheck } from './check'
import { addCoverage } from './coverage'
import { addDiff } from './diff'
import { addDot2c } from './dot2c'
import { addDraw } from './draw'
import { addExplore } from './explore'
import { addGen } from './gen'
import { addOp } from './op'
import { addStep } from './step'

/**
 * Adds commands to the program.
 *
 * @param done takes the exit code of an action: 0 done, 1 a finding or a failure
 */
export type AddTool = (program: Command, io: CliIo, done: (code: number) => void) => void

/** The commands on model files, in the order of the help. */
export const TOOLS: readonly AddTool[] = [
  addCheck,
  addStep,
  addExplore,
  addCoverage,
  addDiff,
  addOp,
  addDraw,
  addDot2c,
  addGen,
  addC2dot
]
