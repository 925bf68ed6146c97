import { setDiagnostics } from '@codemirror/lint'
import { redo, undo } from '@codemirror/commands'
import type { EditorState, Transaction, TransactionSpec } from '@codemirror/state'
import type { EditorView } from '@codemirror/view'
import type { InjectionKey } from 'vue'
import { computed, inject, markRaw, ref, shallowRef } from 'vue'
import type { ModelReply, ModelText, OpenedModel } from '../../contract/model-files'
import type { PreloadApi } from '../../contract/preload-api'
import type { Diagnostic } from '../../model/diagnostics'
import { parseDot } from '../../model/dot'
import { readOutline, sketchOf } from '../../model/edit'
import type { Edited, Outline, Sketch } from '../../model/edit'
import { parseLtl } from '../../model/ltl/parse'
import { newModel, type NewModelKind } from '../../model/starter/templates'
import { starterInstrumentation } from '../../model/starter/instrumentation'
import type { MonitorType } from '../../model/instrumentation'
import type { Panel } from '../stores/panel'
import { texts } from '../texts'
import type { BuchiDrawing, CheckDone } from './check-job'
import type { CheckWorker } from './checker'
import { Checker, checkWorker } from './checker'
import { fileState } from './code/state'
import { changesOf, findingOf, offsetAt } from './code/places'
import { endsInCrLf, isYaml, renamedFile, textsOf, toDisk, toEditor } from './document'
import type { OpenFile } from './document'
import { askFiles } from './files-client'
import { runModel } from './run'
import type { RunQuestion } from './run'

/** Text that stands still for so long is checked, and its draft kept, ms. */
const CHECK_MS = 150
const DRAFT_MS = 300
/** A longer model is not drawn: nobody could read it, and every keystroke would lay it out. */
const MAX_DRAWN = 60_000

const t = texts.editor

/** The open model. */
export interface OpenModel {
  readonly id: string
  readonly model: string
  readonly folder: string | null
  readonly files: readonly OpenFile[]
}

/** What was drawn last of the text, and whether the text has moved on since. */
export interface Drawn {
  readonly outline: Outline
  readonly sketch: Sketch
  readonly stale: boolean
}

/** Others changed files on the disk: as they are there now. */
export interface DiskChange {
  readonly names: readonly string[]
  readonly files: readonly ModelText[]
  /** Asked because of a save, which then goes on. */
  readonly saving: boolean
}

/** The editor of this window: one open model, its findings and its drawing. */
export class EditorSession {
  /** The editor is shown. */
  readonly shown = ref(false)
  readonly open = shallowRef<OpenModel | null>(null)
  /** Name of the file whose text is shown. */
  readonly active = ref('')
  readonly findings = shallowRef<readonly Diagnostic[]>([])
  /** The findings are about the text as it is. */
  readonly checked = ref(false)
  readonly drawn = shallowRef<Drawn | null>(null)
  /** Of a sound formula, as it was checked last. */
  readonly buchi = shallowRef<BuchiDrawing | null>(null)
  /** Offset of the cursor in the model's text. */
  readonly cursor = ref(0)
  /** One sentence about the open model that stays until it is dismissed. */
  readonly notice = ref('')
  readonly diskChange = shallowRef<DiskChange | null>(null)
  readonly question = shallowRef<RunQuestion | null>(null)
  readonly busy = ref(false)
  readonly newOpen = ref(false)
  readonly openOpen = ref(false)
  /** Counts changes of any text. */
  readonly version = ref(0)

  readonly panel: Panel
  readonly #api: PreloadApi['models']
  readonly #checker: Checker
  #view: EditorView | undefined
  #checkTimer: ReturnType<typeof setTimeout> | undefined
  #draftTimer: ReturnType<typeof setTimeout> | undefined
  #hasDraft = false
  /** What the user was asked about and left as it is. */
  #leftOnDisk = ''

  readonly isDirty = computed(() => {
    const { open } = this
    return this.version.value >= 0 && (open.value?.files.some(isChanged) ?? false)
  })

