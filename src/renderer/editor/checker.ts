import type { CheckDone, CheckJob } from './check-job'

/** No model takes nearly so long; a check that does is stopped, ms. */
export const CHECK_LIMIT_MS = 15_000

/** What the checker needs of a worker. */
export interface CheckWorker {
  postMessage(job: CheckJob): void
  onmessage: ((event: MessageEvent<CheckDone>) => void) | null
  onerror?: ((event: ErrorEvent) => void) | null
  terminate?(): void
}

/**
 * Checks texts in a worker, one job at a time. While one runs only the newest of those that wait
 * is kept, and an answer to a text that is no longer the newest is dropped. A worker that fails or
 * does not come to an end makes place for another one.
 */
export class Checker {
  #worker: CheckWorker | undefined
  #running = false
  #next: CheckJob | undefined
  #newest = 0
  #limit: ReturnType<typeof setTimeout> | undefined

  constructor(
    private readonly create: () => CheckWorker,
    private readonly found: (done: CheckDone) => void,
    private readonly gaveUp: (why: 'failed' | 'stopped') => void = () => undefined
  ) {}

  check(job: Omit<CheckJob, 'id'>): void {
    this.#next = { ...job, id: ++this.#newest }
    this.#start()
  }

  /** The text changed: what a running job finds is about an older one. */
  forget(): void {
    this.#newest++
    this.#next = undefined
  }

  #start(): void {
    const job = this.#next
    if (this.#running || job === undefined) return
    this.#worker ??= this.#open()
    this.#running = true
    this.#next = undefined
    this.#limit = setTimeout(() => {
      this.#giveUp(job.id, 'stopped')
    }, CHECK_LIMIT_MS)
    this.#worker.postMessage(job)
  }

  #open(): CheckWorker {
    const worker = this.create()
    worker.onerror = () => {
      this.#giveUp(this.#newest, 'failed')
    }
    worker.onmessage = ({ data }) => {
      if (worker !== this.#worker) return
      clearTimeout(this.#limit)
      this.#running = false
      if (data.id === this.#newest) this.found(data)
      this.#start()
    }
    return worker
  }

  /** The next text gets a new worker. */
  #giveUp(id: number, why: 'failed' | 'stopped'): void {
    clearTimeout(this.#limit)
    this.#worker?.terminate?.()
    this.#worker = undefined
    this.#running = false
    if (id === this.#newest) this.gaveUp(why)
    this.#start()
  }
}

/** The worker of the window. */
export const checkWorker = (): CheckWorker =>
  new Worker(new URL('./check.worker.ts', import.meta.url), { type: 'module' })
