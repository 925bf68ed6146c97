/** A load of stress-ng. */
export interface Load {
  readonly work: string
  /** What violates the monitor. */
  readonly why: string
  /** It takes several CPUs. */
  readonly smp?: true
}

/**
 * Under what a correct kernel violates a monitor within seconds. The monitors that are
 * missing it does not violate at all.
 */
export const LOADS: Readonly<Record<string, Load>> = {
  wip: {
    work: '--timer 1 --timer-freq 1000 --pipe 1',
    why: 'an interrupt between the two handlers of preempt_disable wakes a task'
  },
  wwnr: {
    work: '--pipe 2 --signal 1',
    why: 'a task that is woken before it sleeps',
    smp: true
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
    // A few sleeps at a time: each is a line of the kernel log.
    work: '--sched fifo --sched-prio 10 --nanosleep 1 --nanosleep-threads 1 --nanosleep-ops 20 -t 1',
    why: 'a real-time task in a relative nanosleep'
  },
  wakeup: {
    work: '--hrtimers 1 -t 2',
    why: 'a real-time task that a lower-priority one or a softirq wakes',
    smp: true
  },
  stall: {
    // They sleep now and then: after its violation a task is monitored again from its next wakeup
    // on, and one that never sleeps violates once and never more.
    work: '--cpu 12 --cpu-load 80',
    why: 'more tasks than CPUs, and a threshold of 10 jiffies'
  },
  nomiss: {
    work: '--cpu 2 --sched deadline --sched-runtime 4000000 --sched-deadline 5000000 --sched-period 50000000',
    why: 'deadlines that an emulated CPU is too slow for'
  }
}
