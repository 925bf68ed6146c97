import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { SETTING_KEYS, type SettingsState } from '../../contract/settings'
import { setInText } from './edit'
import { parseSettings } from './parse'
import { SettingsFile } from './settings-file'

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'rvpanel-settings-'))
  onTestFinished(() => {
    rmSync(made, { recursive: true, force: true })
  })
  return made
}

/** A file with this text, and what is told of it. */
function opened(text?: string) {
  const file = join(folder(), 'settings.json')
  if (text !== undefined) writeFileSync(file, text)
  const told: SettingsState[] = []
  const settings = new SettingsFile(file, (state) => told.push(state))
  const read = (): string => readFileSync(file, 'utf8')
  return { file, settings, told, read }
}

const messages = (text: string): string[] =>
  parseSettings(text).problems.map((one) => `${one.line}:${one.column} ${one.message}`)

describe('what a text of settings says', () => {
  it('counts with comments, trailing commas and a byte-order mark', () => {
    const text = '\uFEFF// mine\n{\n  "theme": "dark", /* so */\n  "leftWidth": 300,\n}\n'
    const { values, given, problems } = parseSettings(text)
    expect([values.theme, values.leftWidth, values.density]).toEqual(['dark', 300, 'comfortable'])
    expect([given, problems]).toEqual([['theme', 'leftWidth'], []])
  })

  it('names line, key and what was expected, and takes the rest', () => {
    const text = '{\n  "theme": "blue",\n  "leftWidth": 9000,\n  "motion": "off"\n}\n'
    expect(messages(text)).toEqual([
      '2:12 theme: expected "system", "dark" or "light", found "blue".',
      '3:16 leftWidth: expected a number from 160 to 640, found 9000.'
    ])
    const { values, sound } = parseSettings(text)
    expect([values.theme, values.leftWidth, values.motion, sound]).toEqual([
      'system',
      328,
      'off',
      true
    ])
  })

  it.each([
    ['{\n  "theme": "dark"\n  "motion": "off"\n}', '3:3 expected a comma before this.'],
    ['{\n  "theme": "dark"\n', '3:1 expected a closing brace }.'],
    ['{\n  theme: "dark"\n}', '2:3 there is a sign that JSON does not have.'],
    ['[1]', '1:1 expected an object in braces, found [1].'],
    ['{ "thme": "dark" }', '1:3 there is no setting "thme"; theme was probably meant.'],
    ['{ "__proto__": { "theme": "dark" } }', '1:3 there is no setting "__proto__".'],
    [
      '{\n"theme": "dark",\n"theme": "light" }',
      '3:1 theme stands in the file twice; the first one counts.'
    ]
  ])('%j: %s', (text, message) => {
    expect(messages(text)[0]).toBe(message)
  })

  it('of an unclosed file still counts', () => {
    const { values, sound } = parseSettings('{ "theme": "light", "motion": "off"')
    expect([values.theme, values.motion, sound]).toEqual(['light', 'off', false])
  })

  it('is never more than a list of problems, whatever the text is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        expect(Object.keys(parseSettings(text).values)).toEqual(SETTING_KEYS)
      })
    )
  })
})

describe('a change of a text', () => {
  it('replaces the value alone, in the place and style that the user gave it', () => {
    const text = '{\n\t// colours\n\t"theme" : "dark", // at night\n\t"motion": "off" // last\n}\n'
    expect(setInText(text, 'theme', 'light')).toBe(text.replace('"dark"', '"light"'))
  })

  it.each([
    [
      '{\n    "theme": "dark" // night\n}\n',
      '{\n    "theme": "dark", // night\n    "heat": "off"\n}\n'
    ],
    ['{\n  "theme": "dark", // night\n}\n', '{\n  "theme": "dark", // night\n  "heat": "off"\n}\n'],
    ['{"theme": "dark"}', '{"theme": "dark",\n  "heat": "off"\n}'],
    ['{\n  // nothing yet\n}\n', '{\n  "heat": "off"\n  // nothing yet\n}\n'],
    ['{}', '{\n  "heat": "off"\n}'],
    ['{\r\n  "theme": "dark"\r\n}\r\n', '{\r\n  "theme": "dark",\r\n  "heat": "off"\r\n}\r\n'],
    ['// mine\n', '// mine\n\n{\n  "heat": "off"\n}\n']
  ])('%j becomes %j', (text, expected) => {
    expect(setInText(text, 'heat', 'off')).toBe(expected)
  })

  it('is what is read afterwards, and every comment and every other key is still there', () => {
    const comment = fc.constantFrom('', ' // "x": {,', '\n  /* a\n } */', ' /* b */ // c')
    const folded = fc.array(fc.string({ maxLength: 12 }), { maxLength: 8 })
    fc.assert(
      fc.property(
        fc.array(comment, { minLength: 5, maxLength: 5 }),
        fc.boolean(),
        folded,
        folded,
        (comments, trailing, before, after) => {
          const [a, b, c, d, e] = comments
          const text = `${a ?? ''}\n{${b ?? ''}\n"folded":${c ?? ''}\n${JSON.stringify(before)},${d ?? ''}\n"theme": "dark"${trailing ? ',' : ''}${e ?? ''}\n}\n`
          const changed = setInText(setInText(text, 'folded', after), 'leftWidth', 200)
          const { values, problems } = parseSettings(changed)
          expect(problems).toEqual([])
          expect([values.folded, values.theme, values.leftWidth]).toEqual([after, 'dark', 200])
          for (const one of comments) expect(changed).toContain(one)
        }
      )
    )
  })
})

