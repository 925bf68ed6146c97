import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { SimulatorSettings, TargetSpec } from '../contract/requests'
import {
  isParameter,
  parameterForm,
  simulatorOptionNames,
  simulatorSettingsOf
} from '../contract/simulator-options'
import type { KioskSettings } from '../contract/kiosk'
import { defaultKiosk } from '../contract/kiosk'
import { parseTarget, targetForms } from '../contract/target-url'

/** What the command line of the window asks for. */
export interface ProgramOptions {
  /** Where to write one picture of the window, after which the program ends. */
  readonly screenshot: string | undefined
  /** The target to open the window on; undefined: the start page. */
  readonly target: TargetSpec | undefined
  /** Folder of models read after those of the program; a model of the same name replaces. */
  readonly models: string | undefined
  /** The story that tells itself on a full screen; undefined: the panel. */
  readonly kiosk: KioskSettings | undefined
}

/** A command line that cannot be meant; the message is one sentence. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

export const usage = `Usage: rvpanel [options] [RECORDING]

  --target sim|local|ssh://[USER@]HOST[:PORT]   what to show (default: sim, the simulated kernel)
           serial:DEVICE[?baud=N]               a shell at the end of a serial line (115200)
           "cmd:PROGRAM ARGUMENTS"              any program that leads to a shell on the board
           recording:FILE                       text of a kernel trace, or a recording of the panel
  --start                                       the start page: the user chooses the target
  --models DIR                                  models to add to those of the program
  --seed N --cpus N --tasks N                   the simulated kernel's settings
  --scenario NAME                               a fault that it has (npx rvpanel scenarios lists them)
  --param MONITOR.PARAMETER=N                   a monitor's module parameter; may stand several times
  --screenshot FILE.png                         write one picture of the live window and exit
  --kiosk                                       a story that tells itself, full screen, until Ctrl+Alt+Shift+Q
  --kiosk-idle SECONDS                          it begins anew after so long without a touch (60)
  --kiosk-speed FACTOR                          how fast it tells itself (1)
  --help, --version
`

/**
 * Chromium's own switches that may stand among the program's arguments in an
 * installed copy, where nothing separates the two.
 */
const chromiumSwitches =
  /^--(no-sandbox|user-data-dir=.*|disable-gpu|ozone-platform(-hint)?=.*|force-device-scale-factor=.*)$/

/**
 * The program's own part of the argument vector.
 *
 * @param argv process.argv
 * @param isApp whether an argument is the folder that Electron was told to run;
 *   undefined in an installed copy, where there is no such argument
 */
export function ownArguments(
  argv: readonly string[],
  isApp: ((argument: string) => boolean) | undefined
): readonly string[] {
  const rest = argv.slice(1)
  const app = isApp === undefined ? -1 : rest.findIndex((a) => !a.startsWith('-') && isApp(a))
  return rest.slice(app + 1).filter((argument) => !chromiumSwitches.test(argument))
}

/**
 * Reads the options of the window.
 *
 * @throws UsageError naming the option and what it expects
 */
