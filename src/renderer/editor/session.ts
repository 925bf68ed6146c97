import { redo, undo } from '@codemirror/commands'
import type { EditorState, Transaction, TransactionSpec } from '@codemirror/state'
import type { EditorView } from '@codemirror/view'
import type { InjectionKey } from 'vue'
import { computed, inject, markRaw, ref, shallowRef } from 'vue'
import type { ModelReply, ModelRequest, ModelText, OpenedModel } from '../../contract/model-files'
import type { PreloadApi } from '../../contract/preload-api'
import { readOutline, sketchOf } from '../../model/edit'
import type { Edited, Outline, Sketch } from '../../model/edit'
import { newModel, type NewModelKind } from '../../model/starter/templates'
import type { MonitorType } from '../../model/instrumentation'
import type { Panel } from '../stores/panel'
import { texts } from '../texts'
import { atomsOf, instrumentationOf } from './begin'
import type { CheckWorker } from './checker'
import { checkWorker } from './checker'
import { fileState } from './code/state'
import { changesOf, oneStep } from './code/places'
import { Disk } from './disk'
import { endsInCrLf, isChanged, isYaml, renamedFile, toEditor } from './document'
import type { OpenFile } from './document'
import { isReadable } from './drawing/spec'
import { DraftKeeper } from './drafts'
import { askFiles } from './files-client'
import { Findings } from './findings'
import { runModel } from './run'
import type { RunQuestion } from './run'

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

/** The editor of this window: one open model, its findings and its drawing. */
export class EditorSession {
  /** The editor is shown. */
  readonly shown = ref(false)
  readonly open = shallowRef<OpenModel | null>(null)
  /** Name of the file whose text is shown. */
  readonly active = ref('')
  readonly drawn = shallowRef<Drawn | null>(null)
  /** The model is not drawn because nobody could read that. */
  readonly tooLarge = ref(false)
  /** Offset of the cursor in the model's text. */
  readonly cursor = ref(0)
  /** One sentence about the open model that stays until it is dismissed. */
  readonly notice = ref('')
  readonly question = shallowRef<RunQuestion | null>(null)
  readonly busy = ref(false)
  readonly newOpen = ref(false)
  readonly openOpen = ref(false)
  /** Pane beside the text, by its id in side-panels.ts. */
  readonly side = ref('drawing')
  /** Counts changes of any text. */
  readonly version = ref(0)

  readonly panel: Panel
  readonly #api: PreloadApi['models']
  #view: EditorView | undefined
  readonly disk: Disk
  readonly findings: Findings
  readonly #drafts: DraftKeeper

  readonly isDirty = computed(() => {
    const { open } = this
    return this.version.value >= 0 && (open.value?.files.some(isChanged) ?? false)
  })

  constructor(panel: Panel, api: PreloadApi['models'], worker: () => CheckWorker = checkWorker) {
    this.panel = panel
    this.#api = api
    const ask = (request: ModelRequest): Promise<ModelReply> => this.#ask(request)
    this.disk = new Disk(this, ask)
    this.#drafts = new DraftKeeper(this, ask)
    this.findings = new Findings(this, worker)
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
    else this.#take(await this.#ask({ op: 'open', model: name, latest: true }))
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
    void this.disk.look()
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
      this.change(spec, {
        changes: changesOf(edited.edits),
        userEvent: 'input.drawing',
        annotations: oneStep
      })
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
        this.change(spec, transaction)
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
    this.change(file, { selection, scrollIntoView: true })
    // Another file's text is in the view only after the next update of the page.
    requestAnimationFrame(() => {
      if (this.active.value !== name || this.#view === undefined) return
      this.#view.dispatch({ scrollIntoView: true })
      if (focus) this.#view.focus()
    })
  }

  save(as = false, overwrite = false): Promise<boolean> {
    return this.disk.save(as, overwrite)
  }

  /** These texts are on the disk now; of these names what is not among them is gone from it. */
  saved(
    files: readonly ModelText[],
    folder: string | null,
    names: readonly string[] = files.map(({ name }) => name)
  ): void {
    for (const name of names) {
      const file = this.file(name)
      if (file !== undefined) file.saved = files.find((one) => one.name === name)?.text
    }
    const { value: open } = this.open
    if (open !== null) this.open.value = { ...open, folder }
    this.version.value++
    // Main drops the draft of what it saves; what was typed meanwhile is a draft again.
    this.#drafts.now()
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
    this.open.value = { ...open, model, files: files.map((file) => markRaw(file)) }
    this.active.value = active
    this.#renameMonitor(open.model, model)
    this.#changed()
  }

  /** The monitor goes with the model where it is called like it. */
  #renameMonitor(from: string, to: string): void {
    const file = this.open.value?.files.find(({ name }) => isYaml(name))
    const found = /^monitor:[ \t]*(\w+)[ \t]*$/m.exec(file?.state.doc.toString() ?? '')
    if (file === undefined || found?.[1] !== from) return
    const start = found.index + found[0].lastIndexOf(from)
    this.change(file, { changes: { from: start, to: start + from.length, insert: to } })
  }

