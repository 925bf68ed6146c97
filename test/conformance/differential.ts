import { Errno } from '../../src/engine/errno'
import type { SimulatedKernel } from '../../src/simulator/kernel'
import { codeOf } from '../../src/target/errno'
import { CONTAINERS, directoryOf, MONITORS } from './catalog'
import type { Remote } from './remote'

/** One open(2), some write(2) to the same file descriptor, one close(2). */
export interface Operation {
  /** Below rv/, or a parameter (`stall/parameters/threshold_jiffies`). */
  readonly path: string
  readonly truncate: boolean
  /** One byte per character. Never empty. */
  readonly writes: readonly string[]
}

/** What came of an operation: a word for each write, and what the files read then. */
export interface Outcome {
  readonly results: string
  /** The files that `shownAfter` names, in its order. */
  readonly state: string
}

const isParameter = (path: string): boolean => path.includes('/parameters/')
const PARAMETERS = [
  'stall/parameters/threshold_jiffies',
  'nomiss/parameters/deadline_thresh'
] as const

/** Every file of rv/ and every parameter. */
export const STATE: readonly string[] = [
  'available_monitors',
  'available_reactors',
  'enabled_monitors',
  'monitoring_on',
  'reacting_on',
  ...MONITORS.flatMap((monitor) =>
    ['enable', 'desc', 'reactors'].map((file) => `monitors/${directoryOf(monitor)}/${file}`)
  ),
  ...PARAMETERS
]

/** Operations after which all files are read; after the others only those that most likely changed. */
const WHOLE = 25

/** The files that are read after an operation: to read all of them takes the real kernel longer than the operation. */
export function shownAfter(list: readonly Operation[], index: number): readonly string[] {
  if (index === list.length - 1 || index % WHOLE === WHOLE - 1) return STATE
  const path = list[index]?.path ?? ''
  return ['enabled_monitors', 'monitoring_on', 'reacting_on', path]
}

/** Random numbers that a seed gives again (xorshift32). */
export class Dice {
  private state: number
  constructor(seed: number) {
    this.state = (seed >>> 0) + 1
  }
  /** An integer from 0 to below `n`. */
  below(n: number): number {
    this.state ^= this.state << 13
    this.state >>>= 0
    this.state ^= this.state >>> 17
    this.state ^= this.state << 5
    this.state >>>= 0
    return this.state % n
  }
  one<T>(of: readonly [T, ...T[]] | readonly T[]): T {
    const found = of[this.below(of.length)]
    if (found === undefined) throw new Error('nothing to choose from')
    return found
  }
}

const BLANKS = [' ', '\n', '\t', '\v', '\f', '\r', ' \n', '  ', '\0', 'x', ':', '!'] as const
// prettier-ignore
const BOOLEANS = [
  '1', '0', '1\n', '0\n', 'y', 'n', 'Y', 'N', 't', 'f', 'T', 'F', 'e', 'd', 'E', 'D', 'on', 'of', 'ON', 'OFF',
  'oN', 'oF', 'o', 'ox', '10', '01', '2', ' 1', '\n', '1 ', '11111', 'yes', 'no', 'true', 'false', 'enable',
  'disable', '\u00001', '1\u00000', '-1', '+1', '!1', 'x', '\u00ff'
] as const
// prettier-ignore
const NUMBERS = [
  '1000', '70\n', '0x10', '0X1f', '010', '+5', '0', '-1', ' 5', '5 ', '\n', '5\n\n', '1j', '0b11', '0x', '08',
  '18446744073709551615', '18446744073709551616', '9'.repeat(30), '7\u00008', '+', '0x1g', '0xffffffffffffffff'
] as const

function name(dice: Dice): string {
  const { listed, name: bare } = dice.one(MONITORS)
  const containers = [...CONTAINERS.keys()]
  switch (dice.below(12)) {
    case 0:
      return listed
    case 1:
      return `${dice.one([...containers, 'foo', '', 'wip', bare])}:${bare}`
    case 2:
      return `${bare}:`
    case 3:
      return dice.one([bare.toUpperCase(), bare.slice(1), `${bare}x`, bare.slice(0, -1)])
    case 4:
      return dice.one(['', 'nobody', 'a:b:c', '::', ':', '!', '!!wip', 'rv', '.', '..'])
    default:
      return bare
  }
}

