import { SCENARIOS } from '../simulator/scenarios'
import { printable } from './columns'
import { Failure } from './io'
import type { CliIo } from './io'

/** Width of the column of names. */
const NAME = 32
/** Where a description breaks. */
const LINE = 80

/**
 * `rvpanel scenarios [MONITOR]`: the faults of the simulated kernel, each with
 * the monitor that reports it and what happens.
 *
 * @param monitor without its container
 * @returns the exit code
 * @throws Failure where no scenario is of that monitor
 */
export async function scenarios(monitor: string | undefined, io: CliIo): Promise<number> {
  const name = monitor?.split(':').pop()
  const found = SCENARIOS.filter((one) => name === undefined || one.monitor === name)
  if (found.length === 0) {
    const monitors = [...new Set(SCENARIOS.map((one) => one.monitor))].join(', ')
    throw new Failure(
      `there is no scenario of the monitor ${printable(monitor ?? '')}; expected one of ${monitors}`
    )
  }
  const text = found.map(
    (one) =>
      `${one.name.padEnd(NAME)} ${one.monitor.padEnd(10)} ${one.title}\n${wrapped(one.description)}`
  )
  await io.out(text.join(''))
  return 0
}

function wrapped(text: string): string {
  const lines: string[] = []
  let line = '   '
  for (const word of text.split(/\s+/)) {
    if (line.length + 1 + word.length > LINE && line.trim() !== '') {
      lines.push(line)
      line = '   '
    }
    line += ` ${word}`
  }
  return [...lines, line].map((one) => `${one}\n`).join('')
}
