import type { SimulatorSettings, TargetSpec } from './requests'
import { targetSpec } from './requests'

/** The simulated kernel that the window and the command line open on when nothing else is said. */
export const defaultSimulator: SimulatorSettings = { cpus: 4, tasks: 24, seed: 1 }

/** What `--target` may say, for the sentence that refuses something else. */
export const targetForms = 'sim, local or ssh://[USER@]HOST[:PORT]'

/**
 * Reads a target as the command lines write it: `sim`, `local`, or
 * `ssh://[USER@]HOST[:PORT]`, where an IPv6 address stands in brackets as in
 * every URL. Undefined for anything else.
 */
export function parseTarget(text: string, settings: SimulatorSettings): TargetSpec | undefined {
  if (text === 'sim') return { kind: 'sim', settings }
  if (text === 'local') return { kind: 'local' }
  const ssh =
    /^ssh:\/\/([^/@]+@)?(?:\[([0-9A-Fa-f:.%a-z]+)\]|(?!-)([^/@:[\]]+))(?::([0-9]{1,5}))?\/?$/.exec(
      text
    )
  const parsed = targetSpec.safeParse({
    kind: 'ssh',
    destination: `${ssh?.[1] ?? ''}${ssh?.[2] ?? ssh?.[3] ?? ''}`,
    ...(ssh?.[4] === undefined ? {} : { port: Number(ssh[4]) })
  })
  return parsed.success ? parsed.data : undefined
}
