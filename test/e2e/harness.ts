import { spawn } from 'node:child_process'
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  rmSync
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ElectronApplication, Page } from 'playwright-core'
import { _electron } from 'playwright-core'
import { inject, onTestFinished } from 'vitest'
import { display } from './display'

/** The checkout. */
const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

/** The program under test: a copy of the built one. */
export const program = inject('program')

const electronFolder = join(root, 'node_modules', 'electron')
const electronBinary = join(
  electronFolder,
  'dist',
  readFileSync(join(electronFolder, 'path.txt'), 'utf8')
)

/** Chromium refuses its sandbox to root, so that a test run as root goes without. */
const chromiumArguments = process.getuid?.() === 0 ? ['--no-sandbox'] : []

/** One running panel. */
export interface Panel {
  readonly app: ElectronApplication
  readonly page: Page
  /** Its user data. */
  readonly profile: string
  /** Errors and warnings of the page's console so far: a blocked resource, an exception. */
  readonly problems: string[]
  /** Quits as a user does, and waits for the end. */
  close(): Promise<void>
}

export interface LaunchOptions {
  /** Arguments of the program. */
  readonly args?: readonly string[]
  /** A profile to go on with, instead of one of its own. */
  readonly profile?: string
  /** A folder whose programs come before all others. */
  readonly path?: string
}

/** A folder for the user data of one test, gone when the test is. */
export function temporaryProfile(): string {
  const profile = mkdtempSync(join(tmpdir(), 'rvpanel-e2e-'))
  onTestFinished(() => {
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 })
  })
  return profile
}

/** The environment of a program that opens a window. */
async function windowEnvironment(): Promise<Record<string, string>> {
  const env: Record<string, string> = { DISPLAY: await display() }
  for (const [name, value] of Object.entries(process.env)) {
    // Under an editor's test runner this would make Electron a plain Node.
    if (value !== undefined && name !== 'DISPLAY' && name !== 'ELECTRON_RUN_AS_NODE')
      env[name] = value
  }
  return env
}

/** Starts the built program and waits for its page. Ends with the test, whatever happens. */
export async function launch(options: LaunchOptions = {}): Promise<Panel> {
  const profile = options.profile ?? temporaryProfile()
  const app = await start(
    [
      ...chromiumArguments,
      '--log-level=3',
      `--user-data-dir=${profile}`,
      program,
      ...(options.args ?? [])
    ],
    options.path
  )
  const child = app.process()
  let closed = false
  const close = async (): Promise<void> => {
    if (closed) return
    closed = true
    // Leave nothing behind for the next test, whatever state this one ended in.
    const force = setTimeout(() => child.kill('SIGKILL'), 15_000)
    await app.close().finally(() => {
      clearTimeout(force)
    })
  }
  onTestFinished(close)
  const page = await app.firstWindow()
  const problems: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') problems.push(message.text())
  })
  page.on('pageerror', (error) => problems.push(error.message))
  await page.waitForLoadState('load')
  return { app, page, profile, problems, close }
}

/**
 * Starts Electron under Playwright. It has to find the executable by itself:
 * given one, it leaves out the script that holds the program back until
 * Playwright is connected, and now and then connects in the middle of the
 * page's first navigation, which it then waits for without end.
 */
async function start(args: string[], path: string | undefined): Promise<ElectronApplication> {
  const env = await windowEnvironment()
  if (path !== undefined) env.PATH = `${path}:${env.PATH ?? ''}`
  return _electron.launch({ args, env, cwd: program, timeout: 60_000 })
}

/** Keeps a picture of the window in test-results/. */
export async function picture(page: Page, name: string): Promise<void> {
  const file = join(root, 'test-results', `${name}.png`)
  mkdirSync(dirname(file), { recursive: true })
  await page.screenshot({ path: file })
}

/** Resolves once the page has drawn that many frames: long enough for anything on its way to show. */
export async function frames(page: Page, count: number): Promise<void> {
  await page.evaluate(
    (left) =>
      new Promise<void>((resolve) => {
        const next = (): void => {
          if (left-- <= 0) resolve()
          else requestAnimationFrame(next)
        }
        next()
      }),
    count
  )
}

/** The id of the observer's process, from the program itself. */
export function observerPid(panel: Panel): Promise<number | undefined> {
  return panel.app.evaluate(
    ({ app }) => app.getAppMetrics().find((process) => process.name === 'rvpanel observer')?.pid
  )
}

/** Whether a process of that id runs. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch {
    return false
  }
  // A zombie waits for its parent and does nothing any more.
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

/** Runs the built program to its end, as the start script does. */
export async function runProgram(
  args: readonly string[]
): Promise<{ code: number | null; errors: string }> {
  const profile = temporaryProfile()
  const child = spawn(
    electronBinary,
    [...chromiumArguments, '--log-level=3', `--user-data-dir=${profile}`, program, ...args],
    { env: await windowEnvironment(), stdio: ['ignore', 'ignore', 'pipe'] }
  )
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  let errors = ''
  child.stderr.on('data', (bytes: Buffer) => (errors += bytes.toString()))
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  return { code, errors }
}

/** The program's own processes below this one: those that run Electron's executable. */
export function descendants(pid: number): number[] {
  const own = realpathSync(electronBinary)
  // Each thread has children of its own.
  const children = readdirSync(`/proc/${pid}/task`)
    .flatMap((thread) => readFileSync(`/proc/${pid}/task/${thread}/children`, 'latin1').split(' '))
    .filter((text) => text !== '')
    .map(Number)
    .filter((child) => readlinkSync(`/proc/${child}/exe`) === own)
  return children.flatMap((child) => [child, ...descendants(child)])
}
