import type { Command } from 'commander'
import type { Automaton } from '../../model/automaton'
import {
  acceptedWords,
  countWords,
  coverTransitions,
  randomWalk,
  shortestPath
} from '../../model/explore/graph'
import { printSteps, printWord } from '../../model/explore/print'
import { Prng } from '../../simulator/prng'
import { Failure, quote, UsageFailure } from '../io'
import type { CliIo } from '../io'
import { wholeNumber } from '../options'
import type { AddTool } from '.'
import { readAutomaton } from './model-file'

interface ExploreOptions {
  readonly words?: number
  readonly limit: number
  readonly marked?: boolean
  readonly path?: string
  readonly walk?: number
  readonly cover?: boolean
}

/** `rvpanel explore FILE`: what sequences of events an automaton has. */
export const addExplore: AddTool = (program, io) => {
  program
    .command('explore')
    .description('sequences of events of an automaton; guards count as ones that can hold')
    .argument('<file>', 'a model (.dot or .gv)')
    .option(
      '--words <n>',
      'all sequences of up to N events that it accepts',
      wholeNumber('--words', 0, 256)
    )
    .option(
      '--limit <n>',
      'with --words, how many to list; all are counted',
      wholeNumber('--limit', 0, 10_000_000),
      1000
    )
    .option('--marked', 'with --words, only those that end in a final state')
    .option('--path <state>', 'the shortest sequence that leads to a state')
    .option(
      '--walk <n>',
      'a random sequence of N events; --seed chooses it',
      wholeNumber('--walk', 1, 10_000_000)
    )
    .option('--cover', 'few sequences that take every transition')
    .action(async (file: string, options: ExploreOptions) => {
      const { words, path, walk, cover } = options
      const asked = [words, path, walk, cover].filter((one) => one !== undefined)
      if (asked.length !== 1) {
        throw new UsageFailure('explore expects one of --words, --path, --walk and --cover')
      }
      const automaton = await readAutomaton(file, io)
      if (words !== undefined) await listWords(automaton, words, options, io)
      else if (path !== undefined) await showPath(automaton, path, io)
      else if (walk !== undefined) await showWalk(automaton, walk, seedOf(program), io)
      else await showCover(automaton, io)
    })
}

/** The option of the program that also seeds the simulated kernel. */
export function seedOf(program: Command): number {
  return program.opts<{ seed?: number }>().seed ?? 1
}

async function listWords(
  automaton: Automaton,
  length: number,
  { limit, marked }: ExploreOptions,
  io: CliIo
): Promise<void> {
  const language = marked === true ? 'marked' : 'prefixes'
  const counts = countWords(automaton, length, language)
  const total = counts.reduce((sum, count) => sum + count, 0n)
  let left = limit
  let pending = ''
  if (left > 0) {
    for (const word of acceptedWords(automaton, length, language)) {
      pending += `${printWord(automaton, word)}\n`
      if (pending.length > 1 << 16) {
        await io.out(pending)
        pending = ''
        if (io.stop.aborted) throw new Failure('stopped')
      }
      if (--left === 0) break
    }
  }
  await io.out(pending)
  const listed = BigInt(limit) < total ? `, the first ${limit} are listed` : ''
  const each = counts.map((count, n) => `${n}: ${count}`).join(', ')
  io.err(
    `rvpanel: ${total} ${total === 1n ? 'sequence' : 'sequences'} of up to ${length} events${listed} (${each})\n`
  )
}

async function showPath(automaton: Automaton, name: string, io: CliIo): Promise<void> {
  const to = automaton.states.indexOf(name)
  if (to < 0) {
    throw new UsageFailure(
      `${automaton.name} has no state ${quote(name)}; expected one of ${automaton.states.join(', ')}`
    )
  }
  const path = shortestPath(automaton, to)
  if (path === undefined) {
    throw new Failure(
      `no sequence of events leads from ${automaton.states[0] ?? ''} to ${name} in ${automaton.name}`
    )
  }
  await io.out(printSteps(automaton, path))
}

async function showWalk(
  automaton: Automaton,
  length: number,
  seed: number,
  io: CliIo
): Promise<void> {
  const random = new Prng(seed)
  const walk = randomWalk(automaton, length, (limit) => random.below(limit))
  for (let at = 0; at < walk.length; at += 1000) {
    await io.out(printSteps(automaton, walk.slice(at, at + 1000)))
  }
  if (walk.length < length) {
    const last = automaton.states[walk.at(-1)?.to ?? 0] ?? ''
    io.err(`rvpanel: the walk ends after ${walk.length} events: ${last} has no way out\n`)
  }
}

async function showCover(automaton: Automaton, io: CliIo): Promise<void> {
  const { sequences, unreached } = coverTransitions(automaton)
  for (const sequence of sequences) await io.out(`${printWord(automaton, sequence)}\n`)
  const events = sequences.reduce((sum, { length }) => sum + length, 0)
  const all = automaton.transitions.length
  io.err(
    `rvpanel: ${sequences.length} ${sequences.length === 1 ? 'sequence' : 'sequences'} with ${events} events take ${all - unreached.length} of ${all} transitions\n`
  )
  for (const { from, event, to } of unreached) {
    const [state = '', next = ''] = [automaton.states[from], automaton.states[to]]
    io.err(`rvpanel: never reached: ${state} x ${automaton.events[event] ?? ''} -> ${next}\n`)
  }
}
