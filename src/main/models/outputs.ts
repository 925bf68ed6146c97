import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type { ModelReply, ModelRequest } from '../../contract/model-files'
import { PictureTooLarge, pngOf } from '../../raster/png'
import { makeFolder, readText, reasonOf, writeWhole } from './files'

/** Questions to the user about what is written. */
export interface OutputQuestions {
  /** Asks where to save a file; the system asks before it overwrites one. */
  chooseTarget(name: string): Promise<string | undefined>
  /** Asks for a folder that generated files are written into. */
  chooseFolder(name: string): Promise<string | undefined>
  /** Puts a picture (PNG) into the clipboard. */
  copyImage(png: Uint8Array): void
}

type Request<Op extends ModelRequest['op']> = Extract<ModelRequest, { op: Op }>

/** Writes what the window made of a model: pictures and generated code. */
export class Outputs {
  readonly #ask: OutputQuestions
  /** Folders that the user chose and was then asked about. */
  readonly #asked = new Map<string, string>()

  constructor(ask: OutputQuestions) {
    this.#ask = ask
  }

  async export({ name, text, png }: Request<'export'>): Promise<ModelReply> {
    const file = await this.#ask.chooseTarget(name)
    if (file === undefined) return { type: 'cancelled' }
    try {
      writeWhole(file, png === null ? text : await pngOf(text, png))
    } catch (error) {
      const why = error instanceof PictureTooLarge ? error.message : reasonOf(error)
      return { type: 'failed', message: `${file} cannot be saved: ${why}.` }
    }
    return { type: 'exported', file }
  }

  async copy({ text, png }: Request<'copyPicture'>): Promise<ModelReply> {
    try {
      this.#ask.copyImage(await pngOf(text, png))
    } catch (error) {
      const why = error instanceof PictureTooLarge ? error.message : reasonOf(error)
      return { type: 'failed', message: `The picture cannot be copied: ${why}.` }
    }
    return { type: 'done' }
  }

  async place({ folder: name, files, overwrite }: Request<'place'>): Promise<ModelReply> {
    const chosen =
      overwrite === null ? await this.#ask.chooseFolder(name) : this.#asked.get(overwrite)
    if (chosen === undefined) return { type: 'cancelled' }
    // As the command does: a folder called like the monitor, which is moved into a kernel tree.
    const folder = overwrite === null ? join(chosen, name) : chosen
    const there = files.map((file) => readText(join(folder, file.name)))
    const occupied = files.filter((file, i) => there[i] !== undefined && there[i] !== file.text)
    if (occupied.length > 0 && overwrite === null) {
      const id = randomUUID()
      this.#asked.clear()
      this.#asked.set(id, folder)
      return { type: 'occupied', id, folder, names: occupied.map((file) => file.name) }
    }
    for (const [i, file] of files.entries()) {
      if (there[i] === file.text) continue
      try {
        makeFolder(folder)
        writeWhole(join(folder, file.name), file.text)
      } catch (error) {
        const message = `${file.name} cannot be saved in ${folder}: ${reasonOf(error)}.`
        return { type: 'failed', message }
      }
    }
    return { type: 'placed', folder }
  }
}
