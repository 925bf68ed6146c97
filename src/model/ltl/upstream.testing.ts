/** For tests: the rules of the kernel's monitors, in forms that their documentation gives. */
export const UPSTREAM: Readonly<Record<'pagefault' | 'wakeup' | 'sleep', string>> = {
  pagefault: 'RULE = always (RT imply not PAGEFAULT)\n',
  wakeup: `RULE = always ((RT and USER_THREAD)
               imply ((not (WOKEN_BY_LOWER_PRIO or WOKEN_BY_SOFTIRQ)) or ALLOWLIST))
ALLOWLIST = BLOCK_ON_RT_MUTEX or FUTEX_LOCK_PI
`,
  sleep: `RULE = always ((RT and SLEEP and USER_THREAD) imply (RT_FRIENDLY_SLEEP or ALLOWLIST))
RT_FRIENDLY_SLEEP = REASON and ((not SCHEDULE_IN) until FRIENDLY_WAKE)
REASON = FUTEX_WAIT or EPOLL_WAIT or FRIENDLY_NANOSLEEP
FRIENDLY_NANOSLEEP = CLOCK_NANOSLEEP and NANOSLEEP_TIMER_ABSTIME and (not NANOSLEEP_CLOCK_REALTIME)
FRIENDLY_WAKE = WOKEN_BY_EQUAL_OR_HIGHER_PRIO or WOKEN_BY_HARDIRQ or WOKEN_BY_NMI or ABORT_SLEEP
ALLOWLIST = BLOCK_ON_RT_MUTEX or FUTEX_LOCK_PI
`
}
