import { readFileSync, readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { CODES, CODE_GROUPS } from './codes'
import { findingsOf } from './codes.testing'

const entries = CODE_GROUPS.flatMap((group) => group.codes)

/** Findings that the file system raises (the tests of the command have them), or `gen` with more than a text. */
const OF_COMMANDS = [
  'file-too-large',
  'no-models',
  'not-a-file',
  'not-in-c',
  'unknown-ending',
  'unreadable'
]

describe('the register of findings', () => {
  it('has each code once, in kebab case, with words for everything', () => {
    expect(entries).toHaveLength(CODES.size)
    for (const { code, title, meaning, rvgen } of entries) {
      expect(code).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/)
      expect(title).toMatch(/[^.]$/)
      for (const text of [meaning, rvgen]) expect(text).toMatch(/^[\p{Lu}`&\d.]?.*[.]\)?$/u)
    }
    expect(
      entries
        .filter((e) => e.example === undefined)
        .map((e) => e.code)
        .sort()
    ).toEqual(OF_COMMANDS)
  })

  it.each(entries.filter((e) => e.example !== undefined).map((e) => [e.code, e] as const))(
    '%s is raised by its example',
    (code, { example, severity }) => {
      if (example === undefined) throw new Error('There is no example.')
      const found = findingsOf(example)
      const own = found.filter((d) => d.code === code)
      expect(own, found.map((d) => `${d.code}: ${d.message}`).join('\n')).not.toEqual([])
      // That of findings which are not shown is as bad as the worst of them.
      if (code !== 'more-findings') expect(own[0]?.severity).toBe(severity)
      expect(found.filter((d) => !CODES.has(d.code))).toEqual([])
    }
  )

  it('has every code that the sources report', () => {
    const root = new URL('..', import.meta.url)
    const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
      (name) => name.endsWith('.ts') && !/\.(test|testing)\.ts$/.test(name)
    )
    const reported = files.flatMap((name) => {
      const text = readFileSync(new URL(name, root), 'utf8')
      const calls = text.matchAll(
        /(?:\.|#|\b)(?:error|warning|note|broken|readable|report|fileDiagnostic)\(\s*'([a-z0-9]+(?:-[a-z0-9]+)*)',/g
      )
      return [...calls].map((m) => m[1] ?? '')
    })
    expect(reported.length).toBeGreaterThan(100)
    expect([...new Set(reported)].filter((code) => !CODES.has(code))).toEqual([])
  })
})
