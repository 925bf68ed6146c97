import { instance } from '@viz-js/viz'

/*
 * Graphviz (WebAssembly) in its own thread: a large model must not hold a
 * frame. One message in, one out, in order.
 */

export interface LayoutJob {
  readonly id: number
  readonly text: string
}

export interface LayoutDone {
  readonly id: number
  /** Graphviz's json0, or null. */
  readonly json: string | null
  readonly error: string | null
}

const viz = instance()

self.onmessage = (event: MessageEvent<LayoutJob>): void => {
  void lay(event.data)
}

async function lay(job: LayoutJob): Promise<void> {
  let done: LayoutDone
  try {
    const result = (await viz).render(job.text, { format: 'json0', engine: 'dot' })
    done =
      result.status === 'success'
        ? { id: job.id, json: result.output, error: null }
        : { id: job.id, json: null, error: result.errors.map((e) => e.message).join('; ') }
  } catch (error) {
    done = { id: job.id, json: null, error: error instanceof Error ? error.message : String(error) }
  }
  self.postMessage(done)
}