/** A text about a name as enabled_monitors may get it. */
function command(dice: Dice, what: string): string {
  let text = dice.below(3) === 0 ? `!${what}` : what
  switch (dice.below(10)) {
    case 0:
      return `${dice.one(BLANKS)}${text}${dice.one(BLANKS)}`
    case 1:
      return `${text}${dice.one(BLANKS)}`
    case 2:
      return text.padEnd(dice.one([31, 32, 33, 34, 35]), dice.one([' ', '\n', '\0', 'x']))
    case 3:
      return text.padStart(dice.one([31, 32, 33, 34, 35]), dice.one([' ', '\n', '!', 'x']))
    case 4:
      text = `${text}\0${dice.one(['wip', '', 'x'.repeat(40)])}`
      return text
    case 5:
      return `${text}\n`
    default:
      return text
  }
}

/** A write that a kernel survives: the panic reactor is never chosen. */
function data(dice: Dice, path: string): string {
  let text: string
  if (isParameter(path)) text = dice.one(NUMBERS)
  else if (path.endsWith('/reactors')) {
    const reactor = dice.one(['nop', 'printk', 'printk', 'nop', 'bad', '[nop]', 'NOP', 'no', ''])
    text = command(dice, reactor)
  } else if (path === 'enabled_monitors') text = command(dice, name(dice))
  else text = dice.one(BOOLEANS)
  return text === '' ? '\n' : text
}

/** Random operations on every file that can be written, and on some that cannot. */
export function operations(seed: number, count: number): Operation[] {
  const dice = new Dice(seed)
  const path = (): string => {
    const directory = `monitors/${directoryOf(dice.one(MONITORS))}`
    switch (dice.below(20)) {
      case 0:
        return dice.one(['available_monitors', 'available_reactors', `${directory}/desc`])
      case 1:
        return 'monitoring_on'
      case 2:
        return 'reacting_on'
      case 3:
        return dice.one(PARAMETERS)
      case 4:
      case 5:
      case 6:
      case 7:
        return `${directory}/reactors`
      case 8:
      case 9:
      case 10:
      case 11:
        return `${directory}/enable`
      default:
        return 'enabled_monitors'
    }
  }
  return Array.from({ length: count }, () => {
    const file = path()
    const writes = Array.from({ length: dice.below(8) === 0 ? 2 + dice.below(2) : 1 }, () =>
      data(dice, file)
    )
    return { path: file, truncate: dice.below(6) === 0, writes }
  })
}

/** What brings either kernel into the state in which every sequence begins. */
export const RESET: readonly Operation[] = [
  { path: 'enabled_monitors', truncate: true, writes: ['\n'] },
  ...MONITORS.filter(({ listed }) => !listed.includes(':')).map((monitor) => ({
    path: `monitors/${directoryOf(monitor)}/reactors`,
    truncate: false,
    writes: ['nop']
  })),
  { path: 'monitoring_on', truncate: false, writes: ['1'] },
  { path: 'reacting_on', truncate: false, writes: ['1'] },
  { path: PARAMETERS[0], truncate: false, writes: ['1000'] },
  { path: PARAMETERS[1], truncate: false, writes: ['1000000'] }
]

const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, (one) => one.charCodeAt(0))

/** Runs operations on a simulated kernel, whose time stands still. */
export function runSimulated(kernel: SimulatedKernel, list: readonly Operation[]): Outcome[] {
  const { tracefs, engine } = kernel
  const attempt = (work: () => void): string => {
    try {
      work()
    } catch (error) {
      if (error instanceof Errno) return error.code
      throw error
    }
    return 'ok'
  }
  const write = ({ path, truncate, writes }: Operation): string => {
    if (isParameter(path)) {
      const [module = '', , parameter = ''] = path.split('/')
      return writes
        .map((text) => attempt(() => engine.parameters.set(module, parameter, text)))
        .join(' ')
    }
    const file = tracefs.open(`rv/${path}`, { write: true, truncate })
    let position = 0
    const results = writes.map((text) =>
      attempt(() => {
        position += file.write(bytesOf(text), position)
      })
    )
    file.close()
    return results.join(' ')
  }
  const read = (path: string): string => {
    if (!isParameter(path)) return Buffer.from(tracefs.read(`rv/${path}`)).toString('latin1')
    const [module = '', , parameter = ''] = path.split('/')
    return engine.parameters.get(module, parameter)
  }
  return list.map((operation, index) => ({
    results: write(operation),
    state: shownAfter(list, index)
      .map((path) => `${read(path)}|`)
      .join('')
  }))
}

