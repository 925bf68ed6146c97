import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { modelFile, modelFiles, modelName } from '../../contract/model-files'
import { makeFolder, writeWhole } from './files'

const draft = z.strictObject({
  id: z.uuid(),
  model: modelName,
  files: modelFiles,
  open: z.boolean(),
  keptAt: z.number(),
  /** Where it is saved, and what was there when it was read or written last. */
  folder: z.string().nullable(),
  known: z.array(modelFile).nullable()
})
/** A model with changes that were not saved. */
export type Draft = z.infer<typeof draft>

/** More drafts than this are nobody's work in progress; the oldest are not listed. */
const MAX_LISTED = 200

/** The drafts: one file each, written whole. */
export class Drafts {
  readonly #folder: string

  constructor(folder: string) {
    this.#folder = folder
  }

  /** Keeps a draft in place of an older one of the same id. @throws Error of the file system */
  keep(kept: Draft): void {
    makeFolder(this.#folder)
    writeWhole(this.#file(kept.id), JSON.stringify(kept))
  }

  /** Undefined where there is none, or its file says nothing that makes sense. */
  find(id: string): Draft | undefined {
    try {
      return draft.parse(JSON.parse(readFileSync(this.#file(id), 'utf8')))
    } catch {
      return undefined
    }
  }

  /** The newest first. */
  list(): Draft[] {
    let names: string[]
    try {
      names = readdirSync(this.#folder)
    } catch {
      return []
    }
    return names
      .filter((name) => name.endsWith('.json'))
      .flatMap((name) => this.find(name.slice(0, -'.json'.length)) ?? [])
      .sort((a, b) => b.keptAt - a.keptAt)
      .slice(0, MAX_LISTED)
  }

  drop(id: string): void {
    rmSync(this.#file(id), { force: true })
  }

  #file(id: string): string {
    return join(this.#folder, `${id}.json`)
  }
}
