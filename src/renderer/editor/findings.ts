import { setDiagnostics } from '@codemirror/lint'
import { ref, shallowRef } from 'vue'
import type { Diagnostic } from '../../model/diagnostics'
import { texts } from '../texts'
import { findingBeside } from './begin'
import type { BuchiDrawing, CheckDone } from './check-job'
import { CHECK_LIMIT_MS, Checker } from './checker'
import type { CheckWorker } from './checker'
import { changesOf, findingOf, oneStep, offsetAt } from './code/places'
import type { OpenFile } from './document'
import type { EditorSession } from './session'

/** Text that stands still for so long is checked, ms. */
const CHECK_MS = 150

const t = texts.editor

/** What is wrong with the open model, found in a worker while one types. */
export class Findings {
  readonly list = shallowRef<readonly Diagnostic[]>([])
  /** The findings are about the text as it is. */
  readonly checked = ref(false)
  /** Of a sound formula, as it was checked last. */
  readonly buchi = shallowRef<BuchiDrawing | null>(null)
  readonly #session: EditorSession
  readonly #checker: Checker
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(session: EditorSession, worker: () => CheckWorker) {
    this.#session = session
    this.#checker = new Checker(
      worker,
      (done) => {
        this.#found(done)
      },
      (why) => {
        session.notice.value =
          why === 'failed' ? t.checkFailed : t.checkStopped(CHECK_LIMIT_MS / 1000)
      }
    )
  }

  /** Another model is open: it is checked at once. */
  begin(): void {
    this.list.value = []
    this.checked.value = false
    this.buchi.value = null
    this.#soon(0)
  }

  /** A text changed: it is drawn and checked once it stands still. */
  changed(): void {
    this.checked.value = false
    this.#checker.forget()
    this.#soon(CHECK_MS)
  }

  /** The model is left: what is found about it now is nobody's. */
  stop(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#checker.forget()
  }

  /** Shows a finding in its file. */
  reveal({ file, line, column, endLine, endColumn }: Diagnostic): void {
    const doc = this.#session.file(file)?.state.doc
    if (doc === undefined) return
    const from = offsetAt(doc, line, column)
    this.#session.reveal(file, from, offsetAt(doc, endLine, endColumn), true)
  }

  /** Applies the fix of a finding at an index. */
  fix(diagnostic: Diagnostic, index: number): void {
    const file = this.#session.file(diagnostic.file)
    const edits = diagnostic.fixes?.[index]?.edits
    // Until the text is checked its places are those of an older one.
    if (file === undefined || edits === undefined || !this.checked.value) return
    this.#session.activate(file.name)
    this.#session.change(file, {
      changes: changesOf(edits),
      userEvent: 'input.fix',
      annotations: oneStep,
      scrollIntoView: true
    })
  }

  /** Moves to the next finding behind (or before) the cursor. */
  next(step: 1 | -1): void {
    const file = this.#session.file(this.#session.active.value)
    const docOf = (name: string): OpenFile['state']['doc'] | undefined =>
      this.#session.file(name)?.state.doc
    const next = findingBeside(this.list.value, step, file, docOf)
    if (next !== undefined) this.reveal(next)
  }

  #soon(ms: number): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      this.#session.sketchNow()
      const { value: open } = this.#session.open
      if (open === null) return
      const files = open.files.map(({ name, state }) => ({ name, text: state.doc.toString() }))
      this.#checker.check({ files, containers: this.#session.containers() })
    }, ms)
  }

  #found({ diagnostics, buchi }: CheckDone): void {
    this.list.value = diagnostics
    this.checked.value = true
    this.buchi.value = buchi ?? null
    for (const file of this.#session.open.value?.files ?? []) {
      const own = diagnostics
        .filter((d) => d.file === file.name)
        .map((d) => findingOf(file.state, d))
      this.#session.change(file, setDiagnostics(file.state, own))
    }
  }
}
