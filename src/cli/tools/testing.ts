import { tmpdir } from 'node:os'
import { fileURLToPath } from 'node:url'
import type { CliIo } from '../io'
import { run } from '../run'

/** The program's own models. */
export const MODELS = fileURLToPath(new URL('../../../models', import.meta.url))

/** What a run of the program said, and its exit code. */
export interface Outcome {
  readonly code: number
  readonly out: string
  readonly err: string
}

/**
 * Runs the program in a world without a target, a terminal and somebody who answers.
 *
 * @param world what a test wants otherwise
 */
export async function rvpanel(
  args: readonly string[],
  world: Partial<CliIo> = {}
): Promise<Outcome> {
  let out = ''
  let err = ''
  const code = await run(args, {
    out: (text) => {
      out += text
      return Promise.resolve()
    },
    err: (text) => {
      err += text
    },
    ask: () => Promise.resolve(undefined),
    sleep: () => Promise.resolve(),
    stop: new AbortController().signal,
    openTarget: () => Promise.reject(new Error('A model needs no target.')),
    models: MODELS,
    stateDir: tmpdir(),
    version: '1.2.3',
    ...world
  })
  return { code, out, err }
}