export function parseOptions(args: readonly string[]): ProgramOptions | 'help' | 'version' {
  const { values, positionals } = parse(args)
  const [file, ...more] = positionals
  if (values.help === true) return 'help'
  if (values.version === true) return 'version'
  if (more.length > 0) {
    throw new UsageError(`One recording is opened at a time; ${quote(more[0] ?? '')} is one more`)
  }
  if (values.screenshot !== undefined && !/\.png$/i.test(values.screenshot)) {
    throw new UsageError(
      `--screenshot expects a file name that ends in .png, got ${quote(values.screenshot)}`
    )
  }
  if (values.scenario !== undefined && !/^[a-z0-9-]{1,60}$/.test(values.scenario)) {
    throw new UsageError(
      `--scenario expects a name such as starving-task, got ${quote(values.scenario)}`
    )
  }
  for (const text of values.param ?? []) {
    if (!isParameter(text)) {
      throw new UsageError(`--param expects ${parameterForm}; got ${quote(text)}`)
    }
  }
  if (file !== undefined && values.target !== undefined) {
    throw new UsageError(
      `A recording is a target of its own: ${quote(file)} and --target ${quote(values.target)} do not go together`
    )
  }
  if (values.start === true) checkStart(values, file)
  const settings = simulatorSettingsOf({
    seed: integer('--seed', values.seed, 0, 0xffffffff),
    cpus: integer('--cpus', values.cpus, 1, 256),
    tasks: integer('--tasks', values.tasks, 1, 10_000),
    scenario: values.scenario,
    param: values.param
  })
  const spec = absolute(
    target(file === undefined ? (values.target ?? 'sim') : `recording:${file}`, settings)
  )
  if (spec.kind !== 'sim') {
    const setting = simulatorOptionNames.find((name) => values[name] !== undefined)
    if (setting !== undefined) {
      throw new UsageError(
        `--${setting} is a setting of the simulated kernel, and ${file === undefined ? `--target ${quote(values.target ?? '')}` : quote(file)} is not it`
      )
    }
  }
  return {
    screenshot: values.screenshot,
    models: values.models,
    target: values.start === true ? undefined : spec,
    kiosk: kiosk(values)
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      strict: true,
      allowPositionals: true,
      options: {
        target: { type: 'string' },
        models: { type: 'string' },
        seed: { type: 'string' },
        cpus: { type: 'string' },
        tasks: { type: 'string' },
        scenario: { type: 'string' },
        param: { type: 'string', multiple: true },
        screenshot: { type: 'string' },
        start: { type: 'boolean' },
        kiosk: { type: 'boolean' },
        'kiosk-idle': { type: 'string' },
        'kiosk-speed': { type: 'string' },
        help: { type: 'boolean', short: 'h' },
        version: { type: 'boolean' }
      }
    })
  } catch (error) {
    // parseArgs says which argument it refuses; what follows its first sentence is advice on `--`.
    const message = error instanceof Error ? error.message : String(error)
    throw new UsageError(message.split('. ')[0] ?? message)
  }
}

/** @throws UsageError where something is to be shown at once, and not the start page */
function checkStart(values: ReturnType<typeof parse>['values'], file: string | undefined): void {
  const other = (['target', 'screenshot', 'kiosk', ...simulatorOptionNames] as const).find(
    (name) => values[name] !== undefined
  )
  if (other === undefined && file === undefined) return
  throw new UsageError(
    `--start leaves the choice of the target to the start page; ${file === undefined ? `--${other ?? ''}` : quote(file)} does not go with it`
  )
}

/** @throws UsageError where the kiosk is to show something else than its story */
function kiosk(values: ReturnType<typeof parse>['values']): KioskSettings | undefined {
  if (values.kiosk !== true) {
    for (const name of ['kiosk-idle', 'kiosk-speed'] as const) {
      if (values[name] !== undefined) throw new UsageError(`--${name} expects --kiosk before it`)
    }
    return undefined
  }
  for (const name of ['target', 'screenshot', ...simulatorOptionNames] as const) {
    if (values[name] !== undefined) {
      throw new UsageError(
        `--kiosk tells its own story on the simulated kernel; --${name} does not go with it`
      )
    }
  }
  const speed = values['kiosk-speed']
  if (speed !== undefined && !/^[0-9]{1,3}(\.[0-9]{1,3})?$/.test(speed)) {
    throw new UsageError(`--kiosk-speed expects a factor such as 2 or 0.5, got ${quote(speed)}`)
  }
  return {
    idleSeconds: integer('--kiosk-idle', values['kiosk-idle'], 5, 3600) ?? defaultKiosk.idleSeconds,
    speed: Math.min(100, Math.max(0.1, Number(speed ?? defaultKiosk.speed)))
  }
}

function integer(
  option: string,
  text: string | undefined,
  min: number,
  max: number
): number | undefined {
  if (text === undefined) return undefined
  const value = /^[0-9]{1,10}$/.test(text) ? Number(text) : Number.NaN
  if (!(value >= min && value <= max)) {
    throw new UsageError(
      `${option} expects a whole number from ${min} to ${max}, got ${quote(text)}`
    )
  }
  return value
}

/** A recording by the path that the window may remember. */
function absolute(spec: TargetSpec): TargetSpec {
  return spec.kind === 'recording' ? { ...spec, path: resolve(spec.path) } : spec
}

function target(text: string, settings: SimulatorSettings): TargetSpec {
  const spec = parseTarget(text, settings)
  if (spec !== undefined) return spec
  throw new UsageError(`--target expects ${targetForms}, got ${quote(text)}`)
}

/** What the user typed, cut and with control characters made visible. */
function quote(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}...` : text)
}
