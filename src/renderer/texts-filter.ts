const quoted = (text: string): string => `“${text}”`

/** `a, b or c` */
const oneOf = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} or ${names.at(-1) ?? ''}`

/** English texts of the language in which lists are filtered. */
export const filterTexts = {
  notApplied: (problem: string) => `Left out: ${problem}`,
  noField: (name: string, known: readonly string[]) =>
    `there is no field ${quoted(name)}; expected ${oneOf(known)}. A text with a colon goes in quotes.`,
  noComparison: (field: string) => `${field} is a text; expected ${field}:…`,
  noMark: (value: string, known: readonly string[]) =>
    `is: expected ${oneOf(known)}, not ${quoted(value)}.`,
  noNumber: (field: string, value: string) =>
    `${field}: expected a number, such as ${field}>100 or ${field}:1-99, not ${quoted(value)}.`,
  noTime: (field: string, value: string) =>
    `${field}: expected a time with its unit, such as ${field}>10ms, not ${quoted(value)}.`,
  noNamed: (field: string, value: string, names: readonly string[]) =>
    `${field}: expected ${oneOf(names)}, not ${quoted(value)}.`,
  oneNumber: (field: string, sign: string) => `${field}${sign} expects one number.`,
  noSuch: (field: string, value: string, known: readonly string[]) =>
    `no ${field} here is called ${quoted(value)}; there are ${known.slice(0, 8).join(', ')}${known.length > 8 ? ' …' : '.'}`,
  clear: 'Show all',
  noneMatch: 'Nothing matches the filter.',
  noName: (field: string, value: string, known: readonly string[]) =>
    `no ${field} of this monitor is called ${quoted(value)}; there are ${known.slice(0, 8).join(', ')}${known.length > 8 ? ' …' : '.'}`
}
