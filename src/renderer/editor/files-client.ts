import type { PreloadApi } from '../../contract/preload-api'
import { modelReply } from '../../contract/model-files'
import type { ModelReply, ModelRequest } from '../../contract/model-files'
import { texts } from '../texts'

/** Asks main about files. Never rejects: what goes wrong is a reply of type `failed`. */
export async function askFiles(
  api: PreloadApi['models'],
  request: ModelRequest
): Promise<ModelReply> {
  try {
    const parsed = modelReply.safeParse(await api.ask(request))
    return parsed.success ? parsed.data : { type: 'failed', message: texts.editor.malformed }
  } catch {
    return { type: 'failed', message: texts.editor.noAnswer }
  }
}
