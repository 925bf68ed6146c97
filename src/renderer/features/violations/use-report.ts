import { reportShown } from '../../stores/dialogs'
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
      count: cause?.count ?? 1,
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
