import { afterAll, describe, it } from 'vitest'
import { realTarget } from '../target/boot'
import { RealKernel } from './real-target'
import { conformance } from './suite'

/*
 * On one CPU: each switch of a monitor rewrites the kernel's text, and QEMU before 8.1 has a
 * race there between emulated CPUs (`Oops: int3`), which hundreds of switches do not survive.
 */
const target = await realTarget({ cpus: 1 })

if ('skip' in target) {
  console.log(`conformance: the real kernel was skipped: ${target.skip}`)
  describe.skip(`a real kernel (skipped: ${target.skip})`, () => {
    it('does the same as the simulated one', () => undefined)
  })
} else {
  const kernel = new RealKernel(target)
  afterAll(() => kernel.stop())

  conformance('a real kernel', {
    open: () => kernel.open(),
    violated: undefined,
    scenes: kernel.scenes(({ smp }) => smp !== true)
  })
}
