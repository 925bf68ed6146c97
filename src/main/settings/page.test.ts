import { format } from 'prettier'
import { expect, it } from 'vitest'
import {
  SETTING_KEYS,
  SETTING_SECTIONS,
  settingDefinitions,
  type SettingKey
} from '../../contract/settings'
import { parseSettings } from './parse'

const headings = {
  appearance: 'Appearance',
  views: 'Views',
  panes: 'Panes',
  memory: 'What the panel remembers'
} as const

const line = (key: SettingKey): string => {
  const { fallback, expected, effect } = settingDefinitions[key]
  const quoted = expected.replaceAll(/"[^"]+"|\b(?:true|false|null)\b/g, (word) => `\`${word}\``)
  return `| \`${key}\` | ${quoted} | \`${JSON.stringify(fallback)}\` | ${effect} |`
}

const example = `// Mine, for the desk in the lab.
{
  "theme": "dark",
  "density": "compact", // two screens of tasks
  "motion": "off",
  "leftWidth": 280
}`

it('docs/settings.md has every key with what it may be and its default, as the schema has them', async () => {
  const tables = SETTING_SECTIONS.map((section) => {
    const keys = SETTING_KEYS.filter((key) => settingDefinitions[key].section === section)
    return `### ${headings[section]}\n\n| Key | What it may be | Default | What it does |\n|---|---|---|---|\n${keys.map(line).join('\n')}\n`
  })
  const wrong = parseSettings('{\n  "theme": "dark",\n  "density": "tiny"\n}\n').problems[0]
  const said = `settings.json:${wrong?.line ?? 0}:${wrong?.column ?? 0}: ${wrong?.message ?? ''}`
  expect(parseSettings(example).problems).toEqual([])
  const text = `# Settings

The settings are one file, \`settings.json\` in the program’s config folder (\`~/.config/rvpanel\`
on Linux, or the folder given with \`--user-data-dir\`). **Settings…** (\`Ctrl+,\`) changes the most
used ones; **Open settings file** (in the palette, the menu and that dialog) opens it in the editor
that the desktop has for it.

The file is JSON with comments, and commas may stand behind the last entry. An edit acts at once in
the open window. What is changed in the window is written into the file: only the value changes,
comments, order and indentation stay; a new key comes behind the last one. The file is replaced as
a whole, so that a full disk or a crash leaves the old one; a symbolic link stays a link.

\`\`\`jsonc
${example}
\`\`\`

## A mistake in the file

The window names file, line and column, and what was expected:

    ${said}

That key then has its default, and everything else in the file counts. A key that is not known is
named and left alone. Where the file is no JSON at the moment, what can be read of it counts, and
the panel does not write into it: what is changed in the window meanwhile counts, is named beside
the mistake, and is written as soon as the file is correct again. When the program ends before
that, those changes are lost; the file never is. The same holds for a file that cannot be written.

## Every key

${tables.join('\n')}
The target’s wall clock is not known to the panel, therefore times are told since its boot or as
how long ago.

State colours are made for eyes that see less colour: neighbouring states differ by at least 17
(CIEDE2000) with the hues, in the dark and in the light theme, also with protanopia, deuteranopia
and tritanopia; the steps of lightness differ by at least 10 even without any sense of hue. Beside
its colour each state has a sign, which stands on the lanes of the timeline and before its name.
The system’s wishes for more contrast and for forced colours are followed.
`
  const formatted = await format(text, {
    parser: 'markdown',
    printWidth: 100,
    proseWrap: 'preserve',
    singleQuote: true,
    trailingComma: 'none'
  })
  await expect(formatted).toMatchFileSnapshot('../../../docs/settings.md')
})
