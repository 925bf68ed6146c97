import type { Severity } from '../../diagnostics'
import type { ModelClass } from '../../check'

/** A file that raises a finding, in the register as its proof. */
export interface CodeExample {
  readonly file: string
  readonly text: string
  /** The bytes are those of Latin-1 text, not of UTF-8. */
  readonly latin1?: true
  /** The class that it is checked for. */
  readonly class?: ModelClass
  /** Files in the same folder. */
  readonly beside?: Readonly<Record<string, string>>
  /** What matters of the text, for the documentation; all of it where it is short. */
  readonly excerpt?: string
}

/** What there is to know of one kind of finding. */
export interface CodeEntry {
  /** In kebab case; never changes its meaning. */
  readonly code: string
  readonly severity: Severity
  /** A few words, without a full stop. */
  readonly title: string
  /** What it means for the monitor, and what to do. */
  readonly meaning: string
  /** What rvgen of Linux 7.3 does with the same file. */
  readonly rvgen: string
  /** Missing where the file system raises it, not a text. */
  readonly example?: CodeExample
}

/** A model of two states with further statements. */
export function dot(statements: string, more: Partial<CodeExample> = {}): CodeExample {
  return {
    file: 'm.dot',
    text: [
      'digraph m {',
      '"__init_a" [label = ""]',
      '"a" [label = "a"]',
      '"b" [label = "b"]',
      '"__init_a" -> "a"',
      '"a" -> "b" [label = "go"]',
      '"b" -> "a" [label = "back"]',
      statements,
      '}',
      ''
    ].join('\n'),
    excerpt: statements,
    ...more
  }
}

/** A whole DOT file. */
export function wholeDot(text: string, more: Partial<CodeExample> = {}): CodeExample {
  return { file: 'm.dot', text, ...more }
}

export function ltl(text: string, more: Partial<CodeExample> = {}): CodeExample {
  return { file: 'm.ltl', text: `${text}\n`, excerpt: text, ...more }
}

/** An instrumentation of the model of dot(), with other lines in the place of those of the same key. */
export function yaml(lines: string, more: Partial<CodeExample> = {}): CodeExample {
  const own = new Set(lines.split('\n').map((line) => /^\w+/.exec(line)?.[0]))
  const common = {
    monitor: 'monitor: m',
    type: 'type: per_cpu',
    description: 'description: an example',
    tracepoints:
      'tracepoints:\n  preempt_disable:\n    - {event: go, call: handle_event}\n  preempt_enable:\n    - {event: back, call: handle_start_event}'
  }
  const rest = Object.entries(common)
    .filter(([key]) => !own.has(key))
    .map(([, text]) => text)
  return {
    file: 'm.yaml',
    text: `${[...rest, lines].join('\n')}\n`,
    beside: { 'm.dot': dot('').text },
    excerpt: lines,
    ...more
  }
}
