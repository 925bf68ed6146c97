import type { ModelText } from '../../../../contract/model-files'
import type { EditorSession } from '../../session'

/** A model to compare with: its name and its files. */
export interface OtherModel {
  readonly name: string
  readonly files: readonly ModelText[]
}

/** A model of the program's folders or, without a name, one that the user chooses; or why not. */
export async function openOther(
  session: EditorSession,
  model?: string
): Promise<OtherModel | { readonly failed: string } | undefined> {
  const reply = await session.files(model === undefined ? { op: 'choose' } : { op: 'open', model })
  if (reply.type === 'failed') return { failed: reply.message }
  if (reply.type !== 'opened') return undefined
  return { name: reply.opened.model, files: reply.opened.files }
}

/** Monitors of the target whose models the program knows. */
export function monitorsWithModels(session: EditorSession): readonly OtherModel[] {
  return session.panel.monitors.value.flatMap(({ name, model, class: kind }) =>
    model === null
      ? []
      : [{ name, files: [{ name: `${name}.${kind === 'ltl' ? 'ltl' : 'dot'}`, text: model }] }]
  )
}
