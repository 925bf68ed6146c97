import { mount } from '@vue/test-utils'
import { TooltipProvider } from 'reka-ui'
import { h, nextTick, type Component } from 'vue'
import type { Batch } from '../../contract/state'
import { EditorSession, sessionKey } from '../editor/session'
import { Panel, panelKey } from '../stores/panel'
import { emptyBatch, FakePort, monitorInfo, targetStatus } from '../testing'

/** A component in a window that is connected to a target played by hand. */
export async function inWindow(
  component: Component,
  props: Record<string, unknown> = {},
  batch: Partial<Batch> = {}
) {
  localStorage.clear()
  const port = new FakePort()
  const panel = new Panel(port.api, () => undefined)
  const editor = new EditorSession(panel, port.api.models)
  panel.bridge.start()
  const whole = emptyBatch({
    target: targetStatus(),
    switches: {
      monitoringOn: true,
      reactingOn: true,
      reactors: ['nop', 'printk', 'panic'],
      stacks: false
    },
    monitors: [monitorInfo('wip', { enabled: true }), monitorInfo('wwnr', { type: 'per_task' })],
    ...batch
  })
  port.send({ type: 'snapshot', seq: 1, batch: whole })
  const wrapper = mount(
    { render: () => h(TooltipProvider, () => h(component, props)) },
    {
      global: { provide: { [panelKey as symbol]: panel, [sessionKey as symbol]: editor } },
      attachTo: document.body
    }
  )
  await nextTick()
  /** Dialogs live outside of the component's own element. */
  const find = (id: string): HTMLElement | null =>
    document.body.querySelector<HTMLElement>(`[data-testid="${id}"]`)
  const get = (id: string): HTMLElement => {
    const element = find(id)
    if (!element) throw new Error(`${id} is not there`)
    return element
  }
  const input = (id: string): HTMLInputElement => {
    const element = get(id)
    if (!(element instanceof HTMLInputElement)) throw new Error(`${id} is no field`)
    return element
  }
  return { port, panel, wrapper, find, get, input }
}

/** Types into a field as a user does. */
export async function type(input: HTMLInputElement, text: string): Promise<void> {
  input.value = text
  input.dispatchEvent(new Event('input'))
  await nextTick()
}

/** Sends the form that a field is part of, as Enter does. */
export async function submit(input: HTMLElement): Promise<void> {
  input.closest('form')?.dispatchEvent(new Event('submit', { cancelable: true }))
  await nextTick()
}
