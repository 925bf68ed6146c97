import type { LayoutDone, LayoutJob } from './layout.worker'

/** Layouts that are remembered. */
const CACHE = 64

/** What the layouter needs of a worker. */
export interface LayoutWorker {
  postMessage(job: LayoutJob): void
  onmessage: ((event: MessageEvent<LayoutDone>) => void) | null
}

/** Lays texts out in a worker, each text once. */
export class Layouter {
  private worker: LayoutWorker | undefined
  private next = 1
  private readonly waiting = new Map<
    number,
    { resolve: (json: string) => void; reject: (reason: Error) => void }
  >()
  private readonly cache = new Map<string, Promise<string>>()

  constructor(private readonly create: () => LayoutWorker) {}

  /** Graphviz's json0 of a DOT text. */
  layout(text: string): Promise<string> {
    const known = this.cache.get(text)
    if (known) return known
    const id = this.next++
    const result = new Promise<string>((resolve, reject) => {
      this.waiting.set(id, { resolve, reject })
    })
    this.cache.set(text, result)
    if (this.cache.size > CACHE) {
      for (const oldest of this.cache.keys()) {
        this.cache.delete(oldest)
        break
      }
    }
    this.running().postMessage({ id, text })
    return result
  }

  private running(): LayoutWorker {
    if (this.worker) return this.worker
    const worker = this.create()
    worker.onmessage = (event) => {
      const { id, json, error } = event.data
      const waiting = this.waiting.get(id)
      this.waiting.delete(id)
      if (json !== null) waiting?.resolve(json)
      else waiting?.reject(new Error(error ?? 'Graphviz gave no layout'))
    }
    this.worker = worker
    return worker
  }
}

const ownWorker = (): Worker =>
  new Worker(new URL('./layout.worker.ts', import.meta.url), { type: 'module' })

/** The layouter of what the window shows. */
export const layouter = new Layouter(ownWorker)

/** A layouter with a thread of its own, which can be ended: what waits for it then waits for ever. */
export function ownLayouter(): { readonly layouter: Layouter; end(): void } {
  let worker: Worker | undefined
  return {
    layouter: new Layouter(() => (worker = ownWorker())),
    end: () => {
      worker?.terminate()
    }
  }
}
