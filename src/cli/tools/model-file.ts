import { readFile, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Automaton } from '../../model/automaton'
import { checkModel } from '../../model/check'
import { formatDiagnostic } from '../../model/diagnostics'
import type { Diagnostic } from '../../model/diagnostics'
import { parseDot } from '../../model/dot'
import type { MonitorSpec } from '../../model/instrumentation-yaml'
import { parseLtl } from '../../model/ltl/parse'
import { Failure } from '../io'
import type { CliIo } from '../io'
import { printable } from '../columns'

/** Longest file of text that is read, in bytes; a model of 1,000 states and 50 events has 3 million. */
const MAX_BYTES = 16 * 1024 * 1024

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'No such file or directory',
  EACCES: 'Permission denied',
  EISDIR: 'It is a directory',
  ENOTDIR: 'A part of the path is no directory',
  EROFS: 'The file system is read-only',
  ENOSPC: 'No space left on the device'
}

/** What a system call says, in words. */
export function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'
  return REASONS[code] ?? code
}

/** Reads a file as UTF-8. @throws Failure where it cannot be read, or is no text of a likely length */
export async function readText(path: string): Promise<string> {
  try {
    const found = await stat(path)
    // What is no file may have no end: a pipe, /dev/zero.
    if (!found.isFile()) throw new Failure(`${printable(path)} is no file`)
    if (found.size > MAX_BYTES) {
      throw new Failure(
        `${printable(path)} has ${found.size} bytes; expected a text of at most ${MAX_BYTES}`
      )
    }
    return await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof Failure) throw error
    throw new Failure(`${printable(path)} cannot be read: ${reasonOf(error)}`)
  }
}

/** Prints findings on standard error. @returns whether there is an error among them */
export function printFindings(diagnostics: readonly Diagnostic[], io: CliIo): boolean {
  for (const diagnostic of diagnostics) {
    if (diagnostic.severity === 'note') continue
    io.err(`${printable(formatDiagnostic(diagnostic))}\n`)
  }
  return diagnostics.some(({ severity }) => severity === 'error')
}

/** Reads a DOT model; its warnings go to standard error. @throws Failure after an error */
export async function readAutomaton(path: string, io: CliIo): Promise<Automaton> {
  expectEnding(path, /\.(dot|gv)$/, '.dot or .gv')
  const text = await readText(path)
  const { automaton, diagnostics } = parseDot(text, path)
  if (printFindings(diagnostics, io) || automaton === undefined) {
    throw new Failure(`there was an error processing ${printable(path)}`)
  }
  return automaton
}

/**
 * Reads a model of either kind; what a check finds goes to standard error.
 *
 * @throws Failure after an error
 */
export async function readSpec(path: string, io: CliIo): Promise<MonitorSpec> {
  expectEnding(path, /\.(dot|gv|ltl)$/, '.dot, .gv or .ltl')
  const text = await readText(path)
  const failed = printFindings(checkModel(text, path), io)
  const spec = failed ? undefined : parseSpec(text, path)
  if (spec === undefined) throw new Failure(`there was an error processing ${printable(path)}`)
  return spec
}

function parseSpec(text: string, path: string): MonitorSpec | undefined {
  if (path.endsWith('.ltl')) {
    const { model } = parseLtl(text, path)
    return model && { kind: 'ltl', ltl: model }
  }
  const { automaton } = parseDot(text, path)
  return automaton && { kind: 'automaton', automaton }
}

function expectEnding(path: string, ending: RegExp, expected: string): void {
  if (ending.test(basename(path))) return
  throw new Failure(
    `${printable(path)} is no model; expected a file whose name ends in ${expected}`
  )
}
