import type { SimulatorSettings } from '../../../contract/requests'
import { isParameter } from '../../../contract/simulator-options'
import { simulatorTexts as t } from '../../texts-simulator'

/** What the dialog's fields hold, as it was typed. */
export interface MachineForm {
  cpus: string
  tasks: string
  seed: string
  /** Empty: none. */
  scenario: string
  /** A parameter on each line. */
  parameters: string
}

export type MachineField = 'cpus' | 'tasks' | 'seed' | 'parameters'

/** Bounds of the contract's `simulatorSettings`. */
export const BOUNDS = {
  cpus: [1, 256],
  tasks: [1, 10_000],
  seed: [0, 0xffffffff]
} as const

/** The fields of a machine that is there. */
export function formOf(settings: SimulatorSettings): MachineForm {
  const { cpus, tasks, seed, scenario, parameters } = settings
  return {
    cpus: String(cpus),
    tasks: String(tasks),
    seed: String(seed),
    scenario: scenario ?? '',
    parameters: Object.entries(parameters ?? {})
      .map(([name, value]) => `${name}=${value}`)
      .join('\n')
  }
}

/** The settings that the fields mean, or what is wrong with each that means none. */
export function settingsOf(
  form: MachineForm
): SimulatorSettings | { readonly problems: ReadonlyMap<MachineField, string> } {
  const problems = new Map<MachineField, string>()
  const number = (field: keyof typeof BOUNDS): number => {
    const [min, max] = BOUNDS[field]
    const value = /^\d{1,10}$/.test(form[field].trim()) ? Number(form[field]) : Number.NaN
    if (!(value >= min && value <= max)) problems.set(field, t.range(t[field], min, max))
    return value
  }
  const [cpus, tasks, seed] = [number('cpus'), number('tasks'), number('seed')]
  const parameters: Record<string, number> = {}
  for (const line of form.parameters.split('\n').map((text) => text.trim())) {
    if (line === '') continue
    const [name = '', value = ''] = line.split('=')
    if (isParameter(line)) parameters[name] = Number(value)
    else if (!problems.has('parameters')) problems.set('parameters', t.badParameter(line))
  }
  if (problems.size > 0) return { problems }
  return {
    cpus,
    tasks,
    seed,
    ...(form.scenario === '' ? {} : { scenario: form.scenario }),
    ...(Object.keys(parameters).length === 0 ? {} : { parameters })
  }
}

/** The command line that opens the panel on this machine. */
export function commandLine({
  cpus,
  tasks,
  seed,
  scenario,
  parameters
}: SimulatorSettings): string {
  return [
    `npm start -- --cpus ${cpus} --tasks ${tasks} --seed ${seed}`,
    ...(scenario === undefined ? [] : [`--scenario ${scenario}`]),
    ...Object.entries(parameters ?? {}).map(([name, value]) => `--param ${name}=${value}`)
  ].join(' ')
}
