import type { Command } from 'commander'
import type { CliIo } from '../io'
import { addCheck } from './check'

/**
 * Adds commands to the program.
 *
 * @param done takes the exit code of an action: 0 done, 1 a finding or a failure
 */
export type AddTool = (program: Command, io: CliIo, done: (code: number) => void) => void

/** The commands on model files, in the order of the help. */
export const TOOLS: readonly AddTool[] = [addCheck]
