import type { Diagnostic } from './diagnostics'
import { Findings, quoted } from './findings'
import type { Container, Instrumentation, MonitorType } from './instrumentation'
import { checkCoverage } from './instrumentation-yaml/coverage'
import { FieldReader } from './instrumentation-yaml/fields'
import type { Fields } from './instrumentation-yaml/fields'
import { readDescription, readName } from './instrumentation-yaml/head'
import { HYBRID_KEYS, readHybrid } from './instrumentation-yaml/hybrid'
import { LTL_KEYS, readLtl } from './instrumentation-yaml/ltl'
import { readParameters } from './instrumentation-yaml/parameters'
import { RuleReader } from './instrumentation-yaml/rules'
import { specName, specTitle } from './instrumentation-yaml/spec'
import type { MonitorSpec } from './instrumentation-yaml/spec'
import { readStorage } from './instrumentation-yaml/storage'
import { YamlReader } from './yaml-reader'

export { nameProblem } from './instrumentation-yaml/head'
export type { MonitorSpec } from './instrumentation-yaml/spec'

/** Longest instrumentation text that is read, in UTF-16 units. */
export const MAX_INSTRUMENTATION_LENGTH = 1 << 16

/** Every type, in the order of enum rv_mon_type. */
export const MONITOR_TYPES: readonly MonitorType[] = ['global', 'per_cpu', 'per_task', 'per_obj']
const COMMON_KEYS = [
  'monitor',
  'type',
  'description',
  'parent',
  'parameters',
  'reactions',
  'tracepoints'
]
const CONTAINER_KEYS = ['monitor', 'type', 'description']
const START = { start: 0, end: 0 }

/** What was read of the file beside a model. */
export interface ParsedInstrumentation {
  /** Undefined exactly when there is a diagnostic of severity error. */
  readonly instrumentation: Instrumentation | undefined
  readonly diagnostics: readonly Diagnostic[]
}

