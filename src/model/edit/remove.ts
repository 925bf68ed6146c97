import type { Span } from '../findings'
import type { TextEdit } from '../text-edit'
import type { EdgeMention, Group, NodeMention, Outline } from './outline'

/**
 * Removes statements: with their line where nothing else stands on it, and with the braces around
 * them where these hold nothing else.
 */
export function statementsRemoved(
  outline: Outline,
  gone: ReadonlySet<NodeMention | EdgeMention>
): TextEdit[] {
  const spans: Span[] = []
  const isGone = (member: NodeMention | EdgeMention | Group): boolean =>
    member.kind === 'group'
      ? member.members.length > 0 && member.members.every(isGone)
      : gone.has(member)
  const visit = (group: Group): void => {
    for (const member of group.members) {
      if (isGone(member)) spans.push(widened(outline.text, member.span))
      else if (member.kind === 'group') visit(member)
    }
  }
  visit(outline.graph)
  return joined(outline.text, spans)
}

/** The statement and what would be left of its line for nothing. */
function widened(text: string, { start, end }: Span): Span {
  let left = start
  while (' \t'.includes(text[left - 1] ?? 'x')) left--
  let right = end
  while (' \t'.includes(text[right] ?? 'x')) right++
  const startsLine = left === 0 || '\r\n'.includes(text[left - 1] ?? '')
  const lineBreak = text.startsWith('\r\n', right) ? 2 : '\r\n'.includes(text[right] ?? 'x') ? 1 : 0
  if (startsLine)
    return lineBreak > 0 ? { start: left, end: right + lineBreak } : { start, end: right }
  return { start: left, end }
}

/** Overlapping spans as one, each with a blank in its place where two words would become one. */
function joined(text: string, spans: readonly Span[]): TextEdit[] {
  const found: { start: number; end: number }[] = []
  for (const { start, end } of [...spans].sort((a, b) => a.start - b.start)) {
    const last = found.at(-1)
    if (last !== undefined && start <= last.end) last.end = Math.max(last.end, end)
    else found.push({ start, end })
  }
  const isWord = (c: string | undefined): boolean => c !== undefined && /[A-Za-z0-9_"]/.test(c)
  return found.map(({ start, end }) => ({
    start,
    end,
    text: isWord(text[start - 1]) && isWord(text[end]) ? ' ' : ''
  }))
}
