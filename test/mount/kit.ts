import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { accessSync, constants, mkdtempSync, readFileSync, rmdirSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Why nothing can be mounted here; undefined where it can. */
export function cannotMount(): string | undefined {
  if (process.getuid?.() !== 0) return 'mounting needs root'
  try {
    accessSync('/dev/fuse', constants.R_OK | constants.W_OK)
    return undefined
  } catch {
    return 'there is no /dev/fuse that can be opened'
  }
}

/** Whether a program is there. */
export const has = (program: string): boolean =>
  spawnSync('sh', ['-c', `command -v ${program}`]).status === 0

/** Builds the command line alone into a folder; the build that ships is not needed for it. */
export async function buildProgram(folder: string): Promise<string> {
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    build: {
      ssr: 'src/cli/main.ts',
      outDir: folder,
      emptyOutDir: false,
      minify: false,
      rolldownOptions: { output: { entryFileNames: 'cli.mjs' } }
    }
  })
  // What is not bundled is found from there.
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  return join(folder, 'cli.mjs')
}

/** A running `rvpanel mount`. */
export class Mounted {
  private constructor(
    readonly directory: string,
    readonly process: ChildProcess,
    readonly ended: Promise<{ readonly code: number | null; readonly err: string }>
  ) {}

  /** Starts it, and waits until it says that it is mounted. */
  static async start(program: string, ...options: readonly string[]): Promise<Mounted> {
    const directory = mkdtempSync(join(tmpdir(), 'rvpanel-mount-'))
    const child = run(program, ['mount', directory, ...options])
    let err = ''
    child.stderr?.on('data', (chunk: Buffer) => (err += chunk.toString()))
    const ended = new Promise<{ code: number | null; err: string }>((resolve) => {
      child.once('close', (code) => resolve({ code, err }))
    })
    const ready = new Promise<boolean>((resolve) => {
      child.stdout?.once('data', () => resolve(true))
      child.once('close', () => resolve(false))
    })
    if (!(await ready)) {
      rmdirSync(directory)
      throw new Error(`it did not mount: ${err}`)
    }
    return new Mounted(directory, child, ended)
  }

  /** Runs a shell script in the directory, without blocking this process. */
  sh(script: string, cwd = this.directory): Promise<Said> {
    return shell(script, cwd)
  }

  get isMounted(): boolean {
    return isMounted(this.directory)
  }

  /** Interrupts it, and gives the directory back. */
  async stop(signal: NodeJS.Signals = 'SIGINT'): Promise<number | null> {
    this.process.kill(signal)
    const { code } = await this.ended
    if (!this.isMounted) rmdirSync(this.directory)
    return code
  }
}

export const isMounted = (directory: string): boolean =>
  readFileSync('/proc/self/mountinfo', 'utf8').includes(` ${directory} `)

export interface Said {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

/** A shell script, its ends collected. */
export function shell(script: string, cwd = '/'): Promise<Said> {
  return collected(spawn('sh', ['-c', script], { cwd, env: { ...process.env, LC_ALL: 'C' } }))
}

/** The program itself, until it ends. */
export const rvpanel = (program: string, ...args: readonly string[]): Promise<Said> =>
  collected(run(program, args))

const script = (program: string): string =>
  `import(${JSON.stringify(program)}).then(async ({ main }) => process.exit(await main(process.argv.slice(1), ${JSON.stringify(root)})))`

const run = (program: string, args: readonly string[]): ChildProcess =>
  spawn(process.execPath, ['--input-type=module', '-e', script(program), '--', ...args])

/** The program as a shell starts it. */
export const shellCommand = (program: string, ...args: readonly string[]): string =>
  [process.execPath, '--input-type=module', '-e', script(program), '--', ...args]
    .map((word) => `'${word}'`)
    .join(' ')

function collected(child: ChildProcess): Promise<Said> {
  let out = ''
  let err = ''
  child.stdout?.on('data', (chunk: Buffer) => (out += chunk.toString()))
  child.stderr?.on('data', (chunk: Buffer) => (err += chunk.toString()))
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, out, err })))
}

/** Waits for what comes by itself; the test's own time limit ends it. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 20))
}