/** What was read of a container's file. */
export interface ParsedContainer {
  /** Undefined exactly when there is a diagnostic of severity error. */
  readonly container: Container | undefined
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * Reads the file beside a model that says how tracepoints become its events or
 * atoms; the format is described in models/README.md. Never throws, whatever the text.
 */
export function parseInstrumentation(
  text: string,
  file: string,
  spec: MonitorSpec
): ParsedInstrumentation {
  const findings = new Findings(file, text)
  const instrumentation = readInstrumentation(text, spec, findings)
  return {
    instrumentation: findings.hasErrors ? undefined : instrumentation,
    diagnostics: findings.list()
  }
}

/**
 * Reads a file that has no model beside it: a container's. Never throws, whatever the text.
 *
 * @param stem name of the file without its ending, to say which model would be expected.
 */
export function parseContainer(text: string, file: string, stem: string): ParsedContainer {
  const findings = new Findings(file, text)
  const container = readContainer(text, stem, findings)
  return {
    container: findings.hasErrors ? undefined : container,
    diagnostics: findings.list()
  }
}

function open(
  text: string,
  keys: readonly string[],
  also: readonly string[],
  findings: Findings
): { readonly reader: FieldReader; readonly top: Fields } | undefined {
  if (text.length > MAX_INSTRUMENTATION_LENGTH) {
    findings.error(
      'too-large',
      START,
      `The file has ${text.length} characters; expected at most ${MAX_INSTRUMENTATION_LENGTH}.`
    )
    return undefined
  }
  const yaml = new YamlReader(text, findings)
  const root = yaml.parse()
  const entries = root && yaml.mapping(root, 'the file', keys, also)
  if (entries === undefined) return undefined
  const at = entries.values().next().value?.keySpan ?? START
  return { reader: new FieldReader(yaml, findings), top: { entries, where: 'the file', at } }
}

function readContainer(text: string, stem: string, findings: Findings): Container | undefined {
  const others = ['parent', 'parameters', 'tracepoints', 'storage', ...HYBRID_KEYS, ...LTL_KEYS]
  const file = open(text, CONTAINER_KEYS, others, findings)
  if (file === undefined) return undefined
  const { reader, top } = file
  const type = top.entries.get('type')
  if (type !== undefined && !reader.yaml.isWord(type.value, 'container')) {
    findings.error(
      'no-model',
      START,
      `There is no model beside it; expected ${stem}.dot, ${stem}.ltl or \`type: container\`.`
    )
    return undefined
  }
  for (const { key, keySpan } of top.entries.values()) {
    if (CONTAINER_KEYS.includes(key)) continue
    findings.error('wrong-class', keySpan, `A container has no ${quoted(key)}.`)
  }
  reader.choice(top, 'type', ['container'])
  const monitor = readName(reader, top, 'monitor')
  const description = readDescription(reader, top)
  if (monitor === undefined || description === undefined) return undefined
  return { monitor, description }
}

function readInstrumentation(
  text: string,
  spec: MonitorSpec,
  findings: Findings
): Instrumentation | undefined {
  const keys = [...COMMON_KEYS, ...classKeys(spec)]
  const others = ['storage', ...HYBRID_KEYS, ...LTL_KEYS].filter((k) => !keys.includes(k))
  const file = open(text, keys, others, findings)
  if (file === undefined) return undefined
  const { reader, top } = file
  const { entries } = top
  for (const key of others) {
    const entry = entries.get(key)
    if (entry === undefined) continue
    findings.error(
      'wrong-class',
      entry.keySpan,
      `${quoted(key)} is for ${owner(key)}; the model ${quoted(specName(spec))} is ${specTitle(spec)}.`
    )
  }
  const monitor = readName(reader, top, 'monitor')
  const parent = entries.has('parent') ? readName(reader, top, 'parent') : undefined
  const type = readType(reader, top, spec)
  const description = readDescription(reader, top)
  const parameters = readParameters(reader, entries.get('parameters'))
  const silent = entries.has('reactions')
    ? reader.choice(top, 'reactions', ['given', 'none']) === 'none'
    : false
  const names = parameters.map((p) => p.name)
  const points = reader.required(top, 'tracepoints')
  if (points === undefined) return undefined
  const isFed = !reader.yaml.isWord(points.value, 'none')
  const storage = readStorage(reader, entries.get('storage'), names)
  if (storage !== undefined && type !== undefined && type !== 'per_obj') {
    findings.error(
      'wrong-class',
      entries.get('storage')?.keySpan ?? START,
      `\`storage\` is for per_obj monitors; ${quoted(specName(spec))} is ${type}.`
    )
  }
  const instance = type === 'per_task' ? 'task' : type === 'per_obj' ? 'object' : undefined
  const hybrid =
    spec.kind === 'automaton' && spec.automaton.kind === 'ha'
      ? readHybrid(
          reader,
          top,
          spec.automaton,
          { tracepoint: undefined, instance, parameters: names },
          isFed
        )
      : undefined
  const ltl = spec.kind === 'ltl' ? readLtl(reader, top, spec.ltl, names) : undefined
  const tracepoints = isFed ? new RuleReader(reader, spec, type, names).read(points.value) : []
  if (monitor === undefined || type === undefined || description === undefined) return undefined
  if (isFed && !findings.hasErrors) {
    checkCoverage({ tracepoints, ltl }, spec, points.keySpan, findings)
  }
  const read = { monitor, type, description, parent, parameters, tracepoints, storage, hybrid, ltl }
  return silent ? { ...read, reactions: 'none' } : read
}

function readType(reader: FieldReader, top: Fields, spec: MonitorSpec): MonitorType | undefined {
  const entry = top.entries.get('type')
  if (entry !== undefined && reader.yaml.isWord(entry.value, 'container')) {
    reader.findings.error(
      'container-with-model',
      entry.value.span,
      `A container has no model, and there is one beside it; expected another file name or another type.`
    )
    return undefined
  }
  const type = reader.choice(top, 'type', MONITOR_TYPES)
  if (spec.kind !== 'ltl' || type === undefined || type === 'per_task') return type
  reader.findings.error(
    'unknown-type',
    entry?.value.span ?? top.at,
    `An LTL monitor cannot be ${type}; expected \`per_task\`.`
  )
  return undefined
}

/** Keys besides the common ones. */
function classKeys(spec: MonitorSpec): readonly string[] {
  if (spec.kind === 'ltl') return LTL_KEYS
  return spec.automaton.kind === 'ha' ? ['storage', ...HYBRID_KEYS] : ['storage']
}

function owner(key: string): string {
  if (key === 'storage') return 'per_obj monitors'
  return LTL_KEYS.some((k) => k === key) ? 'LTL monitors' : 'hybrid automata'
}
