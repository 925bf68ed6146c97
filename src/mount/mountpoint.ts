import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import {
  existsSync,
  readdirSync,
  readFileSync,
  realpathSync,
  statSync,
  writeFileSync
} from 'node:fs'
import { dirname, join, resolve, basename } from 'node:path'
import { DEVICE, FuseDevice } from './device'

/** Why a directory cannot be mounted on, in one sentence. */
export class MountRefusal extends Error {
  override readonly name = 'MountRefusal'
}

/**
 * A directory that can be mounted on.
 * @returns its path without symbolic links
 * @throws MountRefusal
 */
export function checkedDirectory(path: string): string {
  const real = realPath(path)
  // Before it is looked into: a mount whose server is gone answers nothing.
  const there = mounts().find(({ target }) => target === real)
  if (there !== undefined) {
    throw new MountRefusal(
      `${path} has ${there.source} (${there.type}) mounted on it already; unmount that first`
    )
  }
  if (!statSync(real).isDirectory()) throw new MountRefusal(`${path} is not a directory`)
  if (readdirSync(real).length > 0) {
    throw new MountRefusal(`${path} is not empty; what is in it would be hidden`)
  }
  return real
}

function realPath(path: string): string {
  const full = resolve(path)
  try {
    // The last part is left as it is where it cannot be looked at.
    const parent = realpathSync(dirname(full))
    const joined = full === parent ? full : join(parent, basename(full))
    return mounts().some(({ target }) => target === joined) ? joined : realpathSync(full)
  } catch (error) {
    const code = errorCode(error)
    if (code === 'ENOENT')
      throw new MountRefusal(`${path} does not exist; make the directory first`)
    if (code === 'ENOTDIR') throw new MountRefusal(`${path} is not a directory`)
    throw new MountRefusal(`${path} cannot be looked at (${code})`)
  }
}

interface Mount {
  /** Minor number of its device: what the kernel calls a FUSE connection. */
  readonly minor: string
  readonly target: string
  readonly type: string
  readonly source: string
}

/** This process's mounts: /proc/self/mountinfo (proc(5)). */
function mounts(): Mount[] {
  return readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .flatMap((line) => {
      const [before = '', after] = line.split(' - ')
      if (after === undefined) return []
      const [type = '', source = ''] = after.split(' ').map(unescaped)
      const [, , device = '', , target = ''] = before.split(' ')
      return [{ minor: device.split(':')[1] ?? '', target: unescaped(target), type, source }]
    })
}

/** Blanks, tabs, newlines and backslashes are octal there. */
const unescaped = (text: string): string =>
  text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(parseInt(octal, 8)))

/** A path as mountinfo has it. */
const escaped = (path: string): string =>
  path.replace(/[ \t\n\\]/g, (one) => `\\${one.charCodeAt(0).toString(8).padStart(3, '0')}`)

/** Opens /dev/fuse. @throws MountRefusal */
export function openDevice(): FuseDevice {
  if (!existsSync(DEVICE)) {
    throw new MountRefusal(`${DEVICE} is not there: this kernel has no FUSE (modprobe fuse)`)
  }
  if (process.getuid?.() !== 0) {
    throw new MountRefusal(
      'mounting needs root, or a user namespace where the user is root: unshare --user --map-root-user --mount'
    )
  }
  try {
    return new FuseDevice()
  } catch (error) {
    throw new MountRefusal(`${DEVICE} cannot be opened (${errorCode(error)})`)
  }
}

/**
 * Waits until its input ends, which is when this process is gone in whatever
 * way, and unmounts what this process had mounted. Signals of a terminal do not
 * reach it.
 */
const GUARD = `trap '' HUP INT QUIT TERM
while read -r _; do :; done
grep -F -- " $1 " /proc/self/mountinfo | grep -qF -- " $3 " && umount -f -l -- "$2" 2>/dev/null
exit 0`

/** A file system that is mounted. */
export class MountedDirectory {
  private constructor(
    readonly directory: string,
    /** What the list of mounts calls it, together with the directory; binds of it have the name too. */
    private readonly source: string,
    private readonly guard: ChildProcess
  ) {
    process.once('exit', this.release)
  }

  /**
   * Mounts a device on a directory, for every user, with the kernel checking
   * modes. Nobody may look into it before its requests are served.
   * @throws MountRefusal with what mount(8) says
   */
  static async mount(directory: string, device: FuseDevice): Promise<MountedDirectory> {
    const source = `rvpanel-${process.pid}`
    const guard = spawn(
      'sh',
      ['-c', GUARD, 'rvpanel-guard', source, directory, escaped(directory)],
      { stdio: ['pipe', 'ignore', 'ignore'], detached: true, cwd: '/' }
    )
    try {
      // Without it nothing would unmount the directory after a SIGKILL.
      await once(guard, 'spawn')
    } catch (error) {
      throw new MountRefusal(`sh cannot be started (${errorCode(error)})`)
    }
    guard.on('error', () => undefined)
    guard.stdin.on('error', () => undefined)
    const mounted = new MountedDirectory(directory, source, guard)
    try {
      const uid = process.getuid?.() ?? 0
      const gid = process.getgid?.() ?? 0
      const options = `nosuid,nodev,noexec,fd=3,rootmode=40700,user_id=${uid},group_id=${gid},allow_other,default_permissions`
      // A helper (fusermount3) would want the device by a socket; -i keeps it out.
      await run(
        'mount',
        ['-i', '-t', 'fuse.rvpanel', '-o', options, '--', source, directory],
        device.fd
      )
      return mounted
    } catch (error) {
      await mounted.unmount()
      throw error
    }
  }

  /**
   * Unmounts, also where somebody has files open: their next read says so.
   * Idempotent; nothing where somebody else has unmounted it.
   */
  async unmount(): Promise<void> {
    const { guard } = this
    const { minor } = this.entry() ?? {}
    process.removeListener('exit', this.release)
    const gone = new Promise<void>((resolve) => {
      if (guard.exitCode !== null || guard.signalCode !== null) resolve()
      else guard.once('exit', () => resolve())
    })
    this.release()
    await gone
    // Somebody may have killed the guard.
    if (this.entry() !== undefined) {
      await run('umount', ['-f', '-l', '--', this.directory]).catch(() => undefined)
    }
    if (minor !== undefined) abort(minor)
  }

  /** Its line in the list of mounts. */
  private entry(): Mount | undefined {
    return mounts().find(
      ({ source, target }) => source === this.source && target === this.directory
    )
  }

  /** Lets the guard go to work. */
  private readonly release = (): void => {
    this.guard.stdin?.destroy()
  }
}

/**
 * Ends a FUSE connection, also where a bind or another mount namespace keeps the
 * file system: there is nobody left who serves it.
 */
function abort(minor: string): void {
  try {
    writeFileSync(`/sys/fs/fuse/connections/${minor}/abort`, '1')
  } catch {
    // It is gone, as it should be; or fusectl is not mounted.
  }
}

/** Runs a program that may inherit a file as its number 3. @throws MountRefusal */
function run(program: string, args: readonly string[], fd?: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe', fd ?? 'ignore'] })
    let said = ''
    child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString('utf8')))
    child.once('error', (error) => {
      reject(new MountRefusal(`${program} cannot be started (${errorCode(error)})`))
    })
    child.once('close', (code) => {
      if (code === 0) resolve()
      else reject(new MountRefusal(said.trim().replace(/\s*\n\s*/g, ' ') || `${program} failed`))
    })
  })
}

const errorCode = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'