describe('the file', () => {
  it('is made by the first change, and not by a value that counts anyway', () => {
    const { file, settings, read } = opened()
    settings.change({ theme: 'system' })
    expect(existsSync(file)).toBe(false)
    settings.change({ theme: 'dark' })
    expect(read()).toContain('"theme": "dark"')
    expect(read()).toMatch(/^\/\/ Settings of rvpanel/)
    expect(new SettingsFile(file).values.theme).toBe('dark')
  })

  it('takes no value that is not possible, and no key that is none', () => {
    const { settings, read } = opened('{}')
    settings.change({ theme: 'blue', nothing: 1, constructor: 2, heat: 'off' })
    expect(read()).toBe('{\n  "heat": "off"\n}')
  })

  it('keeps what somebody has written meanwhile', () => {
    const { file, settings } = opened('{ "theme": "dark" }')
    writeFileSync(file, '{ "theme": "light", "motion": "off" }')
    settings.change({ leftWidth: 200 })
    const { theme, motion, leftWidth } = new SettingsFile(file).values
    expect([theme, motion, leftWidth]).toEqual(['light', 'off', 200])
  })

  it('with a mistake is left as it is; what the window changes waits until it is corrected', () => {
    const broken = '{ "theme": "dark" "motion": "off" }'
    const { file, settings, read, told } = opened(broken)
    const state = settings.change({ leftWidth: 200 })
    expect([read(), state.unsaved, state.values.leftWidth]).toEqual([broken, ['leftWidth'], 200])
    writeFileSync(file, '{ "theme": "dark", "motion": "off" }')
    settings.look()
    expect(read()).toContain('"leftWidth": 200')
    expect(told.at(-1)).toMatchObject({ problems: [], unsaved: [] })
  })

  it('that cannot be written says so, and the change counts meanwhile', () => {
    const place = folder()
    writeFileSync(join(place, 'blocked'), '')
    const settings = new SettingsFile(join(place, 'blocked', 'settings.json'))
    const state = settings.change({ theme: 'dark' })
    expect(state.values.theme).toBe('dark')
    expect(state.problems.map((one) => one.message).join()).toMatch(/ENOTDIR|EEXIST/)
  })

  it.each([
    ['a folder', (file: string) => mkdirSync(file), 'it is no file'],
    ['too large', (file: string) => writeFileSync(file, ' '.repeat(2e6)), '2000000 bytes'],
    ['no text', (file: string) => writeFileSync(file, Buffer.from([0xff, 0xfe])), 'not in UTF-8']
  ])('that is %s leaves what counted, and is not replaced', (_, make, sentence) => {
    const { file, settings } = opened('{ "theme": "dark" }')
    rmSync(file)
    make(file)
    settings.look()
    const state = settings.change({ motion: 'off' })
    expect([state.values.theme, state.values.motion]).toEqual(['dark', 'off'])
    expect(state.problems[0]).toMatchObject({ line: 0 })
    expect(state.problems[0]?.message).toContain(sentence)
  })

  it('stays a symbolic link with its permissions', () => {
    const place = folder()
    const real = join(place, 'dotfiles.json')
    writeFileSync(real, '{}')
    chmodSync(real, 0o600)
    symlinkSync(real, join(place, 'settings.json'))
    new SettingsFile(join(place, 'settings.json')).change({ theme: 'dark' })
    expect(readFileSync(real, 'utf8')).toContain('dark')
    expect(statSync(real).mode & 0o777).toBe(0o600)
  })

  it.each(['in place', 'by a new file'])('is watched: an edit %s acts by itself', async (how) => {
    const { file, settings, told } = opened('{ "theme": "dark" }')
    settings.watch()
    onTestFinished(() => {
      settings.close()
    })
    const text = '{ "theme": "light" }'
    if (how === 'in place') writeFileSync(file, text)
    else {
      writeFileSync(`${file}~`, text)
      renameSync(`${file}~`, file)
    }
    await vi.waitFor(
      () => {
        expect(told.at(-1)?.values.theme).toBe('light')
      },
      { timeout: 20_000 }
    )
  })
})
