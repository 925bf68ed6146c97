import { computed, effectScope, ref, shallowRef, watch } from 'vue'
import { specOfAutomaton, specOfLtl } from '../../../model/draw/spec'
import type { GraphSpec } from '../../../model/draw/spec'
import { OperationFailure } from '../../../model/ops/failure'
import type { EditorSession } from '../session'
import { useEditor } from '../session'
import { Exploration } from './exploration'
import type { ReadModel } from './jobs'
import { Task, useTaskWorker } from './tasks'
import type { TaskWorker } from './tasks'

/** Text that stands still for so long is read, ms. */
const READ_MS = 120

/** How an edge, an event of it, or a state is shown. */
export interface Marks {
  /** Classes by the state's name. */
  readonly states: ReadonlyMap<string, string>
  /** Classes by edgeKey(). */
  readonly events: ReadonlyMap<string, string>
  /** How often each was taken, by edgeKey(): shown as heat. */
  readonly counts: ReadonlyMap<string, number> | undefined
  /** An event that was refused in a state. */
  readonly refused: { readonly state: string; readonly event: string } | undefined
}

export const NO_MARKS: Marks = {
  states: new Map(),
  events: new Map(),
  counts: undefined,
  refused: undefined
}

/** One event of one edge; without an event the edge as a whole. */
export const edgeKey = (from: string, event: string, to: string): string =>
  JSON.stringify([from, event, to])

/** What the panes of a window know of the open model; it stays while they come and go. */
export class ModelTools {
  /** The model as it was read last; null before that. */
  readonly read = shallowRef<ReadModel | null>(null)
  /** The last model without errors: what is explored while the text has some. */
  readonly sound = shallowRef<ReadModel | null>(null)
  readonly walk = shallowRef<Exploration | null>(null)
  /** Counts what changes in `walk`. */
  readonly moved = ref(0)
  /** Why the model cannot be stepped through, or empty. */
  readonly unwalkable = ref('')
  /** What a comparison or a coverage marks; null: the walk does. */
  readonly marks = shallowRef<Marks | null>(null)
  readonly graph = computed<GraphSpec | null>(() => {
    const spec = this.sound.value?.spec
    if (spec === undefined) return null
    if (spec.kind === 'automaton') return specOfAutomaton(spec.automaton)
    const graph = specOfLtl(spec.ltl)
    const first = graph.states.findIndex(({ initial }) => initial)
    // A drawing has one arrow to where it begins.
    return { ...graph, states: graph.states.map((s, i) => ({ ...s, initial: i === first })) }
  })
  readonly task: Task
  #timer: ReturnType<typeof setTimeout> | undefined
  #id: string | undefined

  constructor(
    readonly session: EditorSession,
    create: () => TaskWorker
  ) {
    this.task = new Task(create)
    watch(
      [session.version, session.open],
      () => {
        clearTimeout(this.#timer)
        const id = session.open.value?.id
        if (id !== this.#id) this.#forget(id)
        this.#timer = setTimeout(() => void this.#readNow(), this.read.value === null ? 0 : READ_MS)
      },
      { immediate: true }
    )
  }

  /** The open files as they are. */
  get files(): { readonly name: string; readonly text: string }[] {
    return (this.session.open.value?.files ?? []).map(({ name, state }) => ({
      name,
      text: state.doc.toString()
    }))
  }

  /** Begins the walk anew. */
  restart(): void {
    const model = this.sound.value
    this.unwalkable.value = ''
    this.walk.value = null
    if (model?.spec === undefined) return
    try {
      this.walk.value = new Exploration(model.spec, model.parameters)
    } catch (error) {
      if (!(error instanceof OperationFailure)) throw error
      this.unwalkable.value = error.message
    }
    this.moved.value++
  }

  #forget(id: string | undefined): void {
    this.#id = id
    this.read.value = null
    this.sound.value = null
    this.walk.value = null
    this.marks.value = null
  }

  async #readNow(): Promise<void> {
    const id = this.#id
    const read = await this.task.run('read', { files: this.files })
    if (read === undefined || id !== this.#id) return
    this.read.value = read
    if (read.spec === undefined) return
    const { value: before } = this.walk
    this.sound.value = read
    this.restart()
    if (before && this.walk.value) {
      this.walk.value.follow(before)
      this.moved.value++
    }
  }
}

const known = new WeakMap<EditorSession, ModelTools>()

/** The tools of this window's editor. */
export function useModelTools(): ModelTools {
  const session = useEditor()
  const create = useTaskWorker()
  let tools = known.get(session)
  if (tools === undefined) {
    // They outlive the pane that asked first.
    tools = effectScope(true).run(() => new ModelTools(session, create))
    if (tools === undefined) throw new Error('a detached scope is always active')
    known.set(session, tools)
  }
  return tools
}
