import type { StorageSeed } from '../instrumentation'
import type { YamlEntry } from '../yaml-reader'
import type { FieldReader } from './fields'

const KEYS = ['each', 'id', 'when'] as const
const WHERE = 'an item of `storage`'

/** The instances that enabling makes, or undefined where the file has no `storage`. */
export function readStorage(
  reader: FieldReader,
  entry: YamlEntry | undefined,
  parameters: readonly string[]
): StorageSeed[] | undefined {
  if (entry === undefined) return undefined
  const seeds: StorageSeed[] = []
  for (const item of reader.yaml.list(entry.value, '`storage`', true) ?? []) {
    const entries = reader.yaml.mapping(item, WHERE, KEYS)
    if (entries === undefined) continue
    const fields = { entries, where: WHERE, at: item.span }
    const each = reader.choice(fields, 'each', ['cpu', 'task'] as const)
    if (each === undefined) continue
    const instance = each === 'task' ? each : undefined
    const names = { tracepoint: undefined, instance, parameters } as const
    const id = reader.requiredExpression(fields, 'id', names)
    const when = reader.optionalExpression(fields, 'when', names)
    if (id !== undefined) seeds.push({ each, id, when })
  }
  return seeds
}
