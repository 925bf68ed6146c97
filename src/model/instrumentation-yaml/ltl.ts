import type { Expression } from '../expression'
import { quoted } from '../findings'
import type { LtlParts } from '../instrumentation'
import type { LtlModel } from '../ltl'
import type { FieldReader, Fields } from './fields'

/** Keys of LTL monitors alone. */
export const LTL_KEYS = ['fetch', 'init', 'created'] as const

/** What an LTL monitor needs besides its formula. */
export function readLtl(
  reader: FieldReader,
  { entries }: Fields,
  model: LtlModel,
  parameters: readonly string[]
): LtlParts {
  const names = { tracepoint: undefined, instance: 'task', parameters } as const
  const read = (key: (typeof LTL_KEYS)[number]): Map<string, Expression> =>
    reader.expressions(entries.get(key), names, 'unknown-atom', (name) =>
      unknownAtom(reader, model, name)
    )
  return { fetch: read('fetch'), init: read('init'), created: read('created') }
}

/** A sentence about a name that is no atom of the model, or undefined. */
export function unknownAtom(
  { findings }: FieldReader,
  { name: model, atoms }: LtlModel,
  name: string
): string | undefined {
  if (atoms.includes(name)) return undefined
  return `The model ${quoted(model)} has no atom ${quoted(name)}; it has ${atoms.slice(0, 16).map(quoted).join(', ')}${atoms.length > 16 ? ' and others' : ''}.${findings.suggestion(name, atoms)}`
}
