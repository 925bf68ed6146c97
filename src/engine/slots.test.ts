import { expect, it } from 'vitest'
import { Errno } from './errno'
import { TaskSlots } from './slots'

it('gives the lowest free slot, and EBUSY when there is none', () => {
  const slots = new TaskSlots<string>(3)
  expect(['a', 'b', 'c'].map((owner) => slots.allocate(owner))).toEqual([0, 1, 2])
  expect(() => slots.allocate('d')).toThrow(Errno)
  slots.release(2)
  slots.release(0)
  expect(slots.allocate('e')).toBe(0)
  const owners: string[] = []
  slots.forEachOwner((owner) => owners.push(owner))
  expect(owners).toEqual(['e', 'b'])
})
