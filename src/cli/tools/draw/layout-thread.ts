import { createRequire } from 'node:module'
import { Worker } from 'node:worker_threads'
import { Failure } from '../../io'

/*
 * Graphviz runs in a thread that can be ended: it cannot be interrupted otherwise, and
 * a large graph takes it minutes. The thread's program is a text, so that it is the
 * same in the built program and in the tests, whose files are not JavaScript.
 */
const PROGRAM = `
const { parentPort, workerData } = require('node:worker_threads')
const { instance } = require(workerData.graphviz)
instance().then((graphviz) => {
  const result = graphviz.render(workerData.text, { format: 'json0', engine: 'dot' })
  parentPort.postMessage(
    result.status === 'success'
      ? { json: result.output }
      : { error: result.errors.map((error) => error.message).join('; ') }
  )
})
`

/** What bounds a layout. */
export interface LayoutLimits {
  /** ms. */
  readonly timeout: number
  readonly stop: AbortSignal
}

/**
 * Graphviz's json0 of a DOT text.
 *
 * @throws Failure where it takes too long, is stopped, or Graphviz gives no layout
 */
export function layoutInThread(text: string, { timeout, stop }: LayoutLimits): Promise<string> {
  const graphviz = createRequire(import.meta.url).resolve('@viz-js/viz')
  const thread = new Worker(PROGRAM, { eval: true, workerData: { graphviz, text } })
  return new Promise<string>((resolve, reject) => {
    const fail = (sentence: string): void => {
      reject(new Failure(sentence))
    }
    const late = setTimeout(() => {
      fail(
        `the layout took longer than ${timeout / 1000} s; give it more with --timeout, ` +
          'or draw a smaller model (rvpanel op minimize); -T dot and -T txt need no layout'
      )
    }, timeout)
    const stopped = (): void => {
      fail('stopped before anything was drawn')
    }
    stop.addEventListener('abort', stopped)
    if (stop.aborted) stopped()
    thread.on('message', (answer: unknown) => {
      const { json, error } = answer as { readonly json?: string; readonly error?: string }
      if (json === undefined) fail(`Graphviz gave no layout: ${error ?? 'it does not say why'}`)
      else resolve(json)
    })
    thread.on('error', (error) => {
      fail(`Graphviz gave no layout: ${error.message}`)
    })
    thread.on('exit', () => {
      clearTimeout(late)
      stop.removeEventListener('abort', stopped)
      fail('Graphviz ended without a layout')
    })
  }).finally(() => thread.terminate())
}
