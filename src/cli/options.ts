import type { TargetSpec } from '../contract/requests'
import {
  isParameter,
  parameterForm,
  simulatorOptionNames,
  simulatorSettingsOf,
  type SimulatorOptions
} from '../contract/simulator-options'
import { parseTarget, targetForms } from '../contract/target-url'
import { SCENARIOS } from '../simulator/scenarios'
import { quote, UsageFailure } from './io'

/** What the options say, after the check of each. */
export interface TargetOptions extends SimulatorOptions {
  readonly target: string
  readonly models?: string
}

/** @throws UsageFailure naming the scenarios that there are */
export function scenarioName(text: string): string {
  if (SCENARIOS.some(({ name }) => name === text)) return text
  const names = SCENARIOS.map(({ name }) => name).join(', ')
  throw new UsageFailure(`--scenario expects one of ${names}; got ${quote(text)}`)
}

/** Collects what `--param` says; it may stand several times. @throws UsageFailure */
export function parameter(text: string, before: readonly string[] | undefined): readonly string[] {
  if (isParameter(text)) return [...(before ?? []), text]
  throw new UsageFailure(`--param expects ${parameterForm}; got ${quote(text)}`)
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
  for (const name of simulatorOptionNames) {
    if (options[name] === undefined) continue
    throw new UsageFailure(
      `--${name} is a setting of the simulated kernel, and --target ${quote(options.target)} is not it`
    )
  }
  return spec
}

function specOf(options: TargetOptions): TargetSpec {
  const spec = parseTarget(options.target, simulatorSettingsOf(options))
  if (spec !== undefined) return spec
  throw new UsageFailure(`--target expects ${targetForms}, got ${quote(options.target)}`)
}
