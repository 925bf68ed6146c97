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
    // A correct kernel gives no others; wwnr takes two CPUs (real-smp.test.ts).
    scenes: {
      // Interrupts between the two handlers of preempt_disable: the documented false positive.
      wip: kernel.under('--timer 1 --timer-freq 1000 --pipe 1'),
      // An interrupt whose softirq takes a lock between schedule_entry and the switch.
      sts: kernel.under('--udp 1'),
      // Each start is one fault of a task that has just become real-time.
      pagefault: kernel.under('--sched fifo --sched-prio 10 --fork 1 -t 1'),
      sleep: kernel.under('--sched fifo --sched-prio 10 --nanosleep 1 --nanosleep-threads 1'),
      wakeup: kernel.under('--hrtimers 1 -t 2'),
      stall: kernel.under('--cpu 4'),
      nomiss: kernel.under(
        '--cpu 2 --sched deadline --sched-runtime 4000000 --sched-deadline 5000000 --sched-period 50000000'
      )
    }
  })
}
