import type { InjectionKey, Ref } from 'vue'
import { inject, onUnmounted, ref } from 'vue'
import { texts } from '../../texts'
import { isRefusal, perform } from './jobs'
import type { JobKind, Jobs } from './jobs'

/** What goes to the thread. */
export interface TaskJob {
  readonly id: number
  readonly kind: JobKind
  readonly input: Jobs[JobKind]['input']
}

/** What comes back: a result, or one sentence. */
export type TaskAnswer =
  | { readonly id: number; readonly output: Jobs[JobKind]['output'] }
  | { readonly id: number; readonly error: string }

/** What is needed of a worker. */
export interface TaskWorker {
  postMessage(job: TaskJob): void
  terminate(): void
  onmessage: ((event: MessageEvent<TaskAnswer>) => void) | null
  onerror: ((event: ErrorEvent) => void) | null
}

/** Does a job where it is called. */
export function answerOf({ id, kind, input }: TaskJob): TaskAnswer {
  try {
    return { id, output: perform(kind, input) }
  } catch (error) {
    if (isRefusal(error)) return { id, error: error.message }
    return { id, error: texts.tools.failed(error instanceof Error ? error.message : String(error)) }
  }
}

/** Makes the threads; another one in tests. */
export const taskWorkerKey: InjectionKey<() => TaskWorker> = Symbol('worker of the model tools')

const ownWorker = (): TaskWorker =>
  new Worker(new URL('./tools.worker.ts', import.meta.url), { type: 'module' })

/** A pane's work of one kind: the newest job counts, an older one that still runs is ended. */
export class Task {
  /** It runs. */
  readonly busy: Ref<boolean> = ref(false)
  /** Why the newest job has no result, or empty. */
  readonly failure = ref('')
  #worker: TaskWorker | undefined
  #newest = 0
  #settle: ((answer: TaskAnswer | undefined) => void) | undefined

  constructor(private readonly create: () => TaskWorker) {}

  /** Undefined: it failed (see `failure`), was cancelled, or a newer one took its place. */
  async run<K extends JobKind>(
    kind: K,
    input: Jobs[K]['input']
  ): Promise<Jobs[K]['output'] | undefined> {
    this.cancel()
    const id = ++this.#newest
    this.failure.value = ''
    this.busy.value = true
    const answer = await new Promise<TaskAnswer | undefined>((resolve) => {
      this.#settle = resolve
      const worker = (this.#worker ??= this.create())
      worker.onmessage = ({ data }) => {
        if (data.id === id) resolve(data)
      }
      worker.onerror = (event) => {
        resolve({ id, error: texts.tools.failed(event.message) })
      }
      worker.postMessage({ id, kind, input })
    })
    if (id !== this.#newest) return undefined
    this.busy.value = false
    this.#settle = undefined
    if (answer === undefined) return undefined
    if ('error' in answer) {
      this.failure.value = answer.error
      return undefined
    }
    return answer.output
  }

  /** Ends what runs; the thread cannot be interrupted otherwise. */
  cancel(): void {
    if (this.#settle === undefined) return
    this.#worker?.terminate()
    this.#worker = undefined
    this.#settle(undefined)
    this.#settle = undefined
    this.busy.value = false
    this.#newest++
  }

  /** Ends the thread. */
  dispose(): void {
    this.cancel()
    this.#worker?.terminate()
    this.#worker = undefined
  }
}

/** How a component gets threads. */
export const useTaskWorker = (): (() => TaskWorker) => inject(taskWorkerKey, () => ownWorker, true)

/** A pane's work, ended with the component. */
export function useTask(): Task {
  const task = new Task(useTaskWorker())
  onUnmounted(() => {
    task.dispose()
  })
  return task
}
