import { afterAll, describe, it } from 'vitest'
import { realTarget } from '../target/boot'
import { RealKernel } from './real-target'
import { conformanceOfEvents } from './suite'

const target = await realTarget()

if ('skip' in target) {
  console.log(`conformance: the real kernel with four CPUs was skipped: ${target.skip}`)
  describe.skip(`a real kernel with four CPUs (skipped: ${target.skip})`, () => {
    it('traces and reacts as the simulated one', () => undefined)
  })
} else {
  const kernel = new RealKernel(target)
  afterAll(() => kernel.stop())

  conformanceOfEvents('a real kernel with four CPUs', {
    open: () => kernel.open(),
    // As the kernel's own selftests do: a task that is woken before it sleeps violates it.
    violated: 'wwnr',
    scenes: kernel.scenes(({ smp }) => smp === true)
  })
}
