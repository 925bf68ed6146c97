import { assembleModel, parentOf } from '../../model/load'
import { Refusal } from '../bridge/client'
import { texts } from '../texts'
import { containersOf } from './check-job'
import { isYaml } from './document'
import { tooLong } from './files-client'
import type { EditorSession } from './session'

/** What has to be said before a model runs. */
export interface RunQuestion {
  readonly kind: 'replace' | 'leave' | 'type'
  readonly sentence: string
}

const t = texts.editor

/**
 * Runs the open model on the simulated kernel and shows its monitor there; otherwise says why not,
 * or asks.
 */
export async function runModel(
  session: EditorSession,
  answers: { readonly replace?: boolean; readonly leave?: boolean }
): Promise<void> {
  const open = session.open.value
  if (open === null) return
  if (!open.files.some((file) => isYaml(file.name))) {
    session.question.value = { kind: 'type', sentence: t.needsInstrumentation(open.model) }
    return
  }
  const files = open.files.map(({ name, state }) => ({ name, text: state.doc.toString() }))
  const long = tooLong(files)
  if (long !== undefined) {
    session.notice.value = long
    return
  }
  const { models, diagnostics } = assembleModel(files, containersOf(session.containers()))
  const error = diagnostics.find((d) => d.severity === 'error')
  if (error !== undefined) {
    session.findings.reveal(error)
    session.notice.value = t.hasErrors(open.model, error.message)
    return
  }
  const [model] = models
  if (model === undefined) {
    session.notice.value = t.noTracepoints
    session.activate(open.files.find((file) => isYaml(file.name))?.name ?? '')
    return
  }
  const { leave = false, replace = false } = answers
  try {
    await session.panel.bridge.request({ op: 'run', files, leave, replace })
  } catch (refusal) {
    const { code, message } =
      refusal instanceof Refusal ? refusal : { code: '', message: texts.bridge.closed }
    if (code === 'TAKEN') session.question.value = { kind: 'replace', sentence: message }
    else if (code === 'OTHER_TARGET') session.question.value = { kind: 'leave', sentence: message }
    else session.notice.value = message
    return
  }
  const parent = parentOf(model)
  session.notice.value = ''
  session.hide()
  session.panel.select(parent === undefined ? model.name : `${parent}:${model.name}`)
}
