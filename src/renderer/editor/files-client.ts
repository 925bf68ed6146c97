import type { PreloadApi } from '../../contract/preload-api'
import { MAX_MODEL_TEXT, modelReply } from '../../contract/model-files'
import type { ModelReply, ModelRequest, ModelText } from '../../contract/model-files'
import { texts } from '../texts'

/** Asks main about files. Never rejects: what goes wrong is a reply of type `failed`. */
export async function askFiles(
  api: PreloadApi['models'],
  request: ModelRequest
): Promise<ModelReply> {
  const long = 'files' in request ? tooLong(request.files) : undefined
  if (long !== undefined) return { type: 'failed', message: long }
  try {
    const parsed = modelReply.safeParse(await api.ask(request))
    return parsed.success ? parsed.data : { type: 'failed', message: texts.editor.malformed }
  } catch {
    return { type: 'failed', message: texts.editor.noAnswer }
  }
}

/** One sentence about a text that is longer than a model may be; undefined where none is. */
export function tooLong(files: readonly ModelText[]): string | undefined {
  const file = files.find(({ text }) => text.length > MAX_MODEL_TEXT)
  return file && texts.editor.tooLong(file.name, file.text.length, MAX_MODEL_TEXT)
}
