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
    const match = /^(\d+) (event|error_env|error)_(\w+) (.*)$/.exec(line)
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
  readonly instances: number
  /** Lines that both said, and how many of them report a violation. */
  readonly lines: number
  readonly violations: number
  /** Lines of either that stand where an interrupt came between the two. */
  readonly apart: number
  /** Places after which the two never said the same again. */
  readonly differences: readonly string[]
}

/** An interrupt and what it does take no more lines than this; so many equal ones end a gap. */
const GAP = 24
const AGREE = 4

/**
 * Compares instance by instance, in order. A tracepoint calls its functions one after the other, and an
 * interrupt, or the task that it wakes, may come between the two: what happens then comes after the
 * event for the one monitor and before it for the other. So the two may differ for a few lines, and have
 * to agree again behind them. The same at the two ends, where monitoring is turned on and off.
 */
export function compare(a: Sequences, b: Sequences): Comparison {
  let [lines, violations, apart] = [0, 0, 0]
  const keys = new Set([...a.keys(), ...b.keys()])
  const differences: string[] = []
  for (const key of keys) {
    const [left, right] = [a.get(key) ?? [], b.get(key) ?? []]
    let [i, j] = [0, 0]
    while (i < left.length && j < right.length) {
      if (left[i] === right[j]) {
        if (left[i]?.startsWith('error') === true) violations++
        lines++
        i++
        j++
        continue
      }
      const gap = gapAt(left, right, i, j)
      if (gap === undefined) {
        differences.push(
          `${key}, lines ${i + 1} and ${j + 1}:\n  ${around(left, i)}\n  ${around(right, j)}`
        )
        break
      }
      i += gap[0]
      j += gap[1]
      apart += gap[0] + gap[1]
    }
    apart += left.length - i + (right.length - j)
  }
  return { instances: keys.size, lines, violations, apart, differences }
}

/** The least number of lines of each after which both agree again, or end. */
function gapAt(
  left: readonly string[],
  right: readonly string[],
  i: number,
  j: number
): [number, number] | undefined {
  for (let size = 1; size <= 2 * GAP; size++) {
    for (let di = Math.max(0, size - GAP); di <= Math.min(size, GAP); di++) {
      const [x, y] = [i + di, j + size - di]
      if (x > left.length || y > right.length) continue
      const most = Math.min(AGREE, left.length - x, right.length - y)
      let same = 0
      while (same < most && left[x + same] === right[y + same]) same++
      if (same === most && (most > 0 || (x === left.length && y === right.length))) {
        return [di, size - di]
      }
    }
  }
  return undefined
}

const around = (list: readonly string[], at: number): string =>
  list.slice(Math.max(0, at - 2), at + 4).join(' | ')
