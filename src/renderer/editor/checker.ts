import type { CheckDone, CheckJob } from './check-job'

/** What the checker needs of a worker. */
export interface CheckWorker {
  postMessage(job: CheckJob): void
  onmessage: ((event: MessageEvent<CheckDone>) => void) | null
}

/**
 * Checks texts in a worker, one job at a time. While one runs only the newest of those that wait
 * is kept, and an answer to a text that is no longer the newest is dropped.
 */
export class Checker {
  #worker: CheckWorker | undefined
  #running = false
  #next: CheckJob | undefined
  #newest = 0

  constructor(
    private readonly create: () => CheckWorker,
    private readonly found: (done: CheckDone) => void
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
    this.#worker.postMessage(job)
  }

  #open(): CheckWorker {
    const worker = this.create()
    worker.onmessage = ({ data }) => {
      this.#running = false
      if (data.id === this.#newest) this.found(data)
      this.#start()
    }
    return worker
  }
}

/** The worker of the window. */
export const checkWorker = (): CheckWorker =>
  new Worker(new URL('./check.worker.ts', import.meta.url), { type: 'module' })
