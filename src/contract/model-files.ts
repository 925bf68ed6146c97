import { z } from 'zod'

/*
 * What the window and the main process say to each other about models that are written: the
 * window names models and has their texts, main has the folders and never takes a path from it.
 */

/** Longest text of one file, in UTF-16 units: a model of 1,000 states and 50 events has 2.5 million. */
export const MAX_MODEL_TEXT = 1 << 22

/** A model's name, which is the stem of its files. */
export const modelName = z
  .string()
  .max(64)
  .regex(/^[A-Za-z0-9_]+$/, 'expected a name of letters, digits and _')

/** A file of a model: its name without a folder, and its text. */
export const modelFile = z.strictObject({
  name: z
    .string()
    .max(70)
    .regex(/^[A-Za-z0-9_]+\.(dot|gv|ltl|yaml|yml)$/, 'expected NAME.dot, .gv, .ltl or .yaml'),
  text: z.string().max(MAX_MODEL_TEXT)
})
export type ModelText = z.infer<typeof modelFile>

/** The files of one model: the automaton or formula, its instrumentation, or both. */
export const modelFiles = z.array(modelFile).min(1).max(2)

const id = z.uuid()

/** Longest drawing, in UTF-16 units: a picture of the largest model that Graphviz lays out. */
const MAX_EXPORT = 1 << 25

const exportName = z
  .string()
  .max(110)
  .regex(
    /^[A-Za-z0-9_]+(-\d{1,12}\.\d{3}s)?\.(svg|png|dot|txt|json|csv)$/,
    'expected NAME.svg, .png, .dot, .txt, .json or .csv, or NAME-TIMEs.svg'
  )

/** A file that a generator made. */
const generatedFile = z.strictObject({
  name: z
    .string()
    .max(80)
    .regex(/^(Kconfig|[A-Za-z0-9_]+\.[ch])$/, 'expected Kconfig, NAME.c or NAME.h'),
  text: z.string().max(MAX_EXPORT)
})

const recorded = { state: z.string(), event: z.string(), count: z.number() }

/** What a recording has of one monitor, the same records counted together. */
export const recordingCounts = z.strictObject({
  /** As people read it. */
  file: z.string(),
  steps: z.array(z.strictObject({ ...recorded, next: z.string() })),
  violations: z.array(z.strictObject(recorded)),
  /** Records that the kernel could not keep. */
  lost: z.number()
})
export type RecordingCounts = z.infer<typeof recordingCounts>

/** What the window may ask of main. */
export const modelRequest = z.discriminatedUnion('op', [
  /** The models that can be opened by name, and the drafts. */
  z.strictObject({ op: z.literal('shelf') }),
  /**
   * A model of the folders that the program was started with. `latest`: rather as it was worked on
   * last, which is its newest draft, or where it was saved.
   */
  z.strictObject({
    op: z.literal('open'),
    model: modelName,
    latest: z.boolean().optional()
  }),
  /** One that the user chooses. */
  z.strictObject({ op: z.literal('choose') }),
  z.strictObject({ op: z.literal('openDraft'), id }),
  /** Keeps what is not saved. `open`: it is what the editor shows. */
  z.strictObject({
    op: z.literal('keepDraft'),
    id,
    model: modelName,
    files: modelFiles,
    open: z.boolean()
  }),
  z.strictObject({ op: z.literal('dropDraft'), id }),
  /**
   * Writes the files into the model's folder. `as`: the user chooses the folder, as for a model
   * that has none. `overwrite`: also what somebody else has changed there.
   */
  z.strictObject({
    op: z.literal('save'),
    id,
    model: modelName,
    files: modelFiles,
    as: z.boolean(),
    overwrite: z.boolean()
  }),
  /** What others have changed on the disk since it was read or written. */
  z.strictObject({ op: z.literal('look'), id }),
  /** The user has seen these texts of the disk: they are what a save may write over. */
  z.strictObject({ op: z.literal('accept'), id, files: z.array(modelFile).max(2) }),
  /** Writes a drawing, or what the window knows, where the user chooses. `png`: the text is SVG, of so many pixels per unit. */
  z.strictObject({
    op: z.literal('export'),
    name: exportName,
    text: z.string().max(MAX_EXPORT),
    png: z.number().min(0.1).max(16).nullable()
  }),
  /** Puts a drawing (SVG) into the clipboard, of so many pixels per unit. */
  z.strictObject({
    op: z.literal('copyPicture'),
    text: z.string().max(MAX_EXPORT),
    png: z.number().min(0.1).max(16)
  }),
  /**
   * Writes generated files into a folder that the user chooses. `id`: the folder that was chosen for
   * these before; other texts that stand there are written over then.
   */
  z.strictObject({
    op: z.literal('place'),
    folder: modelName,
    files: z.array(generatedFile).min(1).max(16),
    overwrite: id.nullable()
  }),
  /** Reads a recording of a monitor that the user chooses. */
  z.strictObject({ op: z.literal('recording'), monitor: modelName })
])
export type ModelRequest = z.infer<typeof modelRequest>

/** A model as the editor opens it. */
export const openedModel = z.strictObject({
  id,
  model: modelName,
  files: modelFiles,
  /** Files as they are on the disk; of a new one null. */
  saved: z.array(modelFile).nullable(),
  /** Where it is saved, as people read it; null: nowhere yet. */
  folder: z.string().nullable(),
  /** When it was kept as a draft, ms since 1970; null: it comes from the disk. */
  keptAt: z.number().nullable()
})
export type OpenedModel = z.infer<typeof openedModel>

/** A model that the list offers. */
export const shelfModel = z.strictObject({
  name: modelName,
  kind: z.enum(['automaton', 'ltl', 'container']),
  /** It comes with the program, so that it is opened as a copy. */
  builtIn: z.boolean()
})
export type ShelfModel = z.infer<typeof shelfModel>

/** A model with changes that were never saved. */
export const draftInfo = z.strictObject({
  id,
  model: modelName,
  keptAt: z.number(),
  folder: z.string().nullable(),
  /** The editor showed it when the program ended. */
  open: z.boolean()
})
export type DraftInfo = z.infer<typeof draftInfo>

/** What main answers; `failed` is one sentence. */
export const modelReply = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('shelf'),
    models: z.array(shelfModel),
    drafts: z.array(draftInfo)
  }),
  z.strictObject({ type: z.literal('opened'), opened: openedModel }),
  z.strictObject({ type: z.literal('cancelled') }),
  z.strictObject({ type: z.literal('done') }),
  z.strictObject({ type: z.literal('saved'), folder: z.string() }),
  /** Files that are not as they were read: as they are now, those that are gone left out. */
  z.strictObject({
    type: z.literal('changed'),
    folder: z.string(),
    names: z.array(z.string()),
    files: z.array(modelFile)
  }),
  z.strictObject({ type: z.literal('exported'), file: z.string() }),
  z.strictObject({ type: z.literal('placed'), folder: z.string() }),
  /** Nothing was written: these files have other texts there. */
  z.strictObject({
    type: z.literal('occupied'),
    id,
    folder: z.string(),
    names: z.array(z.string())
  }),
  z.strictObject({ type: z.literal('recording'), counts: recordingCounts }),
  z.strictObject({ type: z.literal('failed'), message: z.string() })
])
export type ModelReply = z.infer<typeof modelReply>
