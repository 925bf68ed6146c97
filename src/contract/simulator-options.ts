import { defaultSimulator } from './target-url'
import { simulatorSettings, type SimulatorSettings } from './requests'

/** What a command line says about the simulated kernel, each option after its own check. */
export interface SimulatorOptions {
  readonly cpus?: number | undefined
  readonly tasks?: number | undefined
  readonly seed?: number | undefined
  readonly scenario?: string | undefined
  /** As `--param` has them, one `MONITOR.PARAMETER=VALUE` each. */
  readonly param?: readonly string[] | undefined
}

/** Options that only the simulated kernel has, by name without the dashes. */
export const simulatorOptionNames = ['seed', 'cpus', 'tasks', 'scenario', 'param'] as const

/** Settings of the simulated kernel; what was not said is the default. */
export function simulatorSettingsOf(options: SimulatorOptions): SimulatorSettings {
  const parameters = Object.fromEntries((options.param ?? []).map((text) => split(text)))
  return simulatorSettings.parse({
    cpus: options.cpus ?? defaultSimulator.cpus,
    tasks: options.tasks ?? defaultSimulator.tasks,
    seed: options.seed ?? defaultSimulator.seed,
    ...(options.scenario === undefined ? {} : { scenario: options.scenario }),
    ...(options.param === undefined ? {} : { parameters })
  })
}

const PARAMETER = /^([A-Za-z0-9_]+\.[A-Za-z0-9_]+)=([0-9]{1,15})$/

/** Whether a text is a parameter as `--param` takes it. */
export function isParameter(text: string): boolean {
  return text.length <= 100 && PARAMETER.test(text)
}

/** What `--param` expects, for the sentence that refuses something else. */
export const parameterForm = 'MONITOR.PARAMETER=NUMBER, such as stall.threshold_jiffies=70'

function split(text: string): [string, number] {
  const [, name = '', value = ''] = PARAMETER.exec(text) ?? []
  return [name, Number(value)]
}
