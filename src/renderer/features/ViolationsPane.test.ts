import { nextTick } from 'vue'
import { afterEach, describe, expect, it } from 'vitest'
import { focusViolations } from '../stores/dialogs'
import { violation } from '../testing'
import { inWindow } from './testing-mount'
import ViolationsPane from './ViolationsPane.vue'

let leave: (() => void) | undefined
afterEach(() => {
  leave?.()
  document.body.replaceChildren()
})

const step = { sec: 1, nsec: 400, cpu: 2, from: 'non_preemptive', event: 'preempt_enable' }

/** What the browser does when it is told to copy. */
function clipboard(execCommand: (command: string) => boolean): void {
  Object.assign(document, { execCommand })
}

async function pane() {
  const all = await inWindow(
    ViolationsPane,
    {},
    {
      violations: [
        violation(1, { path: [{ ...step, to: 'preemptive' }] }),
        violation(2, { cpu: 3 }),
        violation(3, { path: [{ ...step, to: 'preemptive' }] })
      ]
    }
  )
  leave = () => all.wrapper.unmount()
  return all
}

describe('ViolationsPane', () => {
  it('folds the same cause, the newest first', async () => {
    const { get, wrapper } = await pane()
    expect(get('violations').textContent).toContain('2 causes')
    const counts = wrapper.findAll('[data-testid="violation-count"]').map((c) => c.text())
    expect(counts).toEqual(['×2', '×1'])
    expect(get('violation-3').textContent).toContain('CPU 2')
  })

  it('tells what led there when a card is opened', async () => {
    const { get, wrapper } = await pane()
    await wrapper.get('[data-testid="violation-3"] button').trigger('click')
    const story = get('violation-3').textContent
    expect(story).toContain('preempt_enable')
    expect(story).toContain('non_preemptive')
    expect(story).toContain('1.000000')
  })

  it('opens what was asked for on the drawing and on the timeline', async () => {
    const { panel, wrapper } = await pane()
    const openCards = () =>
      wrapper
        .findAll('[data-testid^="violation-"] button[aria-expanded="true"]')
        .map((button) => button.element.closest('[data-testid]')?.getAttribute('data-testid'))
    expect(openCards()).toEqual([])
    panel.violation.value = 2
    await nextTick()
    expect(openCards()).toEqual(['violation-2'])
    const { state, event } = violation(1)
    const monitor = panel.monitors.value[0]?.fullName ?? ''
    focusViolations.value = { monitor, from: state, event: 'nothing' }
    await nextTick()
    expect(openCards()).toEqual(['violation-2'])
    focusViolations.value = { monitor, from: state, event }
    await nextTick()
    expect(openCards()).toEqual(['violation-3'])
    expect(focusViolations.value).toBeNull()
  })

  it('copies the story without a permission, and says so', async () => {
    const { get, wrapper } = await pane()
    await wrapper.get('[data-testid="violation-3"] button').trigger('click')
    let copied = ''
    clipboard((command) => {
      copied = document.querySelector('textarea')?.value ?? ''
      return command === 'copy'
    })
    await wrapper.get('[data-testid="copy-report"]').trigger('click')
    expect(copied).toContain('Instance:   CPU 2')
    expect(copied).toContain('non_preemptive x preempt_enable -> preemptive')
    expect(get('copy-report').textContent).toContain('Copied')
    expect(document.querySelector('textarea')).toBeNull()
  })

  it('says it when the text could not be copied', async () => {
    const { panel, wrapper } = await pane()
    await wrapper.get('[data-testid="violation-3"] button').trigger('click')
    clipboard(() => false)
    await wrapper.get('[data-testid="copy-report"]').trigger('click')
    expect(panel.toasts.map((t) => t.severity)).toEqual(['error'])
  })
})
