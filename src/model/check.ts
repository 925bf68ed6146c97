import { checkClocks } from './check/clocks'
import { checkGraph } from './check/graph'
import { checkLtl } from './check/ltl'
import { checkAutomatonNames, checkModelName } from './check/names'
import type { Diagnostic } from './diagnostics'
import { modelName, readDot } from './dot'
import { Findings, quoted } from './findings'
import type { MonitorSpec } from './instrumentation-yaml'
import { ltlName, readLtl } from './ltl/parse'

/** Classes of monitors as rvgen's `-c` has them. */
export const MODEL_CLASSES = ['da', 'ha', 'ltl'] as const
export type ModelClass = (typeof MODEL_CLASSES)[number]

export interface CheckOptions {
  /** The class that a monitor is to be made of, where that is decided. */
  readonly class?: ModelClass | undefined
}

/**
 * Everything that can be said of a model's text: what rvgen refuses, what it passes over in
 * silence, and what it never looks at. Never throws, whatever the text.
 *
 * @param file its ending (`.ltl`, else DOT) chooses the dialect unless a class does; its stem is
 * the model's name
 */
export function checkModel(
  text: string,
  file: string,
  options: CheckOptions = {}
): readonly Diagnostic[] {
  return examineModel(text, file, options).diagnostics
}

/** A model with all that checkModel() says of it. */
export interface ExaminedModel {
  /** Undefined exactly when there is a diagnostic of severity error. */
  readonly spec: MonitorSpec | undefined
  readonly diagnostics: readonly Diagnostic[]
}

/** As checkModel(), with the model that was read. */
export function examineModel(
  text: string,
  file: string,
  options: CheckOptions = {}
): ExaminedModel {
  const findings = new Findings(file, text)
  const isLtl = options.class === undefined ? file.endsWith('.ltl') : options.class === 'ltl'
  const spec = isLtl
    ? checkSpecification(text, file, findings)
    : checkDrawing(text, file, options.class, findings)
  const list = findings.list()
  // The second follows from the first.
  const has = (code: string): boolean => list.some((d) => d.code === code)
  const implied = new Set([
    ...(has('always-true') ? ['never-violated'] : []),
    ...(has('contradiction') ? ['never-true'] : [])
  ])
  return {
    spec: findings.hasErrors ? undefined : spec,
    diagnostics: list.filter((d) => !implied.has(d.code))
  }
}

const START = { start: 0, end: 0 }

function checkSpecification(
  text: string,
  file: string,
  findings: Findings
): MonitorSpec | undefined {
  checkModelName(ltlName(file), START, findings)
  const read = readLtl(text, file, findings)
  if (read === undefined) return undefined
  checkLtl(read, findings)
  return { kind: 'ltl', ltl: read.model }
}

function checkDrawing(
  text: string,
  file: string,
  wanted: ModelClass | undefined,
  findings: Findings
): MonitorSpec | undefined {
  if (!/[^/\\](\.dot|\.gv)$/.test(file)) {
    findings.warning(
      'not-a-dot-file',
      START,
      `rvgen says \`not a dot file\` of ${quoted(file)} unless it is given a name with -n; expected a name that ends in .dot or .gv.`
    )
  }
  checkModelName(modelName(file), START, findings)
  const built = readDot(text, file, findings)
  if (built === undefined) return undefined
  const { automaton, places, doubts } = built
  // A label that cannot be read may have a guard.
  const isKnown = automaton.kind === 'ha' || (doubts.isWhole && doubts.unread.size === 0)
  if (wanted !== undefined && wanted !== automaton.kind && isKnown) {
    findings.error(
      'class-mismatch',
      places.head,
      automaton.kind === 'ha'
        ? "Detected hybrid automaton, use the 'ha' class; expected no guard, reset or invariant."
        : "Detected deterministic automaton, use the 'da' class; expected a guard, a reset or an invariant."
    )
  }
  checkGraph(built, findings)
  checkClocks(built, findings)
  checkAutomatonNames(built, findings)
  return { kind: 'automaton', automaton }
}
