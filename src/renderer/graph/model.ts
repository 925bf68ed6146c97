import { parseDot, type ParsedDot } from '../../model/dot'

const CACHE = 64
const parsed = new Map<string, ParsedDot>()

/** A monitor's model, parsed once per text. The name only appears in diagnostics. */
export function modelOf(text: string, name: string): ParsedDot {
  const known = parsed.get(text)
  if (known) return known
  const result = parseDot(text, `${name}.dot`)
  if (parsed.size >= CACHE) parsed.clear()
  parsed.set(text, result)
  return result
}
