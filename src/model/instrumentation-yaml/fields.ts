import type { Expression } from '../expression'
import type { ExpressionNames } from '../expression-names'
import { parseExpression } from '../expression-parser'
import { quoted } from '../findings'
import type { Findings, Span } from '../findings'
import { listOf } from '../yaml-reader'
import type { YamlEntry, YamlReader, YamlText, YamlValue } from '../yaml-reader'

/** The entries of one mapping of the file, and what they are called in sentences. */
export interface Fields {
  readonly entries: ReadonlyMap<string, YamlEntry>
  /** `the file`, ``a rule of `sched_switch` `` */
  readonly where: string
  /** Where a missing key is reported. */
  readonly at: Span
}

/** Reads single values and reports what is wrong with them; the parts of a file share one. */
export class FieldReader {
  readonly yaml: YamlReader
  readonly findings: Findings

  constructor(yaml: YamlReader, findings: Findings) {
    this.yaml = yaml
    this.findings = findings
  }

  required({ entries, where, at }: Fields, key: string): YamlEntry | undefined {
    const entry = entries.get(key)
    if (entry === undefined) {
      this.findings.error('missing-key', at, `The key \`${key}\` is missing in ${where}.`)
    }
    return entry
  }

  requiredText(fields: Fields, key: string): YamlText | undefined {
    const entry = this.required(fields, key)
    return entry && this.yaml.text(entry.value, `\`${key}\``)
  }

  /** One of the choices. */
  choice<T extends string>(fields: Fields, key: string, choices: readonly T[]): T | undefined {
    const found = this.requiredText(fields, key)
    if (found === undefined) return undefined
    const choice = choices.find((c) => c === found.text)
    if (choice === undefined) {
      this.findings.error(
        `unknown-${key}`,
        found.span,
        `Unknown ${key} ${quoted(found.text)}; expected ${listOf(choices)}.${this.findings.suggestion(found.text, choices)}`
      )
    }
    return choice
  }

  expression(value: YamlValue, what: string, names: ExpressionNames): Expression | undefined {
    const found = this.yaml.text(value, what)
    if (found === undefined) return undefined
    const parsed = parseExpression(found.text, names)
    if ('expression' in parsed) return parsed.expression
    this.findings.error('bad-expression', found.at(parsed.error.span), parsed.error.message)
    return undefined
  }

  requiredExpression(fields: Fields, key: string, names: ExpressionNames): Expression | undefined {
    const entry = this.required(fields, key)
    return entry && this.expression(entry.value, `\`${key}\``, names)
  }

  /** Undefined where the key is not there, and after an error. */
  optionalExpression(
    { entries }: Fields,
    key: string,
    names: ExpressionNames
  ): Expression | undefined {
    const entry = entries.get(key)
    return entry && this.expression(entry.value, `\`${key}\``, names)
  }

  /**
   * A mapping of names to expressions. A name for which `refuse` has a sentence is an error of the
   * code; a mapping that is not there is an empty one.
   */
  expressions(
    entry: YamlEntry | undefined,
    names: ExpressionNames,
    code: string,
    refuse: (name: string) => string | undefined
  ): Map<string, Expression> {
    const found = new Map<string, Expression>()
    const own = entry && this.yaml.mapping(entry.value, `\`${entry.key}\``)
    for (const { key, keySpan, value } of own?.values() ?? []) {
      const refused = refuse(key)
      if (refused !== undefined) {
        this.findings.error(code, keySpan, refused)
        continue
      }
      const expression = this.expression(value, quoted(key), names)
      if (expression !== undefined) found.set(key, expression)
    }
    return found
  }
}
