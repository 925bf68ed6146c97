import type { Diagnostic } from '../../model/diagnostics'
import { parseDot } from '../../model/dot'
import type { MonitorType } from '../../model/instrumentation'
import { parseLtl } from '../../model/ltl/parse'
import { starterInstrumentation, type Bare } from '../../model/starter/instrumentation'
import { offsetAt } from './code/places'
import type { OpenFile } from './document'

/** A first instrumentation of a model's text; undefined while that has errors. */
export function instrumentationOf(
  { name, state }: OpenFile,
  monitor: string,
  type: MonitorType
): string | undefined {
  const bare = read(name, state.doc.toString())
  return bare && starterInstrumentation(bare, monitor, type)
}

function read(name: string, text: string): Bare | undefined {
  if (name.endsWith('.ltl')) {
    const { model: ltl } = parseLtl(text, name)
    return ltl && { kind: 'ltl', ltl }
  }
  const { automaton } = parseDot(text, name)
  return automaton && { kind: 'automaton', automaton }
}

/** Names in a formula's text that are written as atoms are. */
export function atomsOf(text: string): string[] {
  const names = text.replace(/#.*/g, '').match(/\b[A-Z_][A-Z0-9_]*\b/g)
  return [...new Set(names ?? [])].filter((name) => name !== 'RULE')
}

/**
 * The finding behind (1) or before (-1) a place of a file; at the end of the list it begins anew.
 *
 * @param docOf the text of a file
 */
export function findingBeside(
  list: readonly Diagnostic[],
  step: 1 | -1,
  file: OpenFile | undefined,
  docOf: (name: string) => OpenFile['state']['doc'] | undefined
): Diagnostic | undefined {
  const head = file?.state.selection.main.from ?? 0
  const ordered = step === 1 ? list : [...list].reverse()
  const beside = ordered.find((d) => {
    const doc = docOf(d.file)
    if (doc === undefined || d.file !== file?.name) return false
    return (offsetAt(doc, d.line, d.column) - head) * step > 0
  })
  if (beside !== undefined) return beside
  // Past the last one of this file the next file's come.
  const here = ordered.findLastIndex((d) => d.file === file?.name)
  return ordered[here + 1] ?? ordered[0]
}
