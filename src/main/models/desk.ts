import { randomUUID } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { modelRequest } from '../../contract/model-files'
import type {
  ModelReply,
  ModelRequest,
  ModelText,
  OpenedModel,
  ShelfModel
} from '../../contract/model-files'
import { REGISTRATION_FILE } from '../../model/registration'
import { Drafts } from './drafts'
import type { Draft } from './drafts'
import { readText, reasonOf, writeWhole } from './files'
import { Outputs } from './outputs'
import { readRecording } from './recording'

/** Folders and questions that the desk gets from the program. */
export interface DeskOptions {
  /** Folder of the models that come with the program. */
  readonly builtIn: string
  /** Folder that the user named on the command line. */
  readonly own: string | undefined
  /** Folder of the drafts. */
  readonly drafts: string
  /** Asks for a file to open; undefined: the user thought better of it. */
  chooseFile(): Promise<string | undefined>
  /** Asks for a folder to save in. */
  chooseFolder(model: string): Promise<string | undefined>
  /** Asks for a recording to read. */
  chooseRecording(): Promise<string | undefined>
  /** Asks where to save a file. */
  chooseTarget(name: string): Promise<string | undefined>
  /** Puts a picture (PNG) into the clipboard. */
  copyImage(png: Uint8Array): void
  /** ms since 1970 */
  now(): number
  /** How a file is written; for tests of a full disk. */
  readonly write?: (file: string, text: string) => void
}

/** Where an open model is saved, and what was there when it was read or written last. */
interface Place {
  readonly folder: string
  readonly known: readonly ModelText[]
}

const ENDINGS = /^(.*)\.(dot|gv|ltl|yaml|yml)$/
const STEM = /^[A-Za-z0-9_]{1,64}$/

/** Serves the window's requests about the files of models. */
export class ModelDesk {
  readonly #options: DeskOptions
  readonly #drafts: Drafts
  readonly #outputs: Outputs
  readonly #places = new Map<string, Place>()
  /** Folders that the user chose, but where the files of others had to be asked about first. */
  readonly #asked = new Map<string, Place>()

  constructor(options: DeskOptions) {
    this.#options = options
    this.#drafts = new Drafts(options.drafts)
    this.#outputs = new Outputs(options)
  }

  /** Answers whatever the window sent. Never rejects: what went wrong is one sentence. */
  async answer(message: unknown): Promise<ModelReply> {
    const parsed = modelRequest.safeParse(message)
    if (!parsed.success) {
      return failed(`The window asked for nothing that is known: ${issue(parsed.error)}.`)
    }
    try {
      return await this.#perform(parsed.data)
    } catch (error) {
      return failed(error instanceof Error ? error.message : 'Something unknown went wrong.')
    }
  }

