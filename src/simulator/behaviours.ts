/** What a task does all day; workload.ts has the steps. */
export const PIPE = 1
export const SLEEPER = 2
export const HOG = 3
export const DISK = 4
export const REAL_TIME = 5
export const SERVER = 6
export const SHELL = 7
export const CHILD = 8
export const KWORKER = 9
export const KSOFTIRQD = 10
export const RCU = 11
export const MIGRATION = 12

/** A kind of user task: its name, what it does, its priority as the kernel counts. */
export interface Role {
  readonly comm: string
  readonly behaviour: number
  readonly prio: number
}

const normal = (comm: string, behaviour: number, prio = 120): Role => ({ comm, behaviour, prio })

/** User tasks in the order in which they are made; the list repeats. Two pipe tasks in a row are a pair. */
export const ROLES: readonly Role[] = [
  normal('systemd', SLEEPER),
  normal('stress-ng-pipe', PIPE),
  normal('stress-ng-pipe', PIPE),
  normal('nginx', SERVER),
  normal('postgres', DISK),
  normal('cyclictest', REAL_TIME, 19),
  normal('sh', SHELL),
  normal('stress-ng-cpu', HOG),
  normal('systemd-journal', SLEEPER),
  normal('stress-ng-pipe', PIPE),
  normal('stress-ng-pipe', PIPE),
  normal('sshd', SERVER),
  normal('cron', SLEEPER),
  normal('dd', DISK),
  normal('node_exporter', SLEEPER),
  normal('stress-ng-cpu', HOG, 130),
  normal('stress-ng-pipe', PIPE),
  normal('stress-ng-pipe', PIPE),
  normal('nginx', SERVER),
  normal('irq/9-canbus', REAL_TIME, 49),
  normal('make', SHELL),
  normal('postgres', DISK),
  normal('dbus-daemon', SLEEPER),
  normal('chronyd', SLEEPER)
]

/** What shells start. */
export const COMMANDS: readonly string[] = ['ls', 'sed', 'cc1', 'as', 'grep', 'cat', 'awk', 'ld']
