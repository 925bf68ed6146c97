import { GENERATED } from './codes/c'
import { DOT_CLOCKS } from './codes/dot-clocks'
import { DOT_STATES } from './codes/dot-states'
import { DOT_SYNTAX } from './codes/dot-syntax'
import { FILES } from './codes/files'
import { LTL } from './codes/ltl'
import { NAMES } from './codes/names'
import { YAML } from './codes/yaml'
import type { CodeEntry } from './codes/code'

/** Findings of one subject, for documents. */
export interface CodeGroup {
  readonly title: string
  readonly codes: readonly CodeEntry[]
}

/** Every kind of finding, each with an example that raises it. */
export const CODE_GROUPS: readonly CodeGroup[] = [
  { title: 'Text of a model', codes: DOT_SYNTAX },
  { title: 'States and transitions', codes: DOT_STATES },
  { title: 'Guards, invariants and clocks', codes: DOT_CLOCKS },
  { title: 'Names', codes: NAMES },
  { title: 'Formulas', codes: LTL },
  { title: 'Instrumentation and folders', codes: YAML },
  { title: 'Files', codes: FILES },
  { title: 'Generated code', codes: GENERATED }
]

export const CODES: ReadonlyMap<string, CodeEntry> = new Map(
  CODE_GROUPS.flatMap(({ codes }) => codes.map((entry) => [entry.code, entry] as const))
)
