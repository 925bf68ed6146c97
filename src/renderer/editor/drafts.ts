import type { ModelReply, ModelRequest } from '../../contract/model-files'
import { isChanged, textsOf } from './document'
import type { EditorSession } from './session'

/** The draft is kept once the text stands still for so long, ms. */
const STILL_MS = 300
/** Somebody who types without a pause has it kept that often, ms. */
const LATEST_MS = 1000

/** Keeps what is not saved of the open model, and forgets it when nothing is left of it. */
export class DraftKeeper {
  /** Main has a draft of the open model. */
  has = false
  readonly #session: EditorSession
  readonly #ask: (request: ModelRequest) => Promise<ModelReply>
  #still: ReturnType<typeof setTimeout> | undefined
  #latest: ReturnType<typeof setTimeout> | undefined

  constructor(session: EditorSession, ask: (request: ModelRequest) => Promise<ModelReply>) {
    this.#session = session
    this.#ask = ask
  }

  soon(): void {
    const keep = (): void => {
      this.now()
    }
    clearTimeout(this.#still)
    this.#still = setTimeout(keep, STILL_MS)
    this.#latest ??= setTimeout(keep, LATEST_MS)
  }

  /** @param shown whether the editor comes back with it after a crash */
  now(shown = this.#session.shown.value): void {
    clearTimeout(this.#still)
    clearTimeout(this.#latest)
    this.#latest = undefined
    const { value: open } = this.#session.open
    if (open === null) return
    const { id, model, files } = open
    if (!files.some(isChanged)) {
      if (this.has) void this.#ask({ op: 'dropDraft', id })
      this.has = false
      return
    }
    this.has = true
    const request = { op: 'keepDraft', id, model, files: textsOf(files), open: shown } as const
    void this.#ask(request).then((reply) => {
      if (reply.type === 'failed') this.#session.notice.value = reply.message
    })
  }
}
