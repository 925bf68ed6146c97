import { join } from 'node:path'
import type { AutomatonModel, LtlMonitorModel, MonitorModel } from '../src/model/load'
import { AllBench } from './engine-all'
import { byHandlers, bySteps, byXstate, randomWalk, stepsInC, type Part } from './engine-da'
import { HybridBench } from './engine-ha'
import { LtlBench } from './engine-ltl'
import { bytesPerUnit, rates, type BenchRow } from './measure'

const FEW = 4_096
const MANY = 100_000
/** Events between two looks at the heap. */
const PIECE = 1 << 15

/**
 * Steps and events per second of the engine, against xstate and C.
 * @param folder with the C programs
 */
export function benchEngine(models: readonly MonitorModel[], folder: string): BenchRow[] {
  const wip = automatonOf(models, 'wip')
  const stall = automatonOf(models, 'stall')
  const sleep = ltlOf(models, 'sleep')
  return [
    ...deterministic(wip, join(folder, 'step.c')),
    ...[FEW, MANY].map((instances) =>
      against(
        `Engine: hybrid (stall), tracepoint to trace event, ${grouped(instances)} tasks`,
        new HybridBench(stall, instances),
        join(folder, 'hybrid.c')
      )
    ),
    ...[FEW, MANY].map((instances) =>
      against(
        `Engine: temporal logic (sleep), tracepoint to trace event, ${grouped(instances)} tasks`,
        new LtlBench(sleep, instances),
        join(folder, 'ltl.c')
      )
    ),
    ...everything(models)
  ]
}

function deterministic(wip: AutomatonModel, source: string): BenchRow[] {
  const { automaton } = wip
  const few = randomWalk(automaton, FEW)
  const many = randomWalk(automaton, MANY)
  const contestants = [bySteps(automaton, few), bySteps(automaton, many), byHandlers(wip, few)]
  const xstates = byXstate(automaton, few)
  const none = Number.NaN
  const [fewSteps = none, manySteps = none, handled = none, sent = none, pure = none] = rates(
    ...contestants.map(({ work }) => work),
    xstates.send,
    xstates.pure
  )
  for (const { check } of contestants) check()
  const [how, peerFigure] =
    sent > pure ? ['xstate 5, actor.send()', sent] : ['xstate 5, transition()', pure]
  const steps = (instances: number): string => `Engine: steps over ${grouped(instances)} instances`
  const unit = 'steps/s'
  return [
    { what: steps(FEW), figure: fewSteps, unit, peer: how, peerFigure, aim: 100 },
    withC({ what: steps(FEW), figure: fewSteps, unit, aim: 0.2 }, stepsInC(automaton, few, source)),
    withC(
      { what: steps(MANY), figure: manySteps, unit, aim: 0.2 },
      stepsInC(automaton, many, source)
    ),
    {
      what: `Engine: deterministic (wip), tracepoint to trace event, ${grouped(FEW)} CPUs`,
      figure: handled,
      unit: 'events/s',
      peer: how,
      peerFigure
    }
  ]
}

function against(what: string, bench: HybridBench | LtlBench, source: string): BenchRow {
  const [figure = Number.NaN] = rates(bench.work)
  bench.check()
  return withC({ what, figure, unit: 'events/s' }, bench.inC(source))
}

function everything(models: readonly MonitorModel[]): BenchRow[] {
  const bench = new AllBench(models)
  const [figure = Number.NaN] = rates(bench.work)
  bench.check()
  return [
    { what: 'Engine: all 18 monitors at once, from one stream', figure, unit: 'tracepoints/s' }
  ]
}

/**
 * What an event allocates.
 * @param collect collects garbage
 */
export function benchAllocation(models: readonly MonitorModel[], collect: () => void): BenchRow[] {
  const wip = automatonOf(models, 'wip')
  const da = byHandlers(wip, randomWalk(wip.automaton, FEW))
  const hybrid = new HybridBench(automatonOf(models, 'stall'), FEW)
  const ltl = new LtlBench(ltlOf(models, 'sleep'), FEW)
  const all = new AllBench(models)
  const row = (what: string, run: Part): BenchRow => {
    let at = 0
    const piece = (): number => {
      const from = at
      at = (at + PIECE) & ((1 << 17) - 1)
      return run(from, from + PIECE, from === 0)
    }
    const figure = bytesPerUnit(piece, collect)
    return { what: `Engine: allocated per event, ${what}`, figure, unit: 'bytes', most: 1 }
  }
  return [
    row('deterministic (wip)', da.run),
    row('hybrid (stall)', (...part) => hybrid.run(...part)),
    row('temporal logic (sleep)', (...part) => ltl.run(...part)),
    row('all 18 monitors', (from, to) => all.run(from, to))
  ]
}

function withC(row: BenchRow, c: number | string): BenchRow {
  const peer = 'C, cc -O2'
  return typeof c === 'string' ? { ...row, peer, missing: c } : { ...row, peer, peerFigure: c }
}

function automatonOf(models: readonly MonitorModel[], name: string): AutomatonModel {
  const model = models.find((one) => one.name === name)
  if (model?.kind === 'automaton') return model
  throw new Error(`There is no automaton ${name}.`)
}

function ltlOf(models: readonly MonitorModel[], name: string): LtlMonitorModel {
  const model = models.find((one) => one.name === name)
  if (model?.kind === 'ltl') return model
  throw new Error(`There is no formula ${name}.`)
}

const grouped = (value: number): string => value.toLocaleString('en')
