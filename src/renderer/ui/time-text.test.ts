import { defineComponent, h, nextTick } from 'vue'
import { expect, it } from 'vitest'
import { inWindow } from '../features/testing-mount'
import { useTimeText } from './time-text'

it('a time is told since boot, or as how long before the shown moment, as the user wants it', async () => {
  const shown = defineComponent(() => {
    const timeText = useTimeText()
    return () => h('p', timeText(7, 250_000_000))
  })
  const { panel, wrapper } = await inWindow(shown)
  expect(wrapper.text()).toBe('7.250000')
  panel.settings.times = 'relative'
  panel.clock.seen(9, 0)
  panel.tick.value++
  await nextTick()
  expect(wrapper.text()).toBe('−1.75 s')
  panel.clock.shown = 8e9
  panel.tick.value++
  await nextTick()
  expect(wrapper.text()).toBe('−750 ms')
  wrapper.unmount()
})