  #perform(request: ModelRequest): ModelReply | Promise<ModelReply> {
    switch (request.op) {
      case 'shelf':
        return this.#shelf()
      case 'open':
        return this.#open(request)
      case 'choose':
        return this.#choose()
      case 'openDraft':
        return this.#openDraft(request.id)
      case 'keepDraft':
        return this.#keepDraft(request)
      case 'dropDraft':
        this.#drafts.drop(request.id)
        return { type: 'done' }
      case 'save':
        return this.#save(request)
      case 'look':
        return this.#look(request.id)
      case 'accept': {
        const place = this.#asked.get(request.id) ?? this.#places.get(request.id)
        if (place === undefined) return { type: 'done' }
        this.#asked.delete(request.id)
        this.#places.set(request.id, { ...place, known: accepted(place, request.files) })
        return { type: 'saved', folder: place.folder }
      }
      case 'export':
        return this.#outputs.export(request)
      case 'copyPicture':
        return this.#outputs.copy(request)
      case 'place':
        return this.#outputs.place(request)
      case 'recording': {
        const { monitor } = request
        return this.#options
          .chooseRecording()
          .then((file) =>
            file === undefined ? { type: 'cancelled' } : readRecording(file, monitor)
          )
      }
    }
  }

  #shelf(): ModelReply {
    const { builtIn, own } = this.#options
    const models = new Map<string, ShelfModel>()
    for (const model of modelsIn(builtIn, true)) models.set(model.name, model)
    for (const model of own === undefined ? [] : modelsIn(own, false)) models.set(model.name, model)
    return {
      type: 'shelf',
      models: [...models.values()].sort((a, b) => (a.name < b.name ? -1 : 1)),
      drafts: this.#drafts.list().map(({ id, model, keptAt, folder, open }) => ({
        id,
        model,
        keptAt,
        folder,
        open
      }))
    }
  }

  #open({ model, latest = false }: ModelRequest & { op: 'open' }): ModelReply {
    return (
      (latest ? this.#openLatest(model) : undefined) ??
      this.#openShelved(model) ??
      failed(`There is no model ${model} in the folders of this program.`)
    )
  }

  /** As it was worked on last: its newest draft, or where it was read or saved. */
  #openLatest(model: string): ModelReply | undefined {
    const draft = this.#drafts.list().find((one) => one.model === model)
    if (draft !== undefined) return this.#openDraft(draft.id)
    const stem = ({ name }: ModelText): boolean => name.replace(/\.[^.]*$/, '') === model
    const place = [...this.#places.values()].findLast(({ known }) => known.some(stem))
    const files = place === undefined ? [] : readModel(place.folder, model)
    if (place === undefined || files.length === 0) return undefined
    return this.#opened(model, files, { folder: place.folder, known: files })
  }

  #openShelved(model: string): ModelReply | undefined {
    const { builtIn, own } = this.#options
    for (const folder of own === undefined ? [builtIn] : [own, builtIn]) {
      const files = readModel(folder, model)
      if (files.length === 0) continue
      // What belongs to the program is opened as a copy.
      return this.#opened(model, files, folder === own ? { folder, known: files } : undefined)
    }
    return undefined
  }

  async #choose(): Promise<ModelReply> {
    const file = await this.#options.chooseFile()
    if (file === undefined) return { type: 'cancelled' }
    const name = basename(file)
    const stem = name.replace(/\.[^.]*$/, '')
    if (!/\.(dot|gv|ltl|ya?ml)$/.test(name) || !STEM.test(stem)) {
      return failed(
        `${name} is not the name of a model; expected letters, digits and _, and .dot, .gv, .ltl or .yaml behind them.`
      )
    }
    const folder = dirname(file)
    const files = readModel(folder, stem)
    if (files.length === 0) return failed(`${file} is not there any more.`)
    const isOurs = folder === this.#options.builtIn
    return this.#opened(stem, files, isOurs ? undefined : { folder, known: files })
  }

  #opened(model: string, files: readonly ModelText[], place: Place | undefined): ModelReply {
    if (place !== undefined) {
      // What was typed and not saved would look lost if the file were opened beside it.
      const isIts = (one: Draft): boolean => one.model === model && one.folder === place.folder
      const draft = this.#drafts.list().find(isIts)
      if (draft !== undefined) return this.#openDraft(draft.id)
    }
    const id = randomUUID()
    if (place !== undefined) this.#places.set(id, place)
    const opened: OpenedModel = {
      id,
      model,
      files: [...files],
      saved: place === undefined ? null : [...place.known],
      folder: place?.folder ?? null,
      keptAt: null
    }
    return { type: 'opened', opened }
  }

  #openDraft(id: string): ModelReply {
    const draft = this.#drafts.find(id)
    if (draft === undefined) return failed('This draft is not there any more.')
    const { model, files, folder, known, keptAt } = draft
    if (folder !== null) this.#places.set(id, { folder, known: known ?? [] })
    return { type: 'opened', opened: { id, model, files, saved: known, folder, keptAt } }
  }

  #keepDraft({ id, model, files, open }: ModelRequest & { op: 'keepDraft' }): ModelReply {
    const place = this.#places.get(id)
    try {
      this.#drafts.keep({
        id,
        model,
        files,
        open,
        keptAt: this.#options.now(),
        folder: place?.folder ?? null,
        known: place === undefined ? null : [...place.known]
      })
    } catch (error) {
      return failed(`The draft of ${model} cannot be kept: ${reasonOf(error)}. Save the model.`)
    }
    return { type: 'done' }
  }

  async #save(request: ModelRequest & { op: 'save' }): Promise<ModelReply> {
    const { id, model, files, overwrite } = request
    const asked = overwrite ? this.#asked.get(id) : undefined
    let place = asked ?? this.#places.get(id)
    if (place === undefined || (asked === undefined && request.as)) {
      const folder = await this.#options.chooseFolder(model)
      if (folder === undefined) return { type: 'cancelled' }
      if (folder === this.#options.builtIn) {
        return failed(`${folder} belongs to rvpanel; expected a folder of your own.`)
      }
      // In a folder of the first time, whatever is there is somebody else's.
      place = folder === place?.folder ? place : { folder, known: [] }
    }
    this.#asked.delete(id)
    const changed = changes(place, files)
    if (changed.length > 0 && !overwrite) {
      if (this.#places.get(id)?.folder !== place.folder) this.#asked.set(id, place)
      return changedReply(place.folder, changed)
    }
    let written = place
    for (const file of files) {
      try {
        ;(this.#options.write ?? writeWhole)(join(place.folder, file.name), file.text)
      } catch (error) {
        // Those before it are there already, and are nobody else's.
        if (written !== place) this.#places.set(id, written)
        return failed(
          `${file.name} cannot be saved in ${place.folder}: ${reasonOf(error)}. Its text is kept as a draft.`
        )
      }
      written = { ...written, known: replaced(written.known, [file]) }
    }
    this.#places.set(id, { folder: place.folder, known: files })
    this.#drafts.drop(id)
    return { type: 'saved', folder: place.folder }
  }

  #look(id: string): ModelReply {
    const place = this.#places.get(id)
    if (place === undefined) return { type: 'done' }
    const changed = changes(place, place.known)
    if (changed.length === 0) return { type: 'done' }
    return changedReply(place.folder, changed)
  }
}

