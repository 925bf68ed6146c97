import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Automaton } from '../../model/automaton'
import { examineModel } from '../../model/check'
import type { ExaminedModel } from '../../model/check'
import { MAX_FILE_BYTES } from '../../model/check/decode'
import { formatDiagnostic } from '../../model/diagnostics'
import type { Diagnostic } from '../../model/diagnostics'
import { parseDot } from '../../model/dot'
import { c2dot } from '../../model/gen/c2dot'
import type { ReadModel } from '../../model/gen/c2dot'
import type { MonitorClass } from '../../model/gen/trace-header'
import type { MonitorSpec } from '../../model/instrumentation-yaml'
import { parseLtl } from '../../model/ltl/parse'
import { printable } from '../columns'
import { Failure, UsageFailure, quote } from '../io'
import type { CliIo } from '../io'
import { readStandardInput } from './standard-input'
import { readText, textOf } from './text-file'

/** The file that is standard input. */
export const STDIN = '-'

const MODEL = /\.(dot|gv|ltl)$/
const READABLE = /\.(dot|gv|ltl|h)$/

export interface ReadOptions {
  /** Say warnings too. */
  readonly warnings?: boolean
}

/** Prints errors and warnings on standard error. @returns whether there is an error among them */
export function printFindings(diagnostics: readonly Diagnostic[], io: CliIo): boolean {
  for (const diagnostic of diagnostics) {
    if (diagnostic.severity === 'note') continue
    io.err(`${printable(formatDiagnostic(diagnostic))}\n`)
  }
  return diagnostics.some(({ severity }) => severity === 'error')
}

/**
 * Reads a model of either kind for a command that works on what it means: `check` is there for its
 * warnings, so by default only errors are said. The ending of its name tells the kind, a header
 * that was generated from an automaton included; that of standard input is seen from its text.
 *
 * @throws UsageFailure for another ending, Failure for what cannot be read or has errors
 */
export async function readModel(
  path: string,
  io: CliIo,
  { warnings = false }: ReadOptions = {}
): Promise<MonitorSpec> {
  if (path !== STDIN && !READABLE.test(path)) {
    throw new UsageFailure(
      `expected a model (.dot, .gv, .ltl, or a generated .h), or - for standard input, got ${quote(path)}`
    )
  }
  const { text, name } = path === STDIN ? await fromStandardInput(io) : await sourceOf(path, io)
  const { spec, diagnostics } = parseSpec(text, name)
  printFindings(
    diagnostics.filter(({ severity }) => warnings || severity === 'error'),
    io
  )
  if (spec === undefined) throw unsound(path)
  return spec
}

/** Reads a model that must be an automaton; see readModel. @throws UsageFailure for a formula */
export async function readAutomaton(
  path: string,
  io: CliIo,
  options: ReadOptions = {}
): Promise<Automaton> {
  const model = await readModel(path, io, options)
  if (model.kind === 'automaton') return model.automaton
  throw new UsageFailure(`expected an automaton (.dot or .gv), got the formula ${quote(path)}`)
}

/**
 * Reads a model to generate code of it, with all that a check finds in it. One whose name has no
 * ending is what the class needs, as for rvgen.
 *
 * @param isNamed whether the monitor has a name of its own, so that the file needs no ending
 * @throws Failure for what cannot be read
 */
export async function examineSpec(
  path: string,
  wanted: MonitorClass,
  isNamed: boolean
): Promise<ExaminedModel> {
  if (wanted !== 'ltl' && !isNamed && !MODEL.test(basename(path))) {
    throw new Failure(
      `${printable(path)} is no model; expected a file whose name ends in .dot, .gv or .ltl`
    )
  }
  const isLtl = wanted === 'ltl' ? !/\.(dot|gv)$/.test(path) : path.endsWith('.ltl')
  const { spec, diagnostics } = examineModel(
    await readText(path),
    path,
    isLtl ? { class: 'ltl' } : {}
  )
  return {
    spec,
    diagnostics: diagnostics.filter(({ code }) => !isNamed || code !== 'not-a-dot-file')
  }
}

/** What c2dot makes of a generated header, with the guards in the C file beside it. */
export async function readHeader(
  path: string,
  constraints: string | undefined
): Promise<ReadModel> {
  const header = { file: path, text: await readText(path) }
  const beside = constraints ?? (await mainBeside(path))
  return c2dot(
    header,
    beside === undefined ? undefined : { file: beside, text: await readText(beside) }
  )
}

async function mainBeside(header: string): Promise<string | undefined> {
  const path = header.replace(/\.h$/, '.c')
  if (path === header) return undefined
  const isFile = await stat(path).then(
    (one) => one.isFile(),
    () => false
  )
  return isFile ? path : undefined
}

async function sourceOf(path: string, io: CliIo): Promise<{ text: string; name: string }> {
  if (!path.endsWith('.h')) return { text: await readText(path), name: path }
  const { dot, diagnostics } = await readHeader(path, undefined)
  // What is missing of the model is no small matter to whoever works with it.
  printFindings(diagnostics, io)
  if (dot === undefined) throw unsound(path)
  return { text: dot, name: path.replace(/\.h$/, '.dot') }
}

/** What is said behind the errors of a file that cannot be worked with. */
export const unsound = (path: string): Failure =>
  new Failure(`there was an error processing ${printable(path)}`)

async function fromStandardInput(io: CliIo): Promise<{ text: string; name: string }> {
  if (io.input === undefined) throw new UsageFailure('there is no standard input to read')
  const text = textOf(await readStandardInput(io, MAX_FILE_BYTES), 'standard input')
  if (/^\s*RULE\s*=/m.test(text)) return { text, name: 'stdin.ltl' }
  // Without a file, the graph's own name is the model's.
  const own = /^\s*(?:strict\s+)?(?:di)?graph\s+"?([A-Za-z0-9_]+)"?\s*\{/.exec(text)?.[1]
  return { text, name: `${own ?? 'stdin'}.dot` }
}

function parseSpec(
  text: string,
  path: string
): { readonly spec: MonitorSpec | undefined; readonly diagnostics: readonly Diagnostic[] } {
  if (path.endsWith('.ltl')) {
    const { model, diagnostics } = parseLtl(text, path)
    return { spec: model && { kind: 'ltl', ltl: model }, diagnostics }
  }
  const { automaton, diagnostics } = parseDot(text, path)
  return { spec: automaton && { kind: 'automaton', automaton }, diagnostics }
}
