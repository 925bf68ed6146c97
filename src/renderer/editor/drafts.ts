import type { ModelReply, ModelRequest } from '../../contract/model-files'
import { isChanged, textsOf } from './document'
import type { EditorSession } from './session'

/** The draft is kept once the text stands still for so long, ms. */
const STILL_MS = 300

/** Keeps what is not saved of the open model, and forgets it when nothing is left of it. */
export class DraftKeeper {
  /** Main has a draft of the open model. */
  has = false
  readonly #session: EditorSession
  readonly #ask: (request: ModelRequest) => Promise<ModelReply>
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(session: EditorSession, ask: (request: ModelRequest) => Promise<ModelReply>) {
    this.#session = session
    this.#ask = ask
  }

  soon(): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      this.now()
    }, STILL_MS)
  }

  now(): void {
    clearTimeout(this.#timer)
    const { value: open } = this.#session.open
    if (open === null) return
    const { id, model, files } = open
    if (!files.some(isChanged)) {
      if (this.has) void this.#ask({ op: 'dropDraft', id })
      this.has = false
      return
    }
    this.has = true
    const shown = this.#session.shown.value
    const request = { op: 'keepDraft', id, model, files: textsOf(files), open: shown } as const
    void this.#ask(request).then((reply) => {
      if (reply.type === 'failed') this.#session.notice.value = reply.message
    })
  }
}
