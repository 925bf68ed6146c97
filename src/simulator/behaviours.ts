/** What a task does all day; workload.ts has the steps, realtime.ts those of real-time applications. */
export const PIPE = 1
export const SLEEPER = 2
export const HOG = 3
export const DISK = 4
export const SERVER = 5
export const SHELL = 6
export const CHILD = 7
export const KWORKER = 8
export const KSOFTIRQD = 9
export const RCU = 10
export const MIGRATION = 11
/** A threaded interrupt handler. */
export const IRQ_THREAD = 12

/** From here on: members of a real-time application. */
export const REAL_TIME = 20
export const CYCLIC = 20
export const CONTROL = 21
export const FOLLOWER = 22
export const EVENT_LOOP = 23
export const BATCH = 24
export const AUDIO = 25
export const CAMERA = 26
/** The application's part that is not real time. */
export const PANEL = 27

/** Tasks that a scenario adds: each step is its own. */
export const SCRIPTED = 40

/** A kind of user task: its name, what it does, its priority as the kernel counts. */
export interface Role {
  readonly comm: string
  readonly behaviour: number
  readonly prio: number
}

const role = (comm: string, behaviour: number, prio = 120): Role => ({ comm, behaviour, prio })

/**
 * User tasks in the order in which they are made; the list repeats. Two pipe
 * tasks in a row are a pair, the real-time tasks of one round an application.
 * The priority of a real-time task is the one that it asks for once it has
 * started; deadline tasks have none.
 */
export const ROLES: readonly Role[] = [
  role('systemd', SLEEPER),
  role('stress-ng-pipe', PIPE),
  role('stress-ng-pipe', PIPE),
  role('nginx', SERVER),
  role('postgres', DISK),
  role('cyclictest', CYCLIC, 19),
  role('sh', SHELL),
  role('stress-ng-cpu', HOG),
  role('motion-ctl', CONTROL, 29),
  role('stress-ng-pipe', PIPE),
  role('stress-ng-pipe', PIPE),
  role('sshd', SERVER),
  role('trajectory', FOLLOWER, 34),
  role('dd', DISK),
  role('hmi', PANEL),
  role('stress-ng-cpu', HOG, 130),
  role('stress-ng-pipe', PIPE),
  role('stress-ng-pipe', PIPE),
  role('nginx', SERVER),
  role('canopend', EVENT_LOOP, 49),
  role('make', SHELL),
  role('audio-dl', AUDIO),
  role('camera-dl', CAMERA),
  role('vision', BATCH, 98)
]

/** What shells start. */
export const COMMANDS: readonly string[] = ['ls', 'sed', 'cc1', 'as', 'grep', 'cat', 'awk', 'ld']