  constructor(panel: Panel, api: PreloadApi['models'], worker: () => CheckWorker = checkWorker) {
    this.panel = panel
    this.#api = api
    this.#checker = new Checker(worker, (done) => {
      this.#found(done)
    })
  }

  /** Opens what was open when the program ended; called once. */
  async restore(): Promise<void> {
    const reply = await this.#ask({ op: 'shelf' })
    if (reply.type !== 'shelf' || this.open.value !== null) return
    const draft = reply.drafts.find((one) => one.open)
    if (draft !== undefined) await this.openDraft(draft.id)
  }

  /** Begins a model from a template. */
  create(model: string, kind: NewModelKind, type: MonitorType): void {
    this.#leave()
    const { spec, instrumentation } = newModel(kind, model, type)
    this.#adopt(
      {
        id: crypto.randomUUID(),
        model,
        files: [
          { name: `${model}.${spec.ending}`, text: spec.text },
          { name: `${model}.yaml`, text: instrumentation }
        ],
        saved: null,
        folder: null,
        keptAt: null
      },
      ''
    )
    this.#changed()
  }

  async openModel(model: string): Promise<void> {
    this.#take(await this.#ask({ op: 'open', model }))
  }

  /** The model of a monitor: the one that is being written, if that is it. */
  async openMonitor(name: string): Promise<void> {
    if (this.open.value?.model === name) this.show()
    else await this.openModel(name)
  }

  async chooseModel(): Promise<void> {
    this.#take(await this.#ask({ op: 'choose' }))
  }

  async openDraft(id: string): Promise<void> {
    this.#take(await this.#ask({ op: 'openDraft', id }))
  }

  /** What can be opened by name, and the drafts. */
  async shelf(): Promise<Extract<ModelReply, { type: 'shelf' }>> {
    const reply = await this.#ask({ op: 'shelf' })
    if (reply.type === 'shelf') return reply
    return { type: 'shelf', models: [], drafts: [] }
  }

  async dropDraft(id: string): Promise<void> {
    await this.#ask({ op: 'dropDraft', id })
  }

  /** Asks main for what the panes beside the text need of files. */
  files(request: Parameters<typeof askFiles>[1]): Promise<ModelReply> {
    return this.#ask(request)
  }

  /** Opens an automaton that was made of others; it is saved nowhere yet. */
  openMade(model: string, dot: string, notice: string): void {
    this.#leave()
    this.#adopt(
      {
        id: crypto.randomUUID(),
        model,
        files: [{ name: `${model}.dot`, text: dot }],
        saved: null,
        folder: null,
        keptAt: null
      },
      notice
    )
    this.#changed()
  }

  /** Shows the editor with the model that is open in it, or what can be opened. */
  show(): void {
    this.shown.value = true
    if (this.open.value === null) this.openOpen.value = true
    void this.look()
  }

  /** Back to the panel; what is not saved stays a draft. */
  hide(): void {
    this.shown.value = false
    this.keepNow()
  }

  /** The view of the active file's text comes or goes. */
  attach(view: EditorView | undefined): void {
    this.#view = view
  }

  /** The view changed the active file. */
  viewChanged(state: EditorState, transactions: readonly Transaction[]): void {
    const file = this.file(this.active.value)
    if (file === undefined) return
    file.state = state
    if (!isYaml(file.name)) this.cursor.value = state.selection.main.head
    if (transactions.some((one) => one.docChanged)) this.#changed()
  }

  activate(name: string): void {
    if (this.file(name) !== undefined) this.active.value = name
  }

  file(name: string): OpenFile | undefined {
    return this.open.value?.files.find((file) => file.name === name)
  }

  /** The automaton's or the formula's file. */
  get spec(): OpenFile | undefined {
    return this.open.value?.files.find((file) => !isYaml(file.name))
  }

  /** Does what the drawing asks, on the text as it is. Returns a sentence where that is refused. */
  edit(operation: (outline: Outline) => Edited): string | undefined {
    const { spec } = this
    const outline = spec && readOutline(spec.state.doc.toString())
    if (spec === undefined || outline === undefined) return t.notDrawn
    const edited = operation(outline)
    if ('refused' in edited) return edited.refused
    if (edited.edits.length > 0) {
      this.#dispatch(spec, { changes: changesOf(edited.edits), userEvent: 'input.drawing' })
      this.sketchNow()
    }
    return undefined
  }

  /** Takes back, or does again, the last change of the model's text. */
  step(direction: 'undo' | 'redo'): void {
    const { spec } = this
    if (spec === undefined) return
    const command = direction === 'undo' ? undo : redo
    command({
      state: spec.state,
      dispatch: (transaction) => {
        this.#dispatch(spec, transaction)
      }
    })
    this.sketchNow()
  }

  /** Shows a stretch of a file's text, selected. */
  reveal(name: string, from: number, to: number, focus: boolean): void {
    const file = this.file(name)
    if (file === undefined) return
    this.active.value = name
    const { length } = file.state.doc
    const selection = { anchor: Math.min(from, length), head: Math.min(to, length) }
    this.#dispatch(file, { selection, scrollIntoView: true })
    if (focus) requestAnimationFrame(() => this.#view?.focus())
  }

  revealFinding({ file, line, column, endLine, endColumn }: Diagnostic): void {
    const doc = this.file(file)?.state.doc
    if (doc === undefined) return
    this.reveal(file, offsetAt(doc, line, column), offsetAt(doc, endLine, endColumn), true)
  }

  /** Applies the first fix of a finding, or the one at an index. */
  fix(diagnostic: Diagnostic, index: number): void {
    const file = this.file(diagnostic.file)
    const edits = diagnostic.fixes?.[index]?.edits
    // While a check is due its places are those of an older text.
    if (file === undefined || edits === undefined || this.#checkTimer !== undefined) return
    this.active.value = file.name
    this.#dispatch(file, {
      changes: changesOf(edits),
      userEvent: 'input.fix',
      scrollIntoView: true
    })
  }

  /** Moves to the next finding behind (or before) the one that was shown last. */
  nextFinding(step: 1 | -1): void {
    const list = this.findings.value
    if (list.length === 0) return
    const file = this.file(this.active.value)
    const head = file?.state.selection.main.from ?? 0
    const here = list.map((d) => {
      const doc = this.file(d.file)?.state.doc
      const at = doc === undefined ? 0 : offsetAt(doc, d.line, d.column)
      return d.file === file?.name ? at - head : undefined
    })
    const ahead = list.findIndex((_, i) => {
      const distance = here[step === 1 ? i : list.length - 1 - i]
      return distance !== undefined && (step === 1 ? distance > 0 : distance < 0)
    })
    const index =
      ahead < 0 ? (step === 1 ? 0 : list.length - 1) : step === 1 ? ahead : list.length - 1 - ahead
    const next = list[index]
    if (next !== undefined) this.revealFinding(next)
  }

  /** Saves in the model's folder; true where that is done. `overwrite`: the user has seen what is there. */
  async save(as = false, overwrite = false): Promise<boolean> {
    const open = this.open.value
    if (open === null || this.busy.value) return false
    this.busy.value = true
    const { id, model, files } = open
    const written = textsOf(files)
    const reply = await this.#ask({ op: 'save', id, model, files: written, as, overwrite })
    this.busy.value = false
    if (reply.type === 'failed') this.notice.value = reply.message
    if (reply.type === 'changed') {
      const { names, files: theirs } = reply
      this.diskChange.value = { names, files: theirs, saving: true }
    }
    if (reply.type !== 'saved' || this.open.value?.id !== id) return false
    for (const { name, text } of written) {
      const file = this.file(name)
      if (file !== undefined) file.saved = text
    }
    this.#hasDraft = false
    this.notice.value = ''
    this.#leftOnDisk = ''
    this.open.value = { ...open, folder: reply.folder }
    this.version.value++
    this.#draftSoon()
    return true
  }

  /** Looks whether others changed the files on the disk. */
  async look(): Promise<void> {
    const open = this.open.value
    if (open === null || open.folder === null || this.diskChange.value !== null) return
    const reply = await this.#ask({ op: 'look', id: open.id })
    if (reply.type !== 'changed' || this.open.value?.id !== open.id) return
    if (JSON.stringify(reply.files) === this.#leftOnDisk) return
    this.diskChange.value = { names: reply.names, files: reply.files, saving: false }
  }

  /** What the user said about a change on the disk. */
  async resolveDisk(choice: 'theirs' | 'mine' | 'later'): Promise<void> {
    const { value: change } = this.diskChange
    const { value: open } = this.open
    this.diskChange.value = null
    if (change === null || open === null || choice === 'later') return
    if (choice === 'mine') {
      this.#leftOnDisk = JSON.stringify(change.files)
      if (change.saving) await this.save(false, true)
      return
    }
    await this.#ask({ op: 'accept', id: open.id, files: [...change.files] })
    for (const { name, text } of change.files) {
      const file = this.file(name)
      if (file === undefined) continue
      file.saved = text
      const insert = toEditor(text, file.crlf)
      // A change like any other, so that one can go back.
      this.#dispatch(file, { changes: { from: 0, to: file.state.doc.length, insert } })
    }
    this.version.value++
  }

  /** Gives the model and its files another name; it is saved under it from here on. */
  rename(model: string): void {
    const open = this.open.value
    if (open === null || open.model === model) return
    const active = renamedFile(this.active.value, model)
    const files = open.files.map((file) => ({
      ...file,
      name: renamedFile(file.name, model),
      saved: undefined
    }))
    this.open.value = { ...open, model, files }
    this.active.value = active
    this.#changed()
  }

  /** Adds the instrumentation that the model still needs. False where its text does not say yet for what. */
  addInstrumentation(type: MonitorType): boolean {
    const { spec, open } = this
    const { value } = open
    if (spec === undefined || value === null) return false
    const text = spec.state.doc.toString()
    const { automaton } = spec.name.endsWith('.ltl')
      ? { automaton: undefined }
      : parseDot(text, spec.name)
    const ltl = spec.name.endsWith('.ltl') ? parseLtl(text, spec.name).model : undefined
    if (automaton === undefined && ltl === undefined) return false
    const bare =
      automaton === undefined
        ? ltl && { kind: 'ltl' as const, ltl }
        : { kind: 'automaton' as const, automaton }
    if (bare === undefined) return false
    const yaml = starterInstrumentation(bare, value.model, type)
    const file = this.#openFile({ name: `${value.model}.yaml`, text: yaml }, undefined)
    open.value = { ...value, files: [...value.files, file] }
    this.active.value = file.name
    this.#changed()
    return true
  }

  /** Runs the model on the simulated kernel, and shows it there. */
  async run(answers: { replace?: boolean; leave?: boolean } = {}): Promise<void> {
    if (this.busy.value) return
    this.question.value = null
    const hasFolder = (this.open.value?.folder ?? null) !== null
    if (hasFolder && this.isDirty.value && !(await this.save())) return
    this.busy.value = true
    await runModel(this, answers)
    this.busy.value = false
  }

  /** Keeps a draft now, and not only when the text stands still. */
  keepNow(): void {
    clearTimeout(this.#draftTimer)
    this.#draftTimer = undefined
    const open = this.open.value
    if (open === null) return
    if (!open.files.some(isChanged)) {
      if (this.#hasDraft) void this.#ask({ op: 'dropDraft', id: open.id })
      this.#hasDraft = false
      return
    }
    this.#hasDraft = true
    const { id, model, files } = open
    void this.#ask({
      op: 'keepDraft',
      id,
      model,
      files: textsOf(files),
      open: this.shown.value
    }).then((reply) => {
      if (reply.type === 'failed') this.notice.value = reply.message
    })
  }

  /** Reads the drawing from the text as it is. */
  sketchNow(): void {
    const { spec } = this
    if (spec === undefined || !/\.(dot|gv)$/.test(spec.name) || spec.state.doc.length > MAX_DRAWN) {
      this.drawn.value = null
      return
    }
    const outline = readOutline(spec.state.doc.toString())
    const { value: last } = this.drawn
    if (outline !== undefined)
      this.drawn.value = { outline, sketch: sketchOf(outline), stale: false }
    else if (last !== null && !last.stale) this.drawn.value = { ...last, stale: true }
  }

  /** Names of the containers that a parent may be. */
  containers(): string[] {
    const known = this.panel.monitors.value.filter((m) => m.class === 'container')
    return [...new Set([...known.map((m) => m.name), 'sched', 'rtapp', 'deadline'])]
  }

  #take(reply: ModelReply): void {
    if (reply.type === 'failed') this.panel.toast('error', reply.message)
    if (reply.type !== 'opened') return
    this.#leave()
    const { opened } = reply
    const { keptAt, folder, files, saved } = opened
    // A copy of what comes with the program counts as saved until it is changed.
    const isCopy = keptAt === null && folder === null
    this.#adopt(
      { ...opened, saved: isCopy ? files : saved },
      keptAt === null ? '' : t.restored(new Date(keptAt))
    )
    this.#hasDraft = opened.keptAt !== null
    void this.look()
  }

  #adopt({ id, model, files, saved, folder }: OpenedModel, notice: string): void {
    this.drawn.value = null
    this.findings.value = []
    this.checked.value = false
    this.buchi.value = null
    this.diskChange.value = null
    this.question.value = null
    this.#hasDraft = false
    this.#leftOnDisk = ''
    this.open.value = {
      id,
      model,
      folder,
      files: files.map((file) =>
        this.#openFile(file, saved?.find((s) => s.name === file.name)?.text)
      )
    }
    this.active.value = files[0]?.name ?? ''
    this.notice.value = notice
    this.openOpen.value = false
    this.newOpen.value = false
    this.shown.value = true
    this.version.value++
    this.sketchNow()
    this.#checkSoon(0)
  }

  #openFile({ name, text }: ModelText, saved: string | undefined): OpenFile {
    const crlf = endsInCrLf(text)
    const state = fileState(name, toEditor(text, crlf), {
      label: t.textOf(name),
      readOnly: false,
      vocabulary: () => ({
        sketch: this.drawn.value?.sketch,
        atoms: this.#atoms(),
        containers: this.containers()
      })
    })
    return markRaw({ name, state, saved, crlf })
  }

  #atoms(): string[] {
    const { spec } = this
    if (spec?.name.endsWith('.ltl') !== true) return []
    const names = spec.state.doc
      .toString()
      .replace(/#.*/g, '')
      .match(/\b[A-Z_][A-Z0-9_]*\b/g)
    return [...new Set(names ?? [])].filter((name) => name !== 'RULE')
  }

  /** Changes a file, through its view where it has one. */
  #dispatch(file: OpenFile, spec: TransactionSpec | Transaction): void {
    if (
      file.name === this.active.value &&
      this.#view !== undefined &&
      this.#view.state === file.state
    ) {
      this.#view.dispatch(spec)
      return
    }
    const transaction = 'startState' in spec ? spec : file.state.update(spec)
    file.state = transaction.state
    if (transaction.docChanged) this.#changed()
    if (file.name === this.active.value) this.#view?.setState(file.state)
  }

  #changed(): void {
    this.version.value++
    this.checked.value = false
    this.#checker.forget()
    this.#checkSoon(CHECK_MS)
    this.#draftSoon()
  }

  #checkSoon(ms: number): void {
    clearTimeout(this.#checkTimer)
    this.#checkTimer = setTimeout(() => {
      this.#checkTimer = undefined
      this.sketchNow()
      const { value: open } = this.open
      if (open === null) return
      const files = open.files.map(({ name, state }) => ({ name, text: state.doc.toString() }))
      this.#checker.check({ files, containers: this.containers() })
    }, ms)
  }

  #draftSoon(): void {
    clearTimeout(this.#draftTimer)
    this.#draftTimer = setTimeout(() => {
      this.keepNow()
    }, DRAFT_MS)
  }

  #found({ diagnostics, buchi }: CheckDone): void {
    this.findings.value = diagnostics
    this.checked.value = true
    this.buchi.value = buchi ?? null
    for (const file of this.open.value?.files ?? []) {
      const own = diagnostics
        .filter((d) => d.file === file.name)
        .map((d) => findingOf(file.state, d))
      this.#dispatch(file, setDiagnostics(file.state, own))
    }
  }

  /** Before another model is opened. */
  #leave(): void {
    this.keepNow()
    clearTimeout(this.#checkTimer)
    this.#checkTimer = undefined
    this.#checker.forget()
  }

  #ask(request: Parameters<typeof askFiles>[1]): Promise<ModelReply> {
    return askFiles(this.#api, request)
  }
}

const isChanged = (file: OpenFile): boolean => toDisk(file) !== file.saved

const sessionKey: InjectionKey<EditorSession> = Symbol('editor session')

/** How components find the session: provided once by the app. */
export { sessionKey }

/** The editor of this window. */
export function useEditor(): EditorSession {
  const session = inject(sessionKey)
  if (!session) throw new Error('no editor was provided to this component')
  return session
}
