import type { Command } from '../stores/commands'
import { editorCommandTexts as t } from '../texts-editor-commands'
import type { EditorSession } from './session'

/** A name that was typed counts from here on, as it does when its field is left. */
function takeTyped(): void {
  const field = document.activeElement
  if (field instanceof HTMLInputElement) field.dispatchEvent(new Event('change'))
}

/** What can be done with the model in the editor. */
export function editorCommands(session: EditorSession): Command[] {
  const here = {
    group: 'models',
    scope: 'editor',
    enabled: () => session.shown.value && session.open.value !== null,
    why: () => t.notShown,
    // The text's own keys come after these.
    first: true
  } as const
  return [
    {
      ...here,
      id: 'models.run',
      title: t.run,
      keys: ['Ctrl+Enter'],
      run: () => {
        takeTyped()
        void session.run()
      }
    },
    {
      ...here,
      id: 'models.save',
      title: t.save,
      keys: ['Ctrl+S'],
      run: () => {
        takeTyped()
        void session.save()
      }
    },
    {
      ...here,
      id: 'models.saveAs',
      title: t.saveAs,
      keys: ['Ctrl+Shift+S'],
      run: () => {
        takeTyped()
        void session.save(true)
      }
    },
    {
      ...here,
      id: 'models.nextFinding',
      title: t.nextFinding,
      keys: ['F8'],
      repeats: true,
      run: () => {
        session.findings.next(1)
      }
    },
    {
      ...here,
      id: 'models.previousFinding',
      title: t.previousFinding,
      keys: ['Shift+F8'],
      repeats: true,
      run: () => {
        session.findings.next(-1)
      }
    }
  ]
}
