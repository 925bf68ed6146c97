/**
 * Under what a correct kernel violates a monitor within seconds: the options of stress-ng,
 * and why. The monitors that are missing it does not violate at all.
 */
export const LOADS: Readonly<Record<string, { readonly work: string; readonly why: string }>> = {
  wip: {
    work: '--timer 1 --timer-freq 1000 --pipe 1',
    why: 'an interrupt between the two handlers of preempt_disable wakes a task'
  },
  sts: {
    work: '--udp 1',
    why: 'an interrupt between schedule_entry and the switch, whose softirq takes a lock'
  },
  pagefault: {
    // Each start is one fault of a task that has just become real-time.
    work: '--sched fifo --sched-prio 10 --fork 1 -t 1',
    why: 'a real-time task that touches new memory'
  },
  sleep: {
    work: '--sched fifo --sched-prio 10 --nanosleep 1 --nanosleep-threads 1',
    why: 'a real-time task in a relative nanosleep'
  },
  wakeup: {
    work: '--hrtimers 1 -t 2',
    why: 'a real-time task that a lower-priority one or a softirq wakes'
  },
  stall: {
    work: '--cpu 4',
    why: 'more tasks than CPUs, and a threshold of 10 jiffies'
  },
  nomiss: {
    work: '--cpu 2 --sched deadline --sched-runtime 4000000 --sched-deadline 5000000 --sched-period 50000000',
    why: 'deadlines that an emulated CPU is too slow for'
  }
}