  /** Adds the instrumentation that the model still needs. False where its text does not say yet for what. */
  addInstrumentation(type: MonitorType): boolean {
    const { spec, open } = this
    const { value } = open
    if (spec === undefined || value === null) return false
    const yaml = instrumentationOf(spec, value.model, type)
    if (yaml === undefined) return false
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
    try {
      await runModel(this, answers)
    } finally {
      this.busy.value = false
    }
  }

  /** Keeps a draft now, and not only when the text stands still. */
  keepNow(): void {
    this.#drafts.now()
  }

  /** Reads the drawing from the text as it is. */
  sketchNow(): void {
    const { spec } = this
    const isGraph = spec !== undefined && /\.(dot|gv)$/.test(spec.name)
    this.tooLarge.value = isGraph && spec.state.doc.length > MAX_DRAWN
    if (!isGraph || this.tooLarge.value) {
      this.drawn.value = null
      return
    }
    const outline = readOutline(spec.state.doc.toString())
    const { value: last } = this.drawn
    if (outline !== undefined) {
      const sketch = sketchOf(outline)
      this.tooLarge.value = !isReadable(sketch)
      this.drawn.value = this.tooLarge.value ? null : { outline, sketch, stale: false }
    } else if (last !== null && !last.stale) this.drawn.value = { ...last, stale: true }
  }

  /** Names of the containers that a parent may be. */
  containers(): string[] {
    const known = this.panel.monitors.value.filter((m) => m.class === 'container')
    return [...new Set([...known.map((m) => m.name), 'sched', 'rtapp', 'deadline'])]
  }

  #take(reply: ModelReply): void {
    if (reply.type === 'failed') this.panel.toast('error', reply.message)
    if (reply.type !== 'opened') return
    const { opened } = reply
    if (opened.id === this.open.value?.id) {
      // What main has of it may be older than what is here.
      this.openOpen.value = false
      this.show()
      return
    }
    this.#leave()
    const { keptAt, folder, files, saved } = opened
    // A copy of what comes with the program counts as saved until it is changed.
    const isCopy = keptAt === null && folder === null
    this.#adopt(
      { ...opened, saved: isCopy ? files : saved },
      keptAt === null ? '' : t.restored(new Date(keptAt))
    )
    this.#drafts.has = keptAt !== null
    // It is what comes back from here on.
    if (keptAt !== null) this.#drafts.soon()
    void this.disk.look()
  }

  #adopt({ id, model, files, saved, folder }: OpenedModel, notice: string): void {
    this.drawn.value = null
    this.disk.reset()
    this.question.value = null
    this.#drafts.has = false
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
    this.findings.begin()
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
    return spec?.name.endsWith('.ltl') === true ? atomsOf(spec.state.doc.toString()) : []
  }

  /** Changes a file, through its view where it has one. */
  change(file: OpenFile, spec: TransactionSpec | Transaction): void {
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
    this.findings.changed()
    this.#drafts.soon()
  }

  /** Before another model is opened. */
  #leave(): void {
    this.#drafts.now(false)
    this.findings.stop()
  }

  #ask(request: ModelRequest): Promise<ModelReply> {
    return askFiles(this.#api, request)
  }
}

const sessionKey: InjectionKey<EditorSession> = Symbol('editor session')

/** How components find the session: provided once by the app. */
export { sessionKey }

/** The editor of this window. */
export function useEditor(): EditorSession {
  const session = inject(sessionKey)
  if (!session) throw new Error('no editor was provided to this component')
  return session
}
