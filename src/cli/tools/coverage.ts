import type { Automaton } from '../../model/automaton'
import { CoverageCounter } from '../../model/explore/coverage'
import type { Coverage, UnexpectedCount } from '../../model/explore/coverage'
import { LtlCoverageCounter } from '../../model/explore/ltl-coverage'
import type { LtlCoverage } from '../../model/explore/ltl-coverage'
import type { LtlModel } from '../../model/ltl'
import { printable } from '../columns'
import { Failure } from '../io'
import type { CliIo } from '../io'
import { wholeNumber } from '../options'
import type { AddTool } from '.'
import { choice } from './options'
import { readModel } from './model-file'
import { readRecording } from './recording'
import type { RecordSink } from '../../trace'

interface CoverageOptions {
  readonly monitor?: string
  readonly require?: number
  readonly format: 'human' | 'json'
}

/** `rvpanel coverage MODEL RECORDING...`: what recordings have of a model. */
export const addCoverage: AddTool = (program, io, done) => {
  program
    .command('coverage')
    .description('count what recordings of a monitor have of its model')
    .argument('<model>', 'a model (.dot, .gv or .ltl)')
    .argument('<recording...>', 'text of trace or trace_pipe, or output of mon -t; also .gz')
    .option('--monitor <name>', "the monitor, where it is not called like the model's file")
    .option(
      '--require <percent>',
      'exit with 1 where less of the transitions was taken',
      wholeNumber('--require', 0, 100)
    )
    .option('--format <format>', 'human or json', choice('--format', ['human', 'json']), 'human')
    .action(async (file: string, recordings: readonly string[], options: CoverageOptions) => {
      const model = await readModel(file, io)
      const name = options.monitor ?? (model.kind === 'ltl' ? model.ltl.name : model.automaton.name)
      let covered: number
      let unexpected: boolean
      if (model.kind === 'ltl') {
        const counter = new LtlCoverageCounter(model.ltl)
        const lost = await readAll(recordings, name, io, {
          event: (_, atoms, next) => counter.step(atoms, next),
          violation: () => counter.violation()
        })
        const result = counter.result()
        ;({ covered } = result)
        unexpected = result.violations > 0
        await io.out(
          options.format === 'json'
            ? ltlJson(model.ltl, result, lost)
            : ltlText(model.ltl, result, lost)
        )
      } else {
        const counter = new CoverageCounter(model.automaton)
        const lost = await readAll(recordings, name, io, {
          event: (state, event, next) => counter.step(state, event, next),
          violation: (state, event) => counter.violation(state, event)
        })
        const result = counter.result()
        ;({ covered } = result)
        unexpected = result.foreign.length > 0
        await io.out(
          options.format === 'json'
            ? asJson(model.automaton, result, lost)
            : asText(model.automaton, result, lost)
        )
      }
      if (options.require === undefined) return
      done(covered * 100 < options.require || unexpected ? 1 : 0)
    })
}

/** Reads every recording. @returns how many records were lost @throws Failure where there is none of the monitor */
async function readAll(
  recordings: readonly string[],
  monitor: string,
  io: CliIo,
  sink: Omit<RecordSink, 'lost'>
): Promise<number> {
  let lost = 0
  let records = 0
  const others = new Set<string>()
  for (const file of recordings) {
    if (io.stop.aborted) throw new Failure('stopped')
    const found = await readRecording(file, monitor, {
      ...sink,
      lost: (events) => {
        lost += events ?? 1
      }
    })
    records += found.records
    for (const other of found.monitors) others.add(other)
  }
  if (records === 0) {
    const there = [...others].sort().map(printable).join(', ')
    throw new Failure(
      `no record of the monitor ${printable(monitor)} in ${recordings.map(printable).join(', ')}${there === '' ? '' : `; there are records of ${there}`}; expected lines such as event_${printable(monitor)}: ...`
    )
  }
  return lost
}

const percent = (part: number): string => `${Math.floor(part * 1000) / 10}%`

function asText(automaton: Automaton, result: Coverage, lost: number): string {
  const { states, events } = automaton
  const never = result.transitions.filter(({ count }) => count === 0).length
  const all = result.transitions.length
  const rows = result.transitions.map(({ transition, count }) => [
    count === 0 ? 'never' : String(count),
    `${states[transition.from] ?? ''} x ${events[transition.event] ?? ''} -> ${states[transition.to] ?? ''}`
  ])
  const entered = states.map((state, s) => [String(result.entered[s] ?? 0), state])
  return [
    `${automaton.name}: ${all - never} of ${all} transitions were taken (${percent(result.covered)})${lost === 0 ? '' : `; ${lost} records were lost`}`,
    ...columns(rows),
    'States, and how often each was entered:',
    ...columns(entered),
    ...listed('Steps that the model does not have:', result.foreign),
    ...listed('Violations:', result.violations),
    ''
  ].join('\n')
}

function listed(title: string, counts: readonly UnexpectedCount[]): string[] {
  if (counts.length === 0) return []
  return [
    title,
    ...columns(
      counts.map(({ state, event, next, count }) => [
        String(count),
        printable(`${state} x ${event}${next === undefined ? '' : ` -> ${next}`}`)
      ])
    )
  ]
}

function columns(rows: readonly (readonly string[])[]): string[] {
  const width = Math.max(0, ...rows.map(([first]) => first?.length ?? 0))
  return rows.map(([first = '', second = '']) => `  ${first.padStart(width)}  ${second}`)
}

function asJson({ name, states, events }: Automaton, result: Coverage, lost: number): string {
  const text = {
    monitor: name,
    covered: result.covered,
    lost,
    transitions: result.transitions.map(({ transition: t, count }) => ({
      state: states[t.from],
      event: events[t.event],
      next: states[t.to],
      count
    })),
    states: states.map((state, s) => ({ state, entered: result.entered[s] })),
    foreign: result.foreign,
    violations: result.violations
  }
  return `${JSON.stringify(text, null, 2)}\n`
}

function ltlText(ltl: LtlModel, result: LtlCoverage, lost: number): string {
  const { buchi, atoms } = ltl
  const entered = result.states.filter((count) => count > 0).length
  const times = (count: number): string => (count === 0 ? 'never' : String(count))
  return [
    `${ltl.name}: ${entered} of ${buchi.states} states were entered (${percent(result.covered)}) in ${result.steps} steps; ${result.violations} violations${lost === 0 ? '' : `; ${lost} records were lost`}`,
    ...columns(
      result.states.map((count, s) => [times(count), `${s}: ${buchi.labelTexts[s] ?? ''}`])
    ),
    'Atoms, and in how many steps each was true:',
    ...columns(result.atoms.map((count, i) => [times(count), atoms[i] ?? ''])),
    ''
  ].join('\n')
}

function ltlJson({ name, atoms, buchi }: LtlModel, result: LtlCoverage, lost: number): string {
  const text = {
    monitor: name,
    covered: result.covered,
    lost,
    steps: result.steps,
    violations: result.violations,
    states: result.states.map((entered, state) => ({
      state,
      label: buchi.labelTexts[state],
      entered
    })),
    atoms: result.atoms.map((count, i) => ({ atom: atoms[i], true: count }))
  }
  return `${JSON.stringify(text, null, 2)}\n`
}
