import type { Hops } from '../../../contract/state'
import type { ViolationRows } from '../../stores/violation-rows'
import { violationListTexts as t } from '../../texts-violation-list'
import { integer } from '../../ui/text'

/** Violations that the list does not have, one sentence for each way that they got lost. */
export function lossSentences(hops: Hops | null, rows: ViolationRows): string[] {
  const sentences: string[] = []
  const rings = hops?.rings.filter((ring) => ring.instance === 'violations') ?? []
  const overwritten = rings.reduce((sum, r) => sum + r.overrun + r.commitOverrun + r.dropped, 0)
  if (overwritten > 0) sentences.push(t.lostRing(integer(overwritten)))
  // What the observer could not hand over has its number, so that its place is seen here as well.
  const notTaken = Math.max(hops?.observer.violationsNotSent ?? 0, rows.missing)
  if (notTaken > 0) sentences.push(t.notTaken(integer(notTaken)))
  const gone = rows.received - rows.listed
  if (gone > 0) sentences.push(t.notListed(integer(gone)))
  return sentences
}