const fileOf = (path: string): string => (isParameter(path) ? `/sys/module/${path}` : path)

const octal = (text: string): string =>
  [...bytesOf(text)].map((byte) => `\\0${byte.toString(8).padStart(3, '0')}`).join('')

/**
 * Runs operations on the real kernel, a script for all of them: through the bridge each would
 * take tenths of a second. The shell's own printf makes one write(2), but does not say why it
 * is refused: then dd writes the same again, which is refused again, and says it.
 */
export async function runReal(remote: Remote, list: readonly Operation[]): Promise<Outcome[]> {
  const script = [
    'cd /sys/kernel/tracing/rv; LC_ALL=C; export LC_ALL',
    "printf '|' > /tmp/mark",
    'e() { printf %b "$1" | dd obs=65536 2> /tmp/said && echo ok >&2 || { head -n 1 /tmp/said; echo; } >&2; }',
    'w() { printf %b "$1" 2> /dev/null && echo ok >&2 || e "$1"; }',
    's() { echo .; od -An -v -tx1 "$@"; echo .; }',
    ...list.map(({ path, truncate, writes }, index) => {
      const file = fileOf(path)
      const body = writes.map((text) => `w '${octal(text)}'`).join('; ')
      const shown = shownAfter(list, index).map((one) => `${fileOf(one)} /tmp/mark`)
      return `{ ${body}; } 2>&1 >${truncate ? '' : '>'} ${file}; s ${shown.join(' ')}`
    })
  ]
  const out = (await remote.run(script.join('\n'))).toString('latin1')
  const parts = out.split('\n.\n')
  const outcomes: Outcome[] = []
  for (let i = 0; i + 1 < parts.length; i += 2) {
    const results = (parts[i] ?? '')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => (line === 'ok' ? 'ok' : codeOf(line)))
    const hex = (parts[i + 1] ?? '').replace(/\s+/g, '')
    outcomes.push({ results: results.join(' '), state: Buffer.from(hex, 'hex').toString('latin1') })
  }
  return outcomes
}

/** Where two kernels part: the first operation with another outcome; -1: nowhere. */
export function firstDifference(a: readonly Outcome[], b: readonly Outcome[]): number {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    if (a[i]?.results !== b[i]?.results || a[i]?.state !== b[i]?.state) return i
  }
  return -1
}

/**
 * Leaves operations out of a sequence for as long as the two still part at its last one.
 * @param differs runs a sequence from the state of RESET on both
 */
export async function shrink(
  sequence: readonly Operation[],
  differs: (sequence: readonly Operation[]) => Promise<boolean>
): Promise<readonly Operation[]> {
  let kept = sequence
  for (
    let size = Math.ceil(kept.length / 2);
    size >= 1;
    size = size === 1 ? 0 : Math.ceil(size / 2)
  ) {
    for (let at = 0; at < kept.length - 1;) {
      const fewer = [...kept.slice(0, at), ...kept.slice(Math.min(at + size, kept.length - 1))]
      if (fewer.length < kept.length && (await differs(fewer))) kept = fewer
      else at += size
    }
  }
  return kept
}

/** A sequence as a person reads it: `printf '!wip' >> enabled_monitors`. */
export function printed(sequence: readonly Operation[]): string {
  return sequence
    .map(
      ({ path, truncate, writes }) =>
        `${writes.map((text) => JSON.stringify(text)).join(' then ')} ${truncate ? '>' : '>>'} ${path}`
    )
    .join('\n')
}

/** The files that read differently, with both contents. */
export function describeState(shown: readonly string[], simulated: string, real: string): string {
  const [a, b] = [simulated.split('|'), real.split('|')]
  return shown
    .flatMap((path, i) =>
      a[i] === b[i]
        ? []
        : [`${path}: simulated ${JSON.stringify(a[i])}, real ${JSON.stringify(b[i])}`]
    )
    .join('\n')
}
