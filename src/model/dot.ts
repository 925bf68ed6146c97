import type { Automaton } from './automaton'
import type { Diagnostic } from './diagnostics'
import { buildAutomaton } from './dot/build'
import type { Built } from './dot/build'
import { checkAutomaton } from './dot/checks'
import { parseGraph } from './dot/parser'
import { scan } from './dot/scanner'
import { collectStatements } from './dot/statements'
import { Findings, quoted } from './findings'

/** Longest model text that is read, in UTF-16 units; the kernel's largest has 4,000, one of 1,000 states and 50 events 2.5 million. */
export const MAX_DOT_LENGTH = 1 << 24

export interface ParsedDot {
  /** Undefined exactly when there is a diagnostic of severity error. */
  readonly automaton: Automaton | undefined
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * Reads a model in the DOT dialect of rvgen
 * (tools/verification/rvgen/rvgen/automata.py). Whatever rvgen refuses is an
 * error; what it passes over in silence is a warning, or an error where no
 * sound automaton results. Never throws, whatever the text.
 *
 * @param file path for the diagnostics; its stem is the model's name.
 */
export function parseDot(text: string, file: string): ParsedDot {
  const findings = new Findings(file, text)
  const automaton = readDot(text, file, findings)?.automaton
  return { automaton: findings.hasErrors ? undefined : automaton, diagnostics: findings.list() }
}

/** The file's name without folders and without `.dot` or `.gv`. */
export function modelName(file: string): string {
  return (file.split(/[\\/]/).pop() ?? '').replace(/\.(dot|gv)$/, '')
}

/**
 * As parseDot, for further findings about the same text. What is read in spite of
 * errors is good for these alone; undefined where nothing is.
 */
export function readDot(text: string, file: string, findings: Findings): Built | undefined {
  const name = modelName(file)
  const start = { start: 0, end: 0 }
  if (text.length > MAX_DOT_LENGTH) {
    findings.error(
      'too-large',
      start,
      `The file has ${text.length} characters; expected a model of at most ${MAX_DOT_LENGTH}.`
    )
    return undefined
  }
  if (text.trim() === '') {
    findings.error('empty', start, 'The file is empty; expected `digraph NAME { ... }`.')
    return undefined
  }
  // What a parser would say of other text is about a graph that was never meant.
  const first = text.search(/\S/)
  const word = /^(?:[<{]|\w+)/.exec(text.slice(first, first + 8))?.[0]
  if (word !== undefined && !/^(strict|graph|digraph)$/i.test(word)) {
    findings.error(
      'syntax',
      { start: first, end: first + 1 },
      'This is not a DOT file; expected `digraph NAME { ... }`.'
    )
    return undefined
  }
  if (!/^[A-Za-z0-9_]+$/.test(name)) {
    findings.warning(
      'model-name',
      start,
      `The file's name gives the model the name ${quoted(name)}; expected letters, digits and \`_\`.`
    )
  }
  const tokens = scan(text, findings)
  if (tokens.lexis === 'broken') return undefined
  const graph = parseGraph(tokens, findings)
  if (graph === undefined) return undefined
  // The keyword stands for the whole where a finding has no place of its own.
  const { head } = graph
  const statements = collectStatements(graph, findings)
  const isWhole = graph.isWhole && !statements.hasGroupEnds
  const built = buildAutomaton(name, statements, isWhole, head, findings)
  if (built !== undefined) checkAutomaton(built, findings)
  return built
}
