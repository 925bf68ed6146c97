import { mount } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import PaneSplitter from './PaneSplitter.vue'

const setUp = (reverse = false) => {
  const wrapper = mount(PaneSplitter, {
    props: { orientation: 'vertical', label: 'Monitors', size: 300, min: 200, max: 480, reverse }
  })
  return { wrapper, sizes: () => (wrapper.emitted('resize') ?? []).map(([size]) => size) }
}

describe('a border', () => {
  it('moves with the arrow keys, never further than it may', async () => {
    const { wrapper, sizes } = setUp()
    for (const key of ['ArrowRight', 'ArrowLeft', 'Home', 'End']) {
      await wrapper.trigger('keydown', { key })
    }
    await wrapper.trigger('keydown', { key: 'ArrowRight', shiftKey: true })
    expect(sizes()).toEqual([316, 284, 200, 480, 364])
  })

  it('of a pane behind it moves the other way round', async () => {
    const { wrapper, sizes } = setUp(true)
    await wrapper.trigger('keydown', { key: 'ArrowRight' })
    expect(sizes()).toEqual([284])
  })

  it('goes back to its first size with a double click, and with Enter', async () => {
    const { wrapper } = setUp()
    await wrapper.trigger('dblclick')
    await wrapper.trigger('keydown', { key: 'Enter' })
    expect(wrapper.emitted('reset')?.length).toBe(2)
  })

  it('tells a screen reader where it is', () => {
    const { wrapper } = setUp()
    expect(wrapper.attributes()).toMatchObject({
      role: 'separator',
      'aria-valuenow': '300',
      'aria-valuetext': '300 px'
    })
  })
})
