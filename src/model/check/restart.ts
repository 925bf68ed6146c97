import { fileDiagnostic } from './decode'
import type { Diagnostic } from '../diagnostics'
import type { AtomRule } from '../instrumentation'
import type { LtlMonitorModel } from '../load'
import { startBuchi } from '../ltl/buchi'

/** With more atoms than these not every valuation is tried. */
const MAX_ATOMS = 16

/**
 * Whether a monitor may stay silent after a violation: an instance starts again at
 * an update of an atom, in a valuation in which the rule can begin. Where every
 * update brings back what violated it, it does not start until another atom
 * changes, which no update tells (as pagefault of the kernel, whose PAGEFAULT is
 * only ever set, while the task stays real-time).
 *
 * @param file what the finding calls the instrumentation
 */
export function checkRestart(
  { ltl, instrumentation }: LtlMonitorModel,
  file: string
): Diagnostic | undefined {
  const { atoms, buchi } = ltl
  if (atoms.length > MAX_ATOMS) return undefined
  const rules = instrumentation.tracepoints
    .flatMap((t) => t.steps.flat())
    .filter((rule): rule is AtomRule => rule.kind === 'atom')
  const updates = rules.filter((rule) => rule.call !== 'atom_set')
  // A value that is computed may be either; an atom that is only set changes in silence.
  const outcomes = updates.flatMap(({ atom, value }) => {
    const bit = 1 << atoms.indexOf(atom)
    if (value.kind !== 'number')
      return [
        { bit, on: true },
        { bit, on: false }
      ]
    return [{ bit, on: value.value !== 0 }]
  })
  const pulses = updates.filter((rule) => rule.call === 'atom_pulse')
  if (outcomes.length === 0 || rules.length > updates.length) return undefined
  for (const { atom, value } of pulses) {
    if (value.kind !== 'number') continue
    const bit = 1 << atoms.indexOf(atom)
    const on = value.value !== 0
    for (let w = 0; w < 1 << atoms.length; w++) {
      if (((w & bit) !== 0) !== on || startBuchi(buchi, w) !== 0) continue
      // Behind the pulse the atom has its other value.
      const after = w ^ bit
      const starts = outcomes.some((o) => startBuchi(buchi, o.on ? after | o.bit : after & ~o.bit))
      if (starts) continue
      const held = atoms.filter((a, i) => a !== atom && ((w >> i) & 1) === 1)
      return fileDiagnostic(
        'silent-after-violation',
        file,
        `After a violation at \`${atom}\` the monitor does not start again while ${held.length === 0 ? 'the other atoms stay as they are' : `${held.join(' and ')} ${held.length === 1 ? 'holds' : 'hold'}`}, so further ones are not reported; expected a rule that updates another atom, or \`${atom}\` with its other value.`,
        'note'
      )
    }
  }
  return undefined
}
