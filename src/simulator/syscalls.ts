import type { Machine } from './machine'
import { SCHED_DEADLINE } from './tasks'

/** Numbers of x86-64 (arch/x86/entry/syscalls/syscall_64.tbl). */
export const NR = {
  read: 0,
  write: 1,
  poll: 7,
  mmap: 9,
  ioctl: 16,
  schedYield: 24,
  sendto: 44,
  clone: 56,
  execve: 59,
  wait4: 61,
  kill: 62,
  fsync: 74,
  schedSetscheduler: 144,
  mlockall: 151,
  futex: 202,
  getdents64: 217,
  clockNanosleep: 230,
  exitGroup: 231,
  epollWait: 232,
  newfstatat: 262,
  schedSetattr: 314
} as const

export const CLOCK_REALTIME = 0
export const CLOCK_MONOTONIC = 1
export const TIMER_ABSTIME = 1
/** Commands of futex(2), all private to a process. */
const FUTEX_PRIVATE = 128
export const FUTEX_WAIT = FUTEX_PRIVATE
export const FUTEX_WAKE = FUTEX_PRIVATE | 1
export const FUTEX_LOCK_PI = FUTEX_PRIVATE | 6
export const FUTEX_UNLOCK_PI = FUTEX_PRIVATE | 7

/** A system call with its arguments as a program passes them. */
export interface CallForm {
  readonly number: number
  readonly arguments: readonly number[]
  /** What it returns when it has not failed. */
  readonly result: number
}

const form = (number: number, args: readonly number[], result = 0): CallForm => ({
  number,
  arguments: args,
  result
})

/** Addresses in user memory, as programs have them. */
const STACK = 0x7ffc_90a0
const HEAP = 0x55d0_4020
const I2C_RDWR = 0x707
const MCL_CURRENT_AND_FUTURE = 3
const PERF_EVENT_IOC_ENABLE = 0x2400

/** The calls that tasks do. A task names one by its place among FORMS. */
const CALLS = {
  read: form(NR.read, [3, HEAP, 4096], 512),
  write: form(NR.write, [4, HEAP, 512], 512),
  sendto: form(NR.sendto, [7, HEAP, 1200, 0x40], 1200),
  newfstatat: form(NR.newfstatat, [-100, HEAP, STACK]),
  getdents64: form(NR.getdents64, [5, HEAP, 32_768], 720),
  mmap: form(NR.mmap, [0, 0x2_1000, 3, 0x22, -1, 0], HEAP),
  fsync: form(NR.fsync, [4]),
  i2c: form(NR.ioctl, [6, I2C_RDWR, STACK], 2),
  clone: form(NR.clone, [0x120_0011, 0, 0, 0, STACK], 0),
  execve: form(NR.execve, [STACK, HEAP, HEAP + 64]),
  wait4: form(NR.wait4, [-1, STACK, 0, 0]),
  exitGroup: form(NR.exitGroup, [0]),
  epollWait: form(NR.epollWait, [5, HEAP, 64, -1], 1),
  schedYield: form(NR.schedYield, []),
  mlockall: form(NR.mlockall, [MCL_CURRENT_AND_FUTURE]),
  setscheduler: form(NR.schedSetscheduler, [0, 0, STACK]),
  setattr: form(NR.schedSetattr, [0, STACK, 0]),
  sleepUntil: form(NR.clockNanosleep, [CLOCK_MONOTONIC, TIMER_ABSTIME, STACK, 0]),
  sleepFor: form(NR.clockNanosleep, [CLOCK_MONOTONIC, 0, STACK, STACK]),
  sleepUntilRealtime: form(NR.clockNanosleep, [CLOCK_REALTIME, TIMER_ABSTIME, STACK, 0]),
  sleepForRealtime: form(NR.clockNanosleep, [CLOCK_REALTIME, 0, STACK, STACK]),
  poll: form(NR.poll, [HEAP, 1, -1], 1),
  perfEnable: form(NR.ioctl, [8, PERF_EVENT_IOC_ENABLE, 0]),
  kill: form(NR.kill, [321, 10]),
  futexWait: form(NR.futex, [HEAP, FUTEX_WAIT, 2, 0]),
  futexWake: form(NR.futex, [HEAP, FUTEX_WAKE, 1, 0], 1),
  futexLockPi: form(NR.futex, [HEAP, FUTEX_LOCK_PI, 0, 0]),
  futexUnlockPi: form(NR.futex, [HEAP, FUTEX_UNLOCK_PI, 0, 0])
} as const

export type CallName = keyof typeof CALLS

export const FORMS: readonly CallForm[] = Object.values(CALLS)

const NAMES = Object.keys(CALLS) as readonly CallName[]

/** Place of each call among FORMS. */
export const CALL: Readonly<Record<CallName, number>> = Object.fromEntries(
  NAMES.map((name, index) => [name, index])
  // fromEntries() forgets the names that the line above goes through.
) as Readonly<Record<CallName, number>>

/** arg0 to arg5, target, policy and sched_flags, as sys_enter passes them; reused. */
const passed = new Float64Array(9)

/** sys_enter of a task's call. */
export function enter(m: Machine, cpu: number, task: number, call: number): void {
  const { probes, tasks } = m
  const { number, arguments: args, result } = FORMS[call]!
  tasks.syscall[task] = call
  tasks.syscallResult[task] = result
  if (!probes.traceSystemCalls) return
  for (let i = 0; i < 6; i++) passed[i] = args[i] ?? 0
  passed[6] = -1
  passed[7] = -1
  passed[8] = 0
  if (number === NR.schedSetscheduler || number === NR.schedSetattr) {
    passed[6] = task
    passed[7] = tasks.newPolicy[task]!
    if (number === NR.schedSetscheduler) passed[1] = tasks.newPolicy[task]!
  }
  probes.sysEnter(cpu, number, passed)
}

/** sys_exit of the call that a task is in. */
export function leave(m: Machine, cpu: number, task: number): void {
  const { number } = FORMS[m.tasks.syscall[task]!]!
  m.probes.sysExit(cpu, number, m.tasks.syscallResult[task]!)
}

/** The call that gives a task its new policy: only sched_setattr() knows SCHED_DEADLINE. */
export const policyCall = (policy: number): number =>
  policy === SCHED_DEADLINE ? CALL.setattr : CALL.setscheduler
