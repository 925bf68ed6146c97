import type { Hops, RingAccount } from '../../contract/state'
import { targetTexts } from '../texts-target'

/** Sums of one instance's rings, or one ring. */
export interface RingRow {
  readonly instance: RingAccount['instance']
  /** Null: the sum of all. */
  readonly cpu: number | null
  readonly cpus: number
  readonly written: number
  readonly read: number
  readonly entries: number
  readonly overrun: number
  readonly dropped: number
  readonly arrived: number
  readonly underWay: number
}

const rowOf = (rings: readonly RingAccount[], cpu: number | null): RingRow => {
  const sum = (of: (ring: RingAccount) => number): number => rings.reduce((s, r) => s + of(r), 0)
  const [read, entries] = [sum((r) => r.read), sum((r) => r.entries)]
  const overrun = sum((r) => r.overrun + r.commitOverrun)
  const dropped = sum((r) => r.dropped)
  const arrived = sum((r) => r.arrived)
  return {
    instance: rings[0]?.instance ?? 'events',
    cpu,
    cpus: rings.length,
    written: read + entries + overrun + dropped,
    read,
    entries,
    overrun,
    dropped,
    arrived,
    underWay: read - arrived
  }
}

/** Of each instance the sum, then its rings. */
export function ringRows(hops: Hops): RingRow[] {
  return (['events', 'violations', 'raw'] as const).flatMap((instance) => {
    const rings = hops.rings.filter((ring) => ring.instance === instance)
    if (rings.length === 0) return []
    return [rowOf(rings, null), ...rings.map((ring) => rowOf([ring], ring.cpu))]
  })
}

/** What the window itself counts. */
export interface WindowAccount {
  readonly received: number
  readonly gaps: number
  readonly rejected: number
}

/** The whole account as plain text, for a mail or a ticket. */
export function accountText(target: string, hops: Hops, window: WindowAccount): string {
  const t = targetTexts.account
  const lines = [`${t.title}: ${target}`]
  const columns = Object.entries(t.columns)
  for (const row of ringRows(hops)) {
    const who = row.cpu === null ? t.all(row.cpus) : t.cpu(row.cpu)
    const parts = columns.map(
      ([key, [name]]) => `${name} ${String(row[key as keyof typeof t.columns])}`
    )
    lines.push(`${t.ring}, ${t.instances[row.instance]}, ${who}: ${parts.join(', ')}`)
  }
  const list = (title: string, names: Readonly<Record<string, string>>, values: object): void => {
    for (const [key, value] of Object.entries(values)) {
      lines.push(`${title}: ${String(value)} ${names[key] ?? key}`)
    }
  }
  if (!hops.streamsWhole) lines.push(`${t.link}: ${t.linkEnded}`)
  if (hops.whyText !== '') lines.push(`${t.link}: ${t.text(hops.whyText)}`)
  if (hops.link === null) lines.push(`${t.link}: ${t.linkWhole}`)
  else list(t.link, t.linkParts, hops.link)
  list(t.observer, t.observerParts, hops.observer)
  list(t.window, t.windowParts, window)
  return `${lines.join('\n')}\n`
}
