import type { Witness } from '../../../../model/ops/witness'
import { edgeKey, NO_MARKS } from '../model-tools'
import type { Marks } from '../model-tools'

/** How one of the models stands behind so many steps of a sequence. */
export function marksAt({ start, steps }: Witness, side: 'a' | 'b', step: number): Marks {
  const here = step === 0 ? start[side] : steps[step - 1]?.[side]
  const before = step < 2 ? start[side] : steps[step - 2]?.[side]
  const event = steps[step - 1]?.event ?? ''
  if (here === undefined) {
    // Refused here, or earlier already.
    if (before === undefined) return NO_MARKS
    return {
      ...NO_MARKS,
      states: new Map([[before, 'violated']]),
      refused: { state: before, event }
    }
  }
  const events = new Map<string, string>()
  if (step > 0 && before !== undefined) {
    events.set(edgeKey(before, event, here), 'taken')
    events.set(edgeKey(before, '', here), 'taken')
  }
  return { ...NO_MARKS, states: new Map([[here, 'current']]), events }
}
