import { reportShown } from '../../stores/dialogs'
import type { ViolationStore } from '../../stores/violations'
import { texts } from '../../texts'
import { copyText } from '../../ui/copy'
import { reportOf } from '../violation-report'
import type { ViolationsModel } from './use-violations'

/** The report of the violation that is looked at. */
export function useReport({ panel, store, shown }: ViolationsModel) {
  function report(): { name: string; text: string } | undefined {
    const { value: violation } = shown
    if (!violation) return undefined
    const monitor = panel.monitors.value[violation.monitor]
    const cause = store.causeOf(violation.seq)
    const { lostKernel, lostLink } = panel.accounts.value
    const text = reportOf(violation, {
      count: cause?.count ?? countOf(store, violation.seq),
      first: cause?.first,
      monitor,
      target: panel.target.value,
      simulator: panel.simulator.value,
      lost: lostKernel === null || lostLink === null ? null : lostKernel + lostLink
    })
    return { name: monitor?.name ?? 'rv', text }
  }

  return {
    /** Shows it, to be copied or saved from there. */
    preview(): void {
      reportShown.value = report() ?? null
    },
    /** True: the clipboard has it. */
    copy(): boolean {
      const made = report()
      if (made && copyText(made.text)) return true
      panel.toast('error', texts.violations.copyFailed)
      return false
    }
  }
}

/** Violations of the same cause that are listed: more than so many causes are not counted one by one. */
function countOf({ rows }: ViolationStore, seq: number): number {
  const cause = rows.shared(seq, 'cause')
  let count = 0
  for (const one of rows) if (rows.shared(one, 'cause') === cause) count++
  return count
}
