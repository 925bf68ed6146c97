import { readFile, stat, writeFile } from 'node:fs/promises'
import { checkModel } from '../../../model/check'
import { formatDiagnostic } from '../../../model/diagnostics'
import { parseDot } from '../../../model/dot'
import type { MonitorSpec } from '../../../model/instrumentation-yaml'
import { parseLtl } from '../../../model/ltl/parse'
import { printable } from '../../columns'
import { Failure, quote, UsageFailure, type CliIo } from '../../io'
import { readStandardInput } from '../standard-input'

/** A larger file is no model. */
const MAX_BYTES = 16 * 1024 * 1024
/** The file that is standard input. */
export const STDIN = '-'

/**
 * Reads a model of either kind; its errors and warnings go to standard error, each with its place.
 *
 * @returns undefined after an error
 * @throws UsageFailure for another ending, Failure for a file that cannot be read
 */
export async function readDrawn(file: string, io: CliIo): Promise<MonitorSpec | undefined> {
  if (file !== STDIN && !/\.(dot|gv|ltl)$/.test(file)) {
    throw new UsageFailure(
      `expected a model (.dot, .gv or .ltl), or - for standard input, got ${quote(file)}`
    )
  }
  // A byte-order mark is no part of the model.
  const text = (await (file === STDIN ? readInput(io) : readText(file))).replace(/^\uFEFF/, '')
  const isLtl = file === STDIN ? /^\s*RULE\s*=/m.test(text) : file.endsWith('.ltl')
  const name = file === STDIN ? (isLtl ? 'stdin.ltl' : 'stdin.dot') : file
  let failed = false
  for (const diagnostic of checkModel(text, name)) {
    if (diagnostic.severity === 'note') continue
    if (diagnostic.severity === 'error') failed = true
    io.err(`${printable(formatDiagnostic(diagnostic))}\n`)
  }
  if (failed) return undefined
  if (isLtl) {
    const { model } = parseLtl(text, name)
    return model && { kind: 'ltl', ltl: model }
  }
  const { automaton } = parseDot(text, name)
  return automaton && { kind: 'automaton', automaton }
}

async function readText(file: string): Promise<string> {
  try {
    const found = await stat(file)
    // What is no file may have no end: a pipe, a device.
    if (!found.isFile()) throw new Failure(`${quote(file)} is no file`)
    if (found.size > MAX_BYTES) throw tooLarge(quote(file), `${found.size}`)
    return await readFile(file, 'utf8')
  } catch (error) {
    if (error instanceof Failure) throw error
    throw new Failure(`${quote(file)} cannot be read: ${reasonOf(error)}`)
  }
}

async function readInput(io: CliIo): Promise<string> {
  if (io.input === undefined) throw new UsageFailure('there is no standard input to read')
  const bytes = await readStandardInput(io, MAX_BYTES)
  if (bytes.length > MAX_BYTES) throw tooLarge('standard input', 'more')
  return new TextDecoder().decode(bytes)
}

function tooLarge(what: string, size: string): Failure {
  return new Failure(`${what} has ${size} bytes; expected a model of at most ${MAX_BYTES} bytes`)
}

/**
 * Writes a drawing; never over the model that it is made of.
 *
 * @throws UsageFailure where the two are the same file, Failure where it cannot be written
 */
export async function writeDrawing(
  path: string,
  model: string,
  content: string | Uint8Array
): Promise<void> {
  await expectAnotherFile(path, model)
  try {
    await writeFile(path, content)
  } catch (error) {
    throw new Failure(`${quote(path)} cannot be written: ${reasonOf(error)}`)
  }
}

/** @throws UsageFailure where the drawing would be written over its model */
export async function expectAnotherFile(path: string, model: string): Promise<void> {
  if (model === STDIN) return
  const [a, b] = await Promise.all([path, model].map((file) => stat(file).catch(() => undefined)))
  if (a !== undefined && a.ino === b?.ino && a.dev === b.dev) {
    throw new UsageFailure(`${quote(path)} is the model itself; expected another file for -o`)
  }
}

/** Why a file could not be read or written, without what Node puts around it. */
function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  return /^[A-Z]+: ([^,]+),/.exec(message)?.[1] ?? message
}
