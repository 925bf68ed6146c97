import type { Diagnostic } from './diagnostics'
import { Findings, quoted } from './findings'
import type { Span } from './findings'
import { MAX_INSTRUMENTATION_LENGTH } from './instrumentation-yaml'
import { YamlReader } from './yaml-reader'

/** Name of the file in a models folder that says in which order a kernel registers its monitors. */
export const REGISTRATION_FILE = 'registration.yaml'

/** What was read of a registration order. */
export interface ParsedRegistration {
  /** Names of monitors and containers in order; what was wrong is left out. */
  readonly names: readonly string[]
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * Reads a registration order: a YAML list of names. Never throws, whatever the text.
 *
 * @param exists whether a file describes a monitor of that name; others are warned of
 */
export function parseRegistration(
  text: string,
  file: string,
  exists: (name: string) => boolean
): ParsedRegistration {
  const findings = new Findings(file, text)
  if (text.length > MAX_INSTRUMENTATION_LENGTH) {
    findings.error(
      'too-large',
      { start: 0, end: 0 },
      `The file has ${text.length} characters; expected at most ${MAX_INSTRUMENTATION_LENGTH}.`
    )
    return { names: [], diagnostics: findings.list() }
  }
  const yaml = new YamlReader(text, findings)
  const root = yaml.parse()
  const places = new Map<string, Span>()
  for (const item of (root && yaml.list(root, 'the file')) ?? []) {
    const found = yaml.text(item, 'the name of a monitor')
    if (found === undefined) continue
    const before = places.get(found.text)
    if (before !== undefined) {
      findings.error(
        'duplicate-monitor',
        found.span,
        `The monitor ${quoted(found.text)} stands twice, first at ${findings.place(before.start)}.`
      )
      continue
    }
    places.set(found.text, found.span)
    if (exists(found.text)) continue
    findings.warning(
      'unknown-monitor',
      found.span,
      `No file of this folder describes the monitor ${quoted(found.text)}.`
    )
  }
  return { names: [...places.keys()], diagnostics: findings.list() }
}

/** What can be put in order. */
interface Registrable {
  readonly name: string
  /** Name of the container that must come before. */
  readonly parent: string | undefined
}

/** In the order of `names`, then by name; each container before its children. */
export function inRegistrationOrder<T extends Registrable>(
  monitors: readonly T[],
  names: readonly string[]
): T[] {
  const rank = new Map(names.map((name, i) => [name, i]))
  const place = ({ name }: T): number => rank.get(name) ?? names.length
  const sorted = [...monitors].sort(
    (a, b) => place(a) - place(b) || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)
  )
  const byName = new Map(sorted.map((m) => [m.name, m]))
  const ordered = new Set<T>()
  for (const monitor of sorted) {
    // Containers have no parents themselves.
    const parent = monitor.parent === undefined ? undefined : byName.get(monitor.parent)
    if (parent !== undefined) ordered.add(parent)
    ordered.add(monitor)
  }
  return [...ordered]
}
