import { isTaken } from '../expression-names'
import { quoted } from '../findings'
import type { Parameter } from '../instrumentation'
import type { YamlEntry, YamlText } from '../yaml-reader'
import { readDescription } from './head'
import type { FieldReader, Fields } from './fields'

const KEYS = ['default', 'unit', 'description'] as const
const UNITS = ['ns', 'jiffies'] as const

/** The parameters of the monitor's module, in the order written. */
export function readParameters(reader: FieldReader, entry: YamlEntry | undefined): Parameter[] {
  const parameters: Parameter[] = []
  const own = entry && reader.yaml.mapping(entry.value, '`parameters`')
  for (const { key, keySpan, value } of own?.values() ?? []) {
    const where = `the parameter ${quoted(key)}`
    if (!/^[A-Za-z_]\w*$/.test(key) || isTaken(key)) {
      reader.findings.error(
        'bad-parameter',
        keySpan,
        /^[A-Za-z_]\w*$/.test(key)
          ? `${quoted(key)} means something else in expressions; expected another name.`
          : `${quoted(key)} cannot be the name of a parameter; expected letters, digits and \`_\`.`
      )
      continue
    }
    const entries = reader.yaml.mapping(value, where, KEYS)
    const parameter = entries && readParameter(reader, key, { entries, where, at: keySpan })
    if (parameter !== undefined) parameters.push(parameter)
  }
  return parameters
}

function readParameter(reader: FieldReader, name: string, fields: Fields): Parameter | undefined {
  const unit = fields.entries.has('unit') ? reader.choice(fields, 'unit', UNITS) : undefined
  const given = reader.requiredText(fields, 'default')
  const value = given && readDefault(reader, given, unit)
  const description = readDescription(reader, fields)
  if (value === undefined || description === undefined) return undefined
  return { name, default: value, unit, description }
}

function readDefault(
  reader: FieldReader,
  { text, span }: YamlText,
  unit: Parameter['unit']
): number | 'tick' | undefined {
  if (text === 'tick') {
    if (unit === 'ns') return 'tick'
    reader.findings.error(
      'bad-default',
      span,
      'A tick is a time in nanoseconds; expected `unit: ns` beside it.'
    )
    return undefined
  }
  const value = /^(?:0|[1-9][0-9]*|0x[0-9a-f]+)$/i.test(text) ? Number(text) : NaN
  if (Number.isSafeInteger(value)) return value
  reader.findings.error(
    'bad-default',
    span,
    `${quoted(text)} is no default of a parameter; expected a number from 0 to 2^53 - 1, or \`tick\`.`
  )
  return undefined
}
