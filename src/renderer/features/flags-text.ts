import { texts } from '../texts'
import { decodeFlags } from '../ui/flags'

/** The latency columns in words, what matters first; empty when they cannot be read. */
export function flagWords(flags: string): string[] {
  const f = decodeFlags(flags)
  if (!f) return []
  const t = texts.flags
  const words: string[] = [t.contexts[f.context]]
  words.push(f.irqs === 'off' ? t.irqsOff : f.irqs === 'on' ? t.irqsOn : t.irqsUnknown)
  words.push(t.preempt(f.preemptDepth))
  if (f.bottomHalvesOff) words.push(t.bhOff)
  if (f.needResched) words.push(t.needResched)
  if (f.needReschedLazy) words.push(t.needReschedLazy)
  if (f.preemptResched) words.push(t.preemptResched)
  if (f.migrateDepth > 0) words.push(t.migrate(f.migrateDepth))
  return words
}
