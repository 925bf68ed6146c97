import type { Fix } from '../diagnostics'
import { quoted } from '../findings'
import type { Findings } from '../findings'
import type { LtlAssignment, LtlExpression } from './syntax'
import { BINARY_OPERATORS, UNARY_OPERATORS, parenthesize, printExpression } from './syntax'

/** How tightly the operators bind where they have a precedence: in Spin, Spot and mathematics. */
const TIGHTNESS = { equivalent: 0, imply: 1, or: 2, and: 3, until: 4 } as const

/** Reports what rvgen reads otherwise than people do, and names that look like words of the language. */
export function checkTraps(assignments: readonly LtlAssignment[], findings: Findings): void {
  for (const { expression } of assignments) walk(expression, findings)
}

function walk(e: LtlExpression, findings: Findings): void {
  switch (e.kind) {
    case 'literal':
      return
    case 'name':
      checkName(e, findings)
      return
    case 'group':
      walk(e.of, findings)
      return
    case 'unary':
      checkUnary(e, findings)
      walk(e.of, findings)
      return
    case 'binary':
      checkBinary(e, findings)
      walk(e.left, findings)
      walk(e.right, findings)
  }
}

function checkName(e: LtlExpression & { readonly kind: 'name' }, findings: Findings): void {
  const word = e.name.toLowerCase()
  if ([...UNARY_OPERATORS, ...BINARY_OPERATORS, 'true', 'false'].some((w) => w === word)) {
    findings.warning(
      'keyword-in-capitals',
      e.span,
      `${quoted(e.name)} is a name like any other; expected \`${word}\`, in lower case, for the word of the language.`,
      word === 'true' || word === 'false'
        ? { title: `Write \`${word}\``, edits: [{ ...e.span, text: word }] }
        : undefined
    )
  }
}

function checkUnary(e: LtlExpression & { readonly kind: 'unary' }, findings: Findings): void {
  const { of } = e
  if (of.kind !== 'binary' || findings.full) return
  const whole = `${e.op} (${printExpression(of)})`
  const tight = `(${e.op} ${printExpression(of.left)}) ${of.op} ${printExpression(of.right)}`
  findings.warning(
    'unary-takes-all',
    e.opSpan,
    `\`${e.op}\` takes everything to its right; expected parentheses that say so, ${quoted(whole)}, or ${quoted(tight)} where that is meant.`,
    { title: `Write ${quoted(whole)}`, edits: parenthesize(of.span) },
    {
      title: `Write ${quoted(tight)}`,
      edits: parenthesize({ start: e.span.start, end: of.left.span.end })
    }
  )
}

/** `a equivalent b` by what rvgen knows. */
function withoutEquivalent(
  { left, right, span }: LtlExpression & { readonly kind: 'binary' },
  text: string
): Fix {
  const part = (e: LtlExpression): string => {
    const source = text.slice(e.span.start, e.span.end)
    return e.kind === 'unary' || e.kind === 'binary' ? `(${source})` : source
  }
  const [a, b] = [part(left), part(right)]
  return {
    title: 'Write it with `imply`',
    edits: [{ ...span, text: `((${a} imply ${b}) and (${b} imply ${a}))` }]
  }
}

function checkBinary(e: LtlExpression & { readonly kind: 'binary' }, findings: Findings): void {
  if (e.op === 'equivalent') {
    findings.note(
      'equivalent',
      e.opSpan,
      '`equivalent` is documented, but rvgen refuses it; expected `(A imply B) and (B imply A)` where rvgen is to read the file.',
      withoutEquivalent(e, findings.text)
    )
  }
  const { left, right } = e
  if (right.kind !== 'binary' || findings.full) return
  const rest = printExpression(right)
  const tail = printExpression(right.right)
  const read = `${printExpression(left)} ${e.op} (${rest})`
  const other = `(${printExpression(left)} ${e.op} ${printExpression(right.left)}) ${right.op} ${tail}`
  const fix = { title: `Write ${quoted(read)}`, edits: parenthesize(right.span) }
  if (TIGHTNESS[right.op] < TIGHTNESS[e.op]) {
    findings.warning(
      'mixed-operators',
      right.opSpan,
      `Operators have no precedence, and the right one goes first; expected parentheses that say so, ${quoted(read)}, or ${quoted(other)} where that is meant.`,
      fix,
      {
        title: `Write ${quoted(other)}`,
        edits: parenthesize({ start: left.span.start, end: right.left.span.end })
      }
    )
  } else if (right.op === e.op && e.op === 'until') {
    findings.note(
      'right-associative',
      right.opSpan,
      `\`until\` binds to the right: this is ${quoted(read)}; expected parentheses that say so.`,
      fix
    )
  }
}
