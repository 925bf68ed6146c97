import { readFile, stat } from 'node:fs/promises'
import { formatDiagnostic } from '../../model/diagnostics'
import type { Diagnostic } from '../../model/diagnostics'
import { parseDot } from '../../model/dot'
import { parseLtl } from '../../model/ltl/parse'
import type { MonitorSpec } from '../../model/instrumentation-yaml'
import { Failure, quote, UsageFailure } from '../io'

/** A larger file is no model: the parsers take less. */
const MAX_BYTES = 16 * 1024 * 1024

/**
 * Reads a model of either kind; the file's ending says which.
 *
 * @throws UsageFailure for a name with another ending, Failure for a file that cannot be read or has errors, naming each
 */
export async function readModelFile(file: string): Promise<MonitorSpec> {
  if (!/\.(dot|gv|ltl)$/.test(file)) {
    throw new UsageFailure(`expected a model (.dot, .gv or .ltl), got ${quote(file)}`)
  }
  const text = await readText(file)
  if (file.endsWith('.ltl')) {
    const { model, diagnostics } = parseLtl(text, file)
    if (model === undefined) throw unsound(diagnostics)
    return { kind: 'ltl', ltl: model }
  }
  const { automaton, diagnostics } = parseDot(text, file)
  if (automaton === undefined) throw unsound(diagnostics)
  return { kind: 'automaton', automaton }
}

async function readText(file: string): Promise<string> {
  try {
    const found = await stat(file)
    // What is no file may have no end: a pipe, a device.
    if (!found.isFile()) throw new Failure(`${quote(file)} is no file`)
    const { size } = found
    if (size > MAX_BYTES) {
      throw new Failure(
        `${quote(file)} has ${size} bytes; expected a model of at most ${MAX_BYTES} bytes`
      )
    }
    // A byte-order mark is no part of the model.
    return (await readFile(file, 'utf8')).replace(/^\uFEFF/, '')
  } catch (error) {
    if (error instanceof Failure) throw error
    throw new Failure(`${quote(file)} cannot be read: ${reasonOf(error)}`)
  }
}

/** Why a file could not be read or written, without what Node puts around it. */
export function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  return /^[A-Z]+: ([^,]+),/.exec(message)?.[1] ?? message
}

function unsound(diagnostics: readonly Diagnostic[]): Failure {
  const errors = diagnostics.filter(({ severity }) => severity === 'error')
  return new Failure(errors.map(formatDiagnostic).join('\nrvpanel: '))
}
