import type { RvClient } from '../observer'
import { quote } from './io'
import type { CliIo } from './io'
import { printable } from './columns'

/** Columns of a monitor's name (MAX_DA_NAME_LEN of the kernel). */
const NAME_WIDTH = 32
const INDENT = ' - '

/**
 * `rv list`: one line for each monitor, or for each of a container.
 *
 * @returns the exit code: 1 where the target listed what cannot be a monitor's name
 */
export async function list(
  client: RvClient,
  container: string | undefined,
  io: CliIo
): Promise<number> {
  const { monitors, refused } = await client.readTree()
  const lines: string[] = []
  for (const { name, parent, description, enabled } of monitors) {
    if (container !== undefined && parent !== container) continue
    const indent = container === undefined && parent !== undefined ? INDENT : ''
    const label = indent + name.padEnd(NAME_WIDTH - indent.length)
    lines.push(`${label} ${printable(description)} ${enabled ? '[ON]' : '[OFF]'}\n`)
  }
  if (lines.length === 0) {
    const where = container === undefined ? '' : ` in container ${printable(container)}`
    lines.push(`-- No monitor found${where} --\n`)
  }
  await io.out(lines.join(''))
  for (const name of refused) {
    io.err(
      `rvpanel: the target lists ${quote(name)}, which is no monitor's name (letters, digits and _), and is left out\n`
    )
  }
  return refused.length > 0 ? 1 : 0
}
