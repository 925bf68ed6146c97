import { homedir } from 'node:os'
import { join } from 'node:path'
import { version } from '../../package.json'
import { openTarget } from '../observer'
import { run } from './run'
import { askOnTerminal, showsColors, sleep, stopSignal, writer } from './terminal'

/**
 * The program in its real world.
 *
 * @param argv what follows the program's name
 * @param root folder of the installed program, with its models
 * @returns the exit code
 */
export function main(argv: readonly string[], root: string): Promise<number> {
  const stop = stopSignal()
  // A standard error that nobody reads is no reason to stop.
  process.stderr.on('error', () => undefined)
  const out = writer(process.stdout)
  return run(argv, {
    out,
    // A terminal that does not know its size says 0.
    ...(process.stdout.isTTY ? { columns: process.stdout.columns || 80 } : { outBytes: out }),
    err: (text) => process.stderr.write(text),
    color: showsColors(process.stdout, process.env),
    ask: (prompt, secret) => askOnTerminal(prompt, secret, stop),
    input: {
      stream: process.stdin,
      terminal: process.stdin.isTTY && process.stdout.isTTY ? process.stdout : undefined
    },
    sleep,
    stop,
    openTarget,
    models: join(root, 'models'),
    stateDir: stateFolder(),
    version
  })
}

/** Where the window has its journal, so that each puts back what a crash of the other left. */
function stateFolder(): string {
  const config = process.env.XDG_CONFIG_HOME
  const base = config === undefined || config === '' ? join(homedir(), '.config') : config
  return join(base, 'rvpanel', 'observer')
}
