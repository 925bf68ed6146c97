import type { SimulatorSettings, TargetSpec } from './requests'
import { targetSpec } from './requests'

/** The simulated kernel that the window and the command line open on when nothing else is said. */
export const defaultSimulator: SimulatorSettings = { cpus: 4, tasks: 24, seed: 1 }

/** What `--target` may say, for the sentence that refuses something else. */
export const targetForms =
  'sim, local, ssh://[USER@]HOST[:PORT], serial:DEVICE[?baud=N], "cmd:PROGRAM ARGUMENTS" or recording:FILE'

/** Speed of a serial line when nothing else is said. */
export const DEFAULT_BAUD = 115_200

/**
 * Reads a target as the command lines write it: `sim`, `local`,
 * `ssh://[USER@]HOST[:PORT]`, where an IPv6 address stands in brackets as in
 * every URL, `serial:/dev/ttyUSB0?baud=115200`, `cmd:PROGRAM ARGUMENTS`, where
 * `splitCommand` has the rules, or `recording:FILE`. Undefined for anything else.
 */
export function parseTarget(text: string, settings: SimulatorSettings): TargetSpec | undefined {
  if (text === 'sim') return { kind: 'sim', settings }
  if (text === 'local') return { kind: 'local' }
  if (text.startsWith('serial:')) {
    const [, device, baud = String(DEFAULT_BAUD)] =
      /^serial:([^?]*)(?:\?baud=([0-9]{1,8}))?$/.exec(text) ?? []
    return checked({ kind: 'serial', device, baud: Number(baud) })
  }
  if (text.startsWith('cmd:')) {
    return checked({ kind: 'cmd', command: splitCommand(text.slice(4)) })
  }
  if (text.startsWith('recording:')) {
    return checked({ kind: 'recording', path: text.slice('recording:'.length) })
  }
  const ssh =
    /^ssh:\/\/([^/@]+@)?(?:\[([0-9A-Fa-f:.%a-z]+)\]|(?!-)([^/@:[\]]+))(?::([0-9]{1,5}))?\/?$/.exec(
      text
    )
  return checked({
    kind: 'ssh',
    destination: `${ssh?.[1] ?? ''}${ssh?.[2] ?? ssh?.[3] ?? ''}`,
    ...(ssh?.[4] === undefined ? {} : { port: Number(ssh[4]) })
  })
}

function checked(spec: unknown): TargetSpec | undefined {
  const parsed = targetSpec.safeParse(spec)
  return parsed.success ? parsed.data : undefined
}

/**
 * A command line as its words: parted by blanks, which quotes of either kind and a backslash
 * keep together. Nothing is expanded, and no shell ever sees it. Undefined where a quote is open.
 */
export function splitCommand(text: string): string[] | undefined {
  const words: string[] = []
  let word: string | undefined
  let quote = ''
  for (let i = 0; i < text.length; i++) {
    const char = text.charAt(i)
    if (quote === "'" ? char !== "'" : quote === '"' && char !== '"' && char !== '\\') {
      word = (word ?? '') + char
    } else if (char === quote) quote = ''
    else if (char === '\\') {
      if (++i === text.length) return undefined
      word = (word ?? '') + text.charAt(i)
    } else if (char === "'" || char === '"') {
      quote = char
      word ??= ''
    } else if (char === ' ' || char === '\t') {
      if (word !== undefined) words.push(word)
      word = undefined
    } else word = (word ?? '') + char
  }
  if (quote !== '') return undefined
  if (word !== undefined) words.push(word)
  return words
}

/** The words of a command as splitCommand() reads them. */
export function joinCommand(words: readonly string[]): string {
  return words
    .map((word) => (/^[^\s'"\\]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`))
    .join(' ')
}
