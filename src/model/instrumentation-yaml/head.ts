import { quoted } from '../findings'
import type { FieldReader, Fields } from './fields'

/** A name needs its terminating NUL too (MAX_RV_MONITOR_NAME_SIZE, include/linux/rv.h). */
const MAX_NAME_LENGTH = 31

/** Why a monitor or container cannot have this name, or undefined where it can. */
export function nameProblem(name: string): string | undefined {
  if (!/^[A-Za-z0-9_]+$/.test(name)) {
    return `The name ${quoted(name)} is not one the kernel can use; expected letters, digits and \`_\`.`
  }
  if (name.length > MAX_NAME_LENGTH) {
    return `The name ${quoted(name)} has ${name.length} characters; expected at most ${MAX_NAME_LENGTH}.`
  }
  return undefined
}

/** The value of `monitor` or `parent`. */
export function readName(
  reader: FieldReader,
  top: Fields,
  key: 'monitor' | 'parent'
): string | undefined {
  const found = reader.requiredText(top, key)
  if (found === undefined) return undefined
  const problem = nameProblem(found.text)
  if (problem === undefined) return found.text
  reader.findings.error('bad-name', found.span, problem)
  return undefined
}

/** The value of `description`, in one line. */
export function readDescription(reader: FieldReader, fields: Fields): string | undefined {
  const found = reader.requiredText(fields, 'description')
  const text = found?.text.trim()
  if (found !== undefined && (text === '' || /\p{Cc}/u.test(text ?? ''))) {
    reader.findings.error(
      'bad-description',
      found.span,
      'The description is shown on one line; expected text without line breaks and control characters.'
    )
    return undefined
  }
  return text
}
