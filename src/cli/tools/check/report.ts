import type { AppliedFix } from '../../../model/check/fix'
import { excerpt, linesOf } from '../../../model/check/excerpt'
import type { LineChange } from '../../../model/check/line-diff'
import type { CheckedFile } from '../../../model/check/sarif'
import type { Diagnostic, Severity } from '../../../model/diagnostics'
import { printable } from '../../columns'

/** Select Graphic Rendition of what is to stand out. */
const COLORS = { error: '1;31', warning: '1;35', note: '1;36', place: '1', mark: '1;32', line: '2' }

/** How many findings there are of each severity. */
export type Counts = Readonly<Record<Severity, number>>

/** Paints a text, or not. */
export type Paint = (what: keyof typeof COLORS, text: string) => string

export function painter(color: boolean): Paint {
  return (what, text) => (color ? `\x1b[${COLORS[what]}m${text}\x1b[0m` : text)
}

/** The findings of a file, each with its line, a mark below its place, and its fixes. */
export function report({ diagnostics, text }: CheckedFile, paint: Paint): string {
  const lines = text === undefined ? [] : linesOf(text)
  return diagnostics.map((d) => finding(d, lines, paint)).join('')
}

function finding(d: Diagnostic, lines: readonly string[], paint: Paint): string {
  const place = paint('place', `${printable(d.file)}:${d.line}:${d.column}:`)
  const code = paint('line', `[${d.code}]`)
  let out = `${place} ${paint(d.severity, `${d.severity}:`)} ${d.message} ${code}\n`
  const shown = excerpt(lines, d)
  const number = String(d.line)
  const gutter = ' '.repeat(number.length)
  if (shown !== undefined && shown.line !== '') {
    out += `  ${paint('line', `${number} |`)} ${shown.line}\n`
    out += `  ${gutter} ${paint('line', '|')} ${paint('mark', shown.marks)}\n`
  }
  for (const fix of d.fixes ?? []) out += `  ${gutter} ${paint('line', '=')} fix: ${fix.title}\n`
  return out
}

/** @param what `fixed`, or `would fix` */
export function fixed(
  path: string,
  applied: readonly AppliedFix[],
  what: string,
  paint: Paint
): string {
  return applied
    .map(({ diagnostic: d, fix }) => {
      const place = paint('place', `${printable(path)}:${d.line}:${d.column}:`)
      return `${place} ${paint('mark', `${what}:`)} ${fix.title} ${paint('line', `[${d.code}]`)}\n`
    })
    .join('')
}

export function changes(list: readonly LineChange[], paint: Paint): string {
  return list
    .map(({ sign, line, text }) =>
      paint(sign === '-' ? 'error' : 'mark', `  ${sign}${line} | ${printable(text)}`)
    )
    .map((line) => `${line}\n`)
    .join('')
}

/** `18 files checked: 1 error, 2 warnings`. */
export function summary(files: number, counts: Counts, fixable: number): string {
  const parts = (['error', 'warning', 'note'] as const)
    .filter((severity) => counts[severity] > 0)
    .map((severity) => plural(counts[severity], severity))
  const what = parts.length === 0 ? 'nothing found' : parts.join(', ')
  const more = fixable === 0 ? '' : ` (--fix mends ${fixable})`
  return `${plural(files, 'file')} checked: ${what}${more}\n`
}

function plural(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}
