import type { TargetSpec } from '../contract/requests'
import { defaultSimulator, parseTarget, targetForms } from '../contract/target-url'
import { quote, UsageFailure } from './io'

/** What the options say, after the check of each. */
export interface TargetOptions {
  readonly target: string
  readonly models?: string
  readonly seed?: number
  readonly cpus?: number
  readonly tasks?: number
}

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
  const spec = parseTarget(target, {
    cpus: cpus ?? defaultSimulator.cpus,
    tasks: tasks ?? defaultSimulator.tasks,
    seed: seed ?? defaultSimulator.seed
  })
  if (spec !== undefined) return spec
  throw new UsageFailure(`--target expects ${targetForms}, got ${quote(target)}`)
}
