import { mount } from '@vue/test-utils'
import { TooltipProvider } from 'reka-ui'
import { h, nextTick } from 'vue'
import type { Component } from 'vue'
import type { ModelReply, ModelRequest, ModelText } from '../../../contract/model-files'
import type { Batch } from '../../../contract/state'
import { Panel, panelKey } from '../../stores/panel'
import { emptyBatch, FakePort, monitorInfo, targetStatus } from '../../testing'
import { checkFiles } from '../check-job'
import type { CheckWorker } from '../checker'
import { EditorSession, sessionKey } from '../session'
import { answerOf, taskWorkerKey } from './tasks'
import type { TaskAnswer, TaskJob, TaskWorker } from './tasks'

const shelf = import.meta.glob<string>('../../../../models/*', {
  query: '?raw',
  import: 'default',
  eager: true
})

/** Files of the models that come with the program. */
export const modelFiles = (...names: string[]): ModelText[] =>
  names.map((name) => ({ name, text: shelf[`../../../../models/${name}`] ?? '' }))

/** Does its jobs in the test's own thread, when the queue is empty. */
export class HereWorker implements TaskWorker {
  onmessage: ((event: MessageEvent<TaskAnswer>) => void) | null = null
  onerror: ((event: ErrorEvent) => void) | null = null
  ended = false

  postMessage(job: TaskJob): void {
    queueMicrotask(() => {
      if (this.ended) return
      this.onmessage?.(new MessageEvent('message', { data: structuredClone(answerOf(job)) }))
    })
  }

  terminate(): void {
    this.ended = true
  }
}

/** Findings are no matter of these tests. */
const checkWorker = (): CheckWorker => ({
  onmessage: null,
  postMessage(job) {
    checkFiles(job)
  }
})

/** A pane beside an editor in which a model is open. */
export async function beside(
  component: Component,
  model: string,
  files: ModelText[],
  answer: (request: ModelRequest) => ModelReply | undefined = () => undefined,
  batch: Partial<Batch> = {}
) {
  localStorage.clear()
  const port = new FakePort()
  const asked: ModelRequest[] = []
  const opened = (name: string, texts: ModelText[]): ModelReply => ({
    type: 'opened',
    opened: {
      id: crypto.randomUUID(),
      model: name,
      files: texts,
      saved: null,
      folder: null,
      keptAt: null
    }
  })
  const api = {
    ...port.api.models,
    ask: (request: ModelRequest): Promise<unknown> => {
      asked.push(request)
      const given = answer(request)
      if (given !== undefined) return Promise.resolve(given)
      if (request.op === 'open') return Promise.resolve(opened(model, files))
      if (request.op === 'shelf') {
        return Promise.resolve({ type: 'shelf', models: [], drafts: [] })
      }
      return Promise.resolve({ type: 'done' })
    }
  }
  const panel = new Panel(port.api, () => undefined)
  panel.bridge.start()
  const whole = emptyBatch({ target: targetStatus(), monitors: [monitorInfo(model)], ...batch })
  port.send({ type: 'snapshot', seq: 1, batch: whole })
  const session = new EditorSession(panel, api, checkWorker)
  await session.openModel(model)
  const wrapper = mount(
    { render: () => h(TooltipProvider, () => h(component)) },
    {
      global: {
        provide: {
          [panelKey as symbol]: panel,
          [sessionKey as symbol]: session,
          [taskWorkerKey as symbol]: () => new HereWorker()
        }
      },
      attachTo: document.body
    }
  )
  const find = (id: string): HTMLElement | null =>
    document.body.querySelector<HTMLElement>(`[data-testid="${id}"]`)
  /** The element, as soon as it is there. */
  const get = async (id: string): Promise<HTMLElement> => {
    for (let turns = 0; turns < 2000; turns++) {
      const element = find(id)
      if (element) return element
      await new Promise((resolve) => setTimeout(resolve))
    }
    throw new Error(`${id} is not there`)
  }
  const click = async (id: string): Promise<void> => {
    const element = await get(id)
    element.click()
    await nextTick()
  }
  return { port, panel, session, wrapper, asked, opened, find, get, click }
}
