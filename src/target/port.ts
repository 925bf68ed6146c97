import type { TargetTerminal, TerminalSize } from './console/terminal'
import type { LinkAccount } from './line/account'

/**
 * The Tracefs port: the one way in which anything above it touches a kernel,
 * simulated or real. Paths are relative to the tracefs root (`rv/monitors/wip/enable`)
 * and have passed `isSafePath`.
 */

/** errno names that tracefs gives, and what a bridge adds of its own. */
export type TracefsErrorCode =
  | 'EINVAL'
  | 'ERANGE'
  | 'EBUSY'
  | 'EEXIST'
  | 'ENOENT'
  | 'EACCES'
  | 'EPERM'
  | 'ENOMEM'
  | 'ENODEV'
  | 'EIO'
  | 'EROFS'
  | 'ENOTDIR'
  | 'EISDIR'
  | 'ENOTEMPTY'
  /** The link to the target is gone. */
  | 'LINK'
  /** The simulated machine stopped with a panic. */
  | 'PANIC'

/** A refusal, in the target's words where it has some. */
export class TracefsError extends Error {
  override readonly name = 'TracefsError'
  constructor(
    readonly code: TracefsErrorCode,
    readonly path: string,
    /** One sentence for the user. */
    message: string
  ) {
    super(message)
  }
}

export interface TracefsEntry {
  readonly name: string
  readonly directory: boolean
}

/** A byte stream that blocks, such as trace_pipe or the kernel log. */
export interface TracefsStream {
  /** The next bytes (never empty), or undefined at the end. Not called again before it settles. The array is the caller's. */
  next(): Promise<Uint8Array | undefined>
  close(): Promise<void>
}

/** How a path is put back when the panel leaves. Executed in order, each only where the value is still ours. */
export type RestoreStep =
  | {
      readonly kind: 'file'
      readonly path: string
      /** Value as the file reads now that the panel changed it (trimmed, without NUL; for `reactors` the one in brackets). */
      readonly ours: string
      /** What to write. */
      readonly original: string
    }
  | {
      readonly kind: 'parameter'
      /** As `parameterPath` has it. */
      readonly path: string
      /** As the file reads now, trimmed. */
      readonly ours: string
      readonly original: string
    }
  | { readonly kind: 'rmdir'; readonly path: string }

/** What became of a restore step. */
export interface RestoreResult {
  readonly step: RestoreStep
  readonly outcome: 'restored' | 'changed-by-others' | 'failed'
  readonly message: string | undefined
}

/** What the panel says about the target in its head line. */
export interface TargetInfo {
  readonly kind: 'sim' | 'local' | 'ssh' | 'serial' | 'cmd' | 'recording'
  /** `simulated kernel`, host name, `user@host`, the device of a serial line, a command, or a file. */
  readonly name: string
  /** uname -r */
  readonly release: string
  /** Number of online CPUs. */
  readonly cpus: number
  /** Absolute path of tracefs on the target. */
  readonly tracefs: string
  /** Boot id, to notice a reboot; empty where there is none. */
  readonly bootId: string
}

/** A task (thread) that exists. */
export interface TaskInfo {
  readonly comm: string
  /** Its thread group: the pid of the thread that leads it. */
  readonly tgid: number
}

export interface TracefsPort {
  readonly info: TargetInfo
  read(path: string): Promise<Uint8Array>
  /** `truncate` opens with O_TRUNC as `>` does, `append` as `>>`. One write(2) per call. */
  write(path: string, data: string, mode: 'truncate' | 'append'): Promise<void>
  /** A module's parameter (/sys/module/MODULE/parameters/NAME) as its file reads. Names have letters, digits and _ only. */
  readParameter(module: string, name: string): Promise<string>
  /** One write(2) to a module's parameter. */
  writeParameter(module: string, name: string, data: string): Promise<void>
  list(path: string): Promise<readonly TracefsEntry[]>
  mkdir(path: string): Promise<void>
  rmdir(path: string): Promise<void>
  /** Opens a blocking file (trace_pipe). */
  stream(path: string): Promise<TracefsStream>
  /** The kernel log from now on, `/dev/kmsg` record format (`level,seq,usec,flags;text`). */
  kernelLog(): Promise<TracefsStream>
  /** The tasks that exist now, by pid; used to label instances. */
  tasks(): Promise<ReadonlyMap<number, TaskInfo>>
  /**
   * Pieces of streams that the link damaged beyond repair; what they held nobody knows. Links
   * that deliver everything as long as they deliver do not have it.
   */
  readonly piecesLost?: number
  /** What the link carried and what became of it, for links that can damage it. */
  readonly linkAccount?: Readonly<LinkAccount> | undefined
  /** A terminal for the user's own commands, over the same link. Absent: this target has none. */
  openTerminal?(size: TerminalSize): Promise<TargetTerminal>
  /** Processes of the bridge itself on the target, to be kept out of what it measures. */
  ownPids(): Promise<readonly number[]>
  /** Replaces the plan that close(), or the loss of the link or of the panel, executes. */
  setRestorePlan(steps: readonly RestoreStep[]): Promise<void>
  /** Executes the restore plan and ends the link. Idempotent. */
  close(): Promise<readonly RestoreResult[]>
  /** Settles once when the target ends by itself: link gone, panic, exit. Never settles on close(). */
  readonly ended: Promise<TargetEnd>
}

export interface TargetEnd {
  readonly reason: 'link-lost' | 'panic'
  /** One sentence. */
  readonly message: string
}

/** A parameter's file, relative to /sys/module. @throws TracefsError EINVAL for names that are none */
export function parameterPath(module: string, name: string): string {
  const path = `${module}/parameters/${name}`
  if (isParameterPath(path)) return path
  throw new TracefsError('EINVAL', path, `${JSON.stringify(path)} is no parameter of a module.`)
}

/** Whether it is a path as parameterPath() makes them. */
export function isParameterPath(path: string): boolean {
  return /^[A-Za-z0-9_]{1,64}\/parameters\/[A-Za-z0-9_]{1,64}$/.test(path)
}

/** Whether a relative path may be sent to a target: tracefs names only, no way up. */
export function isSafePath(path: string): boolean {
  return (
    /^[A-Za-z0-9_+=.,:@-]+(\/[A-Za-z0-9_+=.,:@-]+)*$/.test(path) && !/(^|\/)\.\.?(\/|$)/.test(path)
  )
}
