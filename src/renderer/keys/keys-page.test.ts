import { h, nextTick } from 'vue'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { format } from 'prettier'
import App from '../App.vue'
import { useEditor, type EditorSession } from '../editor/session'
import { inWindow } from '../features/testing-mount'
import { shortcutGroups } from '../palette/shortcut-table'
import type { Command } from '../stores/commands'
import { delta, monitorInfo } from '../testing'
import { keyTexts } from '../texts-keys'
import { conflicts } from './dispatcher'
import dot from '../../../models/wip.dot?raw'
import ltl from '../../../models/sleep.ltl?raw'

/** A worker that never answers: no drawing is needed here. */
class SilentWorker extends EventTarget {
  readonly postMessage = (): void => undefined
  readonly terminate = (): void => undefined
}

beforeEach(() => vi.stubGlobal('Worker', SilentWorker))
afterEach(() => vi.unstubAllGlobals())

/** Every command that any part of the window offers. */
async function everyCommand(): Promise<Command[]> {
  let editor: EditorSession | undefined
  const { panel, wrapper } = await inWindow(
    {
      setup: () => {
        editor = useEditor()
        return () => h(App)
      }
    },
    {},
    {
      monitors: [
        monitorInfo('wip', { enabled: true, model: dot }),
        monitorInfo('sleep', { class: 'ltl', enabled: true, model: ltl })
      ],
      deltas: [delta(0, { states: ['preemptive'], rows: [{ index: 0, state: 0 }] })]
    }
  )
  const found = new Map<string, Command>()
  const look = async (): Promise<void> => {
    await nextTick()
    await vi.dynamicImportSettled()
    expect(conflicts(panel.commands.all)).toEqual([])
    for (const command of panel.commands.all) found.set(command.id, command)
  }
  for (const monitor of ['wip', 'sleep']) {
    panel.select(monitor)
    for (const tab of ['automaton', 'instances', 'events', 'model'] as const) {
      panel.tab.value = tab
      await look()
    }
  }
  for (const tab of ['timeline', 'log', 'events', 'terminal'] as const) {
    panel.settings.bottomTab = tab
    await look()
  }
  editor?.show()
  await look()
  wrapper.unmount()
  return [...found.values()]
}

it('docs/keys.md has every shortcut, as the list in the window has them, and none means two things', async () => {
  const commands = await everyCommand()
  expect(commands.map((one) => one.id)).toEqual(
    expect.arrayContaining([
      'automaton.fit',
      'instances.filter',
      'time.live',
      'models.run',
      'ltl.fit'
    ])
  )
  const cell = (text: string): string => text.replaceAll('|', '\\|')
  const code = (keys: string): string => (keys.includes('`') ? `\`\` ${keys} \`\`` : `\`${keys}\``)
  const parts = shortcutGroups(commands).map(({ group, list }) => {
    const lines = [...list]
      .sort((a, b) => (a.id < b.id ? -1 : 1))
      .map((one) => `| ${one.keys.map(code).map(cell).join(' or ')} | ${cell(one.always)} |`)
    // The same keys may do the same in two views.
    return `## ${keyTexts.groups[group]}\n\n| Keys | What they do |\n|---|---|\n${[...new Set(lines)].join('\n')}\n`
  })
  const text = `# Keys

${keyTexts.shortcuts.help}

\`?\` lists them in the window, \`Ctrl+K\` finds every command, with a key or without, and the menu
has the most used ones. In a terminal only keys with Ctrl+Shift, and
\`\` Ctrl+\` \`\`, are the panel’s.

${parts.join('\n')}`
  await expect(
    await format(text, { parser: 'markdown', printWidth: 100, proseWrap: 'always' })
  ).toMatchFileSnapshot('../../../docs/keys.md')
})
