import { shallowRef } from 'vue'
import type { ModelReply, ModelRequest, ModelText } from '../../contract/model-files'
import { oneStep } from './code/places'
import { textsOf, toEditor } from './document'
import type { EditorSession } from './session'

/** Others changed files on the disk: as they are there now. */
export interface DiskChange {
  readonly names: readonly string[]
  readonly files: readonly ModelText[]
  /** Asked because of a save, which then goes on. */
  readonly saving: boolean
}

type Ask = (request: ModelRequest) => Promise<ModelReply>

/** The open model and the disk: saving, and what others write there. */
export class Disk {
  /** What the user has to say something about. */
  readonly change = shallowRef<DiskChange | null>(null)
  readonly #session: EditorSession
  readonly #ask: Ask

  constructor(session: EditorSession, ask: Ask) {
    this.#session = session
    this.#ask = ask
  }

  /** Another model is open. */
  reset(): void {
    this.change.value = null
  }

  /** Saves in the model's folder; true where that is done. `overwrite`: the user has seen what is there. */
  async save(as: boolean, overwrite: boolean): Promise<boolean> {
    const { open, busy, notice } = this.#session
    const { value: model } = open
    if (model === null || busy.value) return false
    busy.value = true
    const files = textsOf(model.files)
    const { id, model: name } = model
    const reply = await this.#ask({ op: 'save', id, model: name, files, as, overwrite })
    busy.value = false
    if (reply.type === 'failed') notice.value = reply.message
    if (reply.type === 'changed') {
      this.change.value = { names: reply.names, files: reply.files, saving: true }
    }
    if (reply.type !== 'saved' || open.value?.id !== id) return false
    notice.value = ''
    this.#session.saved(files, reply.folder)
    return true
  }

  /** Looks whether others changed the files. */
  async look(): Promise<void> {
    const { open } = this.#session
    const { value: model } = open
    const folder = model?.folder ?? null
    if (model === null || folder === null || this.change.value !== null) return
    const reply = await this.#ask({ op: 'look', id: model.id })
    if (reply.type !== 'changed' || open.value?.id !== model.id) return
    this.change.value = { names: reply.names, files: reply.files, saving: false }
  }

  /** What the user said about a change. */
  async resolve(choice: 'theirs' | 'mine' | 'later'): Promise<void> {
    const { value: change } = this.change
    const { value: model } = this.#session.open
    this.change.value = null
    if (change === null || model === null || choice === 'later') return
    if (choice === 'mine' && change.saving) {
      await this.save(false, true)
      return
    }
    const reply = await this.#ask({ op: 'accept', id: model.id, files: [...change.files] })
    if (this.#session.open.value?.id !== model.id) return
    for (const { name, text } of choice === 'theirs' ? change.files : []) {
      const file = this.#session.file(name)
      if (file === undefined) continue
      const insert = toEditor(text, file.crlf)
      // A change like any other, so that one can go back.
      const changes = { from: 0, to: file.state.doc.length, insert }
      this.#session.change(file, { changes, annotations: oneStep })
    }
    const folder = reply.type === 'saved' ? reply.folder : model.folder
    this.#session.saved(change.files, folder, change.names)
  }
}
