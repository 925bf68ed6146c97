import { targetSpec } from '../contract/requests'
import type { SimulatorSettings, TargetSpec } from '../contract/requests'
import { quote, UsageFailure } from './io'

/** What the options say, after the check of each. */
export interface TargetOptions {
  readonly target: string
  readonly models?: string
  readonly seed?: number
  readonly cpus?: number
  readonly tasks?: number
}

/** The simulated kernel when nothing else is said; the window opens on the same one. */
const DEFAULTS: SimulatorSettings = { cpus: 4, tasks: 24, seed: 1 }

/** @throws UsageFailure */
export function wholeNumber(option: string, min: number, max: number): (text: string) => number {
  return (text) => {
    const value = /^[0-9]{1,10}$/.test(text) ? Number(text) : Number.NaN
    if (value >= min && value <= max) return value
    throw new UsageFailure(
      `${option} expects a whole number from ${min} to ${max}, got ${quote(text)}`
    )
  }
}

/** Seconds as ms. @throws UsageFailure */
export function seconds(option: string): (text: string) => number {
  return (text) => {
    const value = /^[0-9]{1,7}(\.[0-9]{1,3})?$/.test(text) ? Number(text) : Number.NaN
    if (value > 0 && value <= 2_000_000) return Math.round(value * 1000)
    throw new UsageFailure(`${option} expects seconds from 0.001 to 2000000, got ${quote(text)}`)
  }
}

/** Reads `--target` and the settings of the simulated kernel. @throws UsageFailure */
export function targetOf(options: TargetOptions): TargetSpec {
  const spec = specOf(options)
  if (spec.kind === 'sim') return spec
  for (const name of ['seed', 'cpus', 'tasks'] as const) {
    if (options[name] === undefined) continue
    throw new UsageFailure(
      `--${name} is a setting of the simulated kernel, and --target ${quote(options.target)} is not it`
    )
  }
  return spec
}

function specOf({ target, cpus, tasks, seed }: TargetOptions): TargetSpec {
  if (target === 'sim') {
    return {
      kind: 'sim',
      settings: {
        cpus: cpus ?? DEFAULTS.cpus,
        tasks: tasks ?? DEFAULTS.tasks,
        seed: seed ?? DEFAULTS.seed
      }
    }
  }
  if (target === 'local') return { kind: 'local' }
  // [USER@]HOST[:PORT], where an IPv6 address stands in brackets as in every URL.
  const ssh =
    /^ssh:\/\/([^/@]+@)?(?:\[([0-9A-Fa-f:.%a-z]+)\]|(?!-)([^/@:[\]]+))(?::([0-9]{1,5}))?\/?$/.exec(
      target
    )
  const parsed = targetSpec.safeParse({
    kind: 'ssh',
    destination: `${ssh?.[1] ?? ''}${ssh?.[2] ?? ssh?.[3] ?? ''}`,
    ...(ssh?.[4] === undefined ? {} : { port: Number(ssh[4]) })
  })
  if (parsed.success) return parsed.data
  throw new UsageFailure(
    `--target expects sim, local or ssh://[USER@]HOST[:PORT], got ${quote(target)}`
  )
}
