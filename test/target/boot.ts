import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, openSync, closeSync, readFileSync, rmSync, watch } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** A real kernel with RV that tests may drive as they like. */
export interface RealTarget {
  readonly spec: { readonly kind: 'ssh'; readonly destination: string; readonly port: number }
  readonly password: string
  /** Stops the whole machine in its tracks, as a pulled cable looks from here; gives what lets it go on. */
  readonly freeze: (() => () => void) | undefined
  /** Its serial lines: a device with a root shell, and a socket with its console and another one; undefined where it was not booted here. */
  readonly lines: { readonly device: string; readonly console: string } | undefined
  stop(): Promise<void>
}

const BESIDE = resolve(dirname(fileURLToPath(import.meta.url)), '../../../shared/target/run')
/** The script that boots a target. */
const RUN = process.env.RVPANEL_TEST_RUN ?? BESIDE
const BOOT_MS = 120_000

/** Runs a command until it ends or standard input does. */
const WATCHED = `
  exec 3<&0
  "$@" < /dev/null 3<&- &
  child=$!
  echo "$child"
  { read -r line <&3; kill -9 "$child"; } &
  wait "$child"
`

/**
 * The target that RVPANEL_TEST_TARGET (`ssh://user@host:port`, with its password in
 * RVPANEL_TEST_PASSWORD) names, or else one that is booted from ../shared/target
 * beside the checkout. Where neither is there, says so and why.
 * @param options.cpus of the one that is booted
 */
export async function realTarget({ cpus = 4 } = {}): Promise<
  RealTarget | { readonly skip: string }
> {
  const named = process.env.RVPANEL_TEST_TARGET
  if (named !== undefined && named !== '') return namedTarget(named)
  if (!existsSync(RUN))
    return { skip: 'there is no ../shared/target/run and no RVPANEL_TEST_TARGET' }
  if (!installed('qemu-system-x86_64')) return { skip: 'qemu-system-x86_64 is not installed' }
  return boot(cpus)
}

function namedTarget(url: string): RealTarget {
  const { protocol, username, hostname, port } = new URL(url)
  if (protocol !== 'ssh:') throw new Error(`RVPANEL_TEST_TARGET: expected ssh://user@host:port`)
  return {
    spec: {
      kind: 'ssh',
      destination: username === '' ? hostname : `${username}@${hostname}`,
      port: port === '' ? 22 : Number(port)
    },
    password: process.env.RVPANEL_TEST_PASSWORD ?? 'rv',
    freeze: undefined,
    lines: undefined,
    stop: () => Promise.resolve()
  }
}

async function boot(cpus: number): Promise<RealTarget> {
  const folder = mkdtempSync(join(tmpdir(), 'rvpanel-target-'))
  const consoleFile = join(folder, 'console')
  closeSync(openSync(consoleFile, 'w'))
  const port = await freePort()
  // QEMU ends with this process, whatever ends it: then the shell's input ends.
  const socket = join(folder, 'console.sock')
  // prettier-ignore
  const args = [
    '-p', String(port), '-c', String(cpus),
    '-0', `unix:${socket},server=on,wait=off,logfile=${consoleFile}`, '-1', 'pty'
  ]
  const qemu = spawn('sh', ['-c', WATCHED, 'sh', RUN, ...args], { stdio: 'pipe' })
  let said = ''
  let pid = ''
  qemu.stdout.setEncoding('latin1')
  qemu.stdout.on('data', (text: string) => (pid += text))
  qemu.stderr.setEncoding('utf8')
  qemu.stderr.on('data', (text: string) => (said += text))
  const exited = new Promise<void>((done) => {
    qemu.once('exit', () => {
      done()
    })
  })
  const stop = async (): Promise<void> => {
    qemu.stdin.end()
    await exited
    rmSync(folder, { recursive: true, force: true })
  }
  const ready = new Promise<void>((done, fail) => {
    const look = (): void => {
      if (readFileSync(consoleFile, 'latin1').includes('target ready')) done()
    }
    const watcher = watch(consoleFile, look)
    const timer = setTimeout(() => {
      const shown = readFileSync(consoleFile, 'latin1').trim().slice(-300)
      fail(
        new Error(
          `The target did not boot within ${String(BOOT_MS / 1000)} s; its console: ${JSON.stringify(shown)}`
        )
      )
    }, BOOT_MS)
    void exited.then(() => {
      fail(new Error(`QEMU ended before the target was ready: ${said.trim()}`))
    })
    const clean = (): void => {
      watcher.close()
      clearTimeout(timer)
    }
    exited.then(clean, clean)
    look()
  })
  try {
    await ready
  } catch (error) {
    await stop()
    throw error
  }
  const freeze = (): (() => void) => {
    const machine = Number.parseInt(pid, 10)
    process.kill(machine, 'SIGSTOP')
    return () => {
      process.kill(machine, 'SIGCONT')
    }
  }
  const device = /\/dev\/pts\/[0-9]+/.exec(pid)?.[0]
  return {
    spec: { kind: 'ssh', destination: 'root@127.0.0.1', port },
    password: 'rv',
    freeze,
    lines: device === undefined ? undefined : { device, console: socket },
    stop
  }
}

function installed(command: string): boolean {
  try {
    execFileSync(command, ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** A port of 127.0.0.1 that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const address = server.address()
  await new Promise((done) => server.close(done))
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}
