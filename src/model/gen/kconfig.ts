/** Columns of a help text. */
const HELP = 78

/** What a Kconfig file says of a monitor. */
export interface KconfigEntry {
  readonly name: string
  readonly description: string
  /** Lines of the entry besides its prompt and help, without their tab. */
  readonly lines: readonly string[]
}

/** Kconfig of a monitor or a container. */
export function kconfig({ name, description, lines }: KconfigEntry): string {
  return `# SPDX-License-Identifier: GPL-2.0-only
#
config RV_MON_${name.toUpperCase()}
	depends on RV
${lines.map((line) => `\t${line}\n`).join('')}	bool "${name} monitor"
	help
${help(description)}`
}

function help(description: string): string {
  const lines: string[] = []
  let line = ''
  for (const word of description.split(' ')) {
    if (line !== '' && `${line} ${word}`.length > HELP) {
      lines.push(line)
      line = word
    } else {
      line = line === '' ? word : `${line} ${word}`
    }
  }
  return [...lines, line].map((one) => `\t  ${one}\n`).join('')
}