/** A file that is not as it was known: as it is now, undefined where it is gone. */
interface Change {
  readonly name: string
  readonly text: string | undefined
}

/** Of these files, those that others have made or changed since they were read or written. */
function changes({ folder, known }: Place, files: readonly ModelText[]): Change[] {
  return files.flatMap(({ name }) => {
    const before = known.find((file) => file.name === name)?.text
    const text = readText(join(folder, name))
    return text === before || (text === undefined && before === undefined) ? [] : [{ name, text }]
  })
}

/** What is known of a place once its user has seen these files: what is gone is not known any more. */
function accepted({ folder, known }: Place, files: readonly ModelText[]): ModelText[] {
  return replaced(known, files).filter(
    (file) => files.includes(file) || readText(join(folder, file.name)) !== undefined
  )
}

/** These files in place of those of the same names. */
function replaced(known: readonly ModelText[], files: readonly ModelText[]): ModelText[] {
  return [...known.filter(({ name }) => !files.some((file) => file.name === name)), ...files]
}

function changedReply(folder: string, changed: readonly Change[]): ModelReply {
  return {
    type: 'changed',
    folder,
    names: changed.map(({ name }) => name),
    files: changed.flatMap(({ name, text }) => (text === undefined ? [] : [{ name, text }]))
  }
}

/** The files of a model in a folder: automaton or formula first, instrumentation behind it. */
function readModel(folder: string, model: string): ModelText[] {
  const first = (endings: readonly string[]): ModelText[] => {
    for (const ending of endings) {
      const name = `${model}.${ending}`
      const text = readText(join(folder, name))
      if (text !== undefined) return [{ name, text }]
    }
    return []
  }
  return [...first(['dot', 'gv', 'ltl']), ...first(['yaml', 'yml'])]
}

/** The automata, formulas and containers of a folder; a folder that cannot be read has none. */
function modelsIn(folder: string, builtIn: boolean): ShelfModel[] {
  let names: string[]
  try {
    names = readdirSync(folder)
  } catch {
    return []
  }
  const stems = new Map<string, ShelfModel['kind']>()
  for (const file of names) {
    const [, name = '', ending = ''] = ENDINGS.exec(file) ?? []
    if (!STEM.test(name) || file === REGISTRATION_FILE) continue
    if (ending === 'ltl') stems.set(name, 'ltl')
    else if (ending === 'dot' || ending === 'gv') stems.set(name, 'automaton')
    // Without a model beside it, it describes a container.
    else if (!stems.has(name)) stems.set(name, 'container')
  }
  return [...stems].map(([name, kind]) => ({ name, kind, builtIn }))
}

const failed = (message: string): ModelReply => ({ type: 'failed', message })

function issue(error: { issues: readonly { message: string }[] }): string {
  return error.issues[0]?.message ?? 'it is no request'
}
