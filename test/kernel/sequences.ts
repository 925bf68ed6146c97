/** What a monitor said of one instance, in order: states and events, without its own name. */
export type Sequences = ReadonlyMap<string, readonly string[]>

/**
 * The trace of one monitor by instance: by CPU, by number of the object, or by pid.
 *
 * @param text lines of guest/lib.sh's lines(): CPU, event, text
 */
export function sequencesOf(text: string, monitor: string): Sequences {
  const found = new Map<string, string[]>()
  for (const line of text.split('\n')) {
    const match = /^(\d+) (event|error|error_env)_(\w+) (.*)$/.exec(line)
    if (match?.[3] !== monitor) continue
    const [, cpu = '', kind = '', , said = ''] = match
    const instance = /^(-?\d+): /.exec(said) ?? /^.*?\[(\d+)\]: /.exec(said)
    const key = instance?.[1] ?? `cpu${cpu}`
    const list = found.get(key) ?? []
    // A clock is read at two moments that are not the same.
    list.push(`${kind} ${said.slice(instance?.[0].length ?? 0).replace(/\bclk=\d+/, 'clk')}`)
    found.set(key, list)
  }
  return found
}

/** What two monitors of one model said, compared. */
export interface Comparison {
  /** Instances of which both said the same, and how many lines that were. */
  readonly equal: number
  readonly lines: number
  /** The first place of each instance where they differ. */
  readonly differences: readonly string[]
}

/**
 * Compares instance by instance. At the two ends one of them may have a line more: what happens while
 * monitoring is turned on or off is seen by the one and not by the other.
 */
export function compare(a: Sequences, b: Sequences): Comparison {
  let equal = 0
  let lines = 0
  const differences: string[] = []
  for (const key of new Set([...a.keys(), ...b.keys()])) {
    const [left, right] = [a.get(key) ?? [], b.get(key) ?? []]
    const shorter = Math.min(left.length, right.length)
    const at = left.findIndex((line, i) => i < shorter && line !== right[i])
    const isSame = at < 0 && Math.abs(left.length - right.length) <= 1
    if (isSame) {
      equal++
      lines += shorter
      continue
    }
    const place = at < 0 ? shorter : at
    const around = (list: readonly string[]): string =>
      list.slice(Math.max(0, place - 2), place + 3).join(' | ')
    differences.push(
      `${key}, line ${place + 1} of ${left.length} and ${right.length}:\n  ${around(left)}\n  ${around(right)}`
    )
  }
  return { equal, lines, differences }
}
