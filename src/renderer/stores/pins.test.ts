import { computed } from 'vue'
import { expect, it } from 'vitest'
import { Pins } from './pins'

it('keeps pinned instances by monitor, in the order of pinning, and computed values follow', () => {
  const pins = new Pins()
  const shown = computed(() => pins.of('wwnr').join())
  pins.toggle('wwnr', 7)
  pins.toggle('wwnr', 3)
  pins.toggle('sched:sssw', 1)
  expect(shown.value).toBe('7,3')
  pins.toggle('wwnr', 7)
  expect(shown.value).toBe('3')
  expect(pins.has('wwnr', 7)).toBe(false)
  pins.clear()
  expect(shown.value).toBe('')
})
