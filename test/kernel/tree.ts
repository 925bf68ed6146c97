import { execFileSync, spawn } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync
} from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { fileURLToPath } from 'node:url'

const HERE = dirname(fileURLToPath(import.meta.url))
const RVPANEL = join(HERE, '../../bin/rvpanel.mjs')
const RV = 'kernel/trace/rv'

/** The folder of the models of a kernel's own monitors. */
export const MODELS = join(HERE, '../../models')
/** The folder of the monitors that exist nowhere else. */
export const MONITORS = join(HERE, 'monitors')

/** A program that ended. */
export interface Ended {
  readonly code: number
  /** Both of its outputs. */
  readonly output: string
}

/**
 * A kernel source to generate into: a copy of the one that RVPANEL_KERNEL_SOURCE names, kept between
 * runs with what was built of it.
 */
export class KernelTree {
  readonly source: string
  readonly build: string
  readonly #pristine: string
  readonly #monitors: string[] = []

  constructor() {
    const pristine = process.env.RVPANEL_KERNEL_SOURCE ?? ''
    if (!existsSync(join(pristine, RV, 'rv_trace.h'))) {
      throw new Error('RVPANEL_KERNEL_SOURCE names no kernel source; npm run test:kernel sets it')
    }
    this.#pristine = realpathSync(pristine)
    const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'rvpanel/kernel')
    this.source = join(cache, 'tree')
    this.build = join(cache, 'build')
    mkdirSync(this.build, { recursive: true })
    const origin = join(cache, 'origin')
    const known = existsSync(origin) ? readFileSync(origin, 'utf8') : ''
    if (known !== this.#pristine) {
      rmSync(this.source, { recursive: true, force: true })
      rmSync(origin, { force: true })
      // Times as they are, else all would be built anew.
      execFileSync('cp', ['-a', '--reflink=auto', this.#pristine, this.source])
      writeFileSync(origin, this.#pristine)
    }
    rmSync(join(this.source, RV), { recursive: true })
    cpSync(join(this.#pristine, RV), join(this.source, RV), {
      recursive: true,
      preserveTimestamps: true
    })
  }

  /** Runs rvpanel with `--tree`; the monitor or container of that name becomes part of the tree. */
  generate(name: string, ...args: string[]): Ended {
    const all = ['gen', ...args, '-n', name, '-a', '--tree', this.source]
    const ended = rvpanel(...all)
    if (!this.#monitors.includes(name)) this.#monitors.push(name)
    return ended
  }

  /** Path of a generated file. */
  file(monitor: string, name: string): string {
    return join(this.source, RV, 'monitors', monitor, name)
  }

  /** Adds a monitor's KUnit test to those that the kernel runs when it starts. */
  addKunit(monitor: string): void {
    const file = join(this.source, RV, 'rv_monitors_test.c')
    const text = readFileSync(file, 'utf8')
      .replace(
        'static struct kunit_case rv_mon_test_cases',
        `#include "monitors/${monitor}/${monitor}_kunit.c"\n\n$&`
      )
      .replace('\tKUNIT_CASE(rv_test_dummy),\n', `$&\tKUNIT_CASE(rv_test_${monitor}),\n`)
    writeFileSync(file, text)
  }

  /** Texts of the files of the tree that name every monitor. */
  shared(): string[] {
    return ['rv_trace.h', 'Makefile', 'Kconfig'].map((name) =>
      readFileSync(join(this.source, RV, name), 'utf8')
    )
  }

  /** Whether the configuration has every generated monitor: those that it has not. */
  configure(): string[] {
    const wanted = this.#monitors.map((name) => `CONFIG_RV_MON_${name.toUpperCase()}=y`)
    const fragment = join(this.build, 'wanted.config')
    writeFileSync(fragment, `${readFileSync(join(HERE, 'config'), 'utf8')}${wanted.join('\n')}\n`)
    execFileSync('make', ['-s', '-C', this.source, `O=${this.build}`, 'allnoconfig'], {
      env: { ...process.env, KCONFIG_ALLCONFIG: fragment }
    })
    const lines = readFileSync(join(this.build, '.config'), 'utf8').split('\n')
    const asked = readFileSync(fragment, 'utf8').split('\n')
    return asked.filter((line) => line.startsWith('CONFIG') && !lines.includes(line))
  }

  /** Builds the kernel image. */
  make(): Promise<Ended & { readonly seconds: number }> {
    return this.#make('bzImage')
  }

  /** Compiles the generated monitors once more, with the warnings that the kernel's authors ask for (W=1). */
  makeStrict(): Promise<Ended & { readonly seconds: number }> {
    const objects = this.#monitors.map((name) => `${RV}/monitors/${name}/${name}.o`)
    return this.#make('W=1', ...objects)
  }

  get image(): string {
    return join(this.build, 'arch/x86/boot/bzImage')
  }

  async #make(...targets: string[]): Promise<Ended & { readonly seconds: number }> {
    const began = performance.now()
    const args = ['-n', '1', 'make', '-j2', '-C', this.source, `O=${this.build}`, ...targets]
    const ended = await run('nice', args)
    return { ...ended, seconds: (performance.now() - began) / 1000 }
  }
}

/** Runs the command line of this checkout. */
export function rvpanel(...args: string[]): Ended {
  try {
    const output = execFileSync(process.execPath, [RVPANEL, ...args], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe']
    })
    return { code: 0, output }
  } catch (error) {
    const { status, stdout, stderr } = error as { status: number; stdout: string; stderr: string }
    return { code: status, output: stdout + stderr }
  }
}

function run(command: string, args: readonly string[]): Promise<Ended> {
  return new Promise((done, failed) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    child.stdout.on('data', (bytes) => (output += String(bytes)))
    child.stderr.on('data', (bytes) => (output += String(bytes)))
    child.once('error', failed)
    child.once('close', (code) => done({ code: code ?? 1, output }))
  })
}
