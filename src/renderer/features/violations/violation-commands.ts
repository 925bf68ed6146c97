import type { Command } from '../../stores/commands'
import { GROUPINGS } from '../../../contract/settings'
import { violationListTexts } from '../../texts-violation-list'
import { keyTexts } from '../../texts-keys'
import { useReport } from './use-report'
import type { ViolationsModel } from './use-violations'

const t = violationListTexts.commands

/** What can be done with the violations while their pane is there. */
export function violationCommands(model: ViolationsModel, isShown: () => boolean): Command[] {
  const report = useReport(model)
  const here = { scope: 'monitors', group: 'violations' } as const
  const chosen = {
    ...here,
    enabled: () => isShown() && model.chosen.value !== undefined,
    why: () => (isShown() ? t.nothingChosen : keyTexts.commands.inEditor)
  }
  const withChosen = (act: (seq: number) => void) => (): void => {
    if (model.chosen.value !== undefined) act(model.chosen.value)
  }
  return [
    {
      ...chosen,
      id: 'violations.older',
      title: t.older,
      keys: ['Alt+ArrowUp'],
      repeats: true,
      run: () => model.step(-1)
    },
    {
      ...chosen,
      id: 'violations.newer',
      title: t.newer,
      keys: ['Alt+ArrowDown'],
      repeats: true,
      run: () => model.step(1)
    },
    {
      ...chosen,
      id: 'violations.moment',
      title: t.moment,
      keys: ['v m'],
      run: withChosen((seq) => model.goTo(seq))
    },
    {
      ...chosen,
      id: 'violations.automaton',
      title: t.automaton,
      keys: ['v a'],
      run: withChosen((seq) => model.inAutomaton(seq))
    },
    {
      ...chosen,
      id: 'violations.report',
      title: t.report,
      keys: ['v r'],
      run: () => report.preview()
    },
    {
      ...here,
      id: 'violations.seen',
      title: t.seen,
      keys: ['v s'],
      enabled: () => isShown() && model.rows.unseen > 0,
      why: () => (isShown() ? t.nothingNew : keyTexts.commands.inEditor),
      run: () => model.markAllSeen()
    },
    ...GROUPINGS.map((one): Command => ({
      ...here,
      id: `violations.group.${one}`,
      title: t.group(violationListTexts.groupings[one]),
      run: () => model.groupBy(one)
    }))
  ]
}
