import { describe, expect, it } from 'vitest'
import { applyEdits } from '../text-edit'
import { CODE_GROUPS } from './codes'
import { findingsOf } from './codes.testing'
import { linesOf } from './excerpt'
import { sarif } from './sarif'

/** What a reader takes out of the report; the names are those of the SARIF 2.1.0 schema. */
interface Region {
  startLine: number
  startColumn: number
  endLine: number
  endColumn: number
}
interface Log {
  $schema: string
  version: string
  runs: {
    tool: { driver: { name: string; version: string; rules: { id: string }[] } }
    columnKind: string
    artifacts: { location: { uri: string }; length?: number }[]
    results: {
      ruleId: string
      ruleIndex: number
      level: string
      message: { text: string }
      locations: {
        physicalLocation: { artifactLocation: { uri: string; index: number }; region: Region }
      }[]
      fixes?: {
        description: { text: string }
        artifactChanges: {
          artifactLocation: { uri: string }
          replacements: { deletedRegion: Region; insertedContent?: { text: string } }[]
        }[]
      }[]
    }[]
  }[]
}

const files = CODE_GROUPS.flatMap((group) => group.codes)
  .flatMap(({ example }) => example ?? [])
  .filter((example) => example.latin1 === undefined && example.text.length < 20_000)
  .map((example, i) => ({
    path: `some dir/${i}-${example.file}`,
    text: example.text,
    diagnostics: findingsOf(example)
  }))
const log = JSON.parse(JSON.stringify(sarif(files, '1.2.3'))) as Log
const run = log.runs[0]
if (run === undefined) throw new Error('There is no run.')

describe('the report in SARIF', () => {
  it('says what it is', () => {
    expect(log.version).toBe('2.1.0')
    expect(log.$schema).toMatch(/^https:\/\/.*sarif-schema-2\.1\.0\.json$/)
    expect(Object.keys(log).sort()).toEqual(['$schema', 'runs', 'version'])
    expect(run.tool.driver).toMatchObject({ name: 'rvpanel', version: '1.2.3' })
    expect(run.columnKind).toBe('utf16CodeUnits')
  })

  it('has a rule for each finding, once, where the finding says that it is', () => {
    const ids = run.tool.driver.rules.map((r) => r.id)
    expect(new Set(ids).size).toBe(ids.length)
    expect(run.results.length).toBeGreaterThan(100)
    for (const result of run.results) {
      expect(ids[result.ruleIndex]).toBe(result.ruleId)
      expect(['error', 'warning', 'note']).toContain(result.level)
      expect(result.message.text).not.toBe('')
      expect(result.locations).toHaveLength(1)
    }
  })

  it('has URIs, and places that count from 1 and do not end before they begin', () => {
    for (const { locations } of run.results) {
      const { artifactLocation, region } = locations[0]?.physicalLocation ?? {}
      expect(artifactLocation?.uri).toMatch(/^some%20dir\/[\w.%-]+$/)
      expect(run.artifacts[artifactLocation?.index ?? -1]?.location.uri).toBe(artifactLocation?.uri)
      for (const value of Object.values(region ?? {})) expect(value).toBeGreaterThanOrEqual(1)
      expect(region?.endLine).toBeGreaterThanOrEqual(region?.startLine ?? 0)
    }
    const absolute = sarif([{ path: '/a b/ö.dot', text: '', diagnostics: [] }], '1') as Log
    expect(absolute.runs[0]?.artifacts[0]?.location.uri).toBe('file:///a%20b/%C3%B6.dot')
  })

  it('has fixes that do what they do here', () => {
    let seen = 0
    files.forEach((file, i) => {
      const own = run.results.filter(
        (r) => r.locations[0]?.physicalLocation.artifactLocation.index === i
      )
      own.forEach((result, k) => {
        const fixes = file.diagnostics[k]?.fixes
        expect(result.fixes?.length).toBe(fixes?.length)
        result.fixes?.forEach((fix, f) => {
          seen++
          const offset = (line: number, column: number): number =>
            linesOf(file.text)
              .slice(0, line - 1)
              .reduce((sum, text) => sum + text.length + 1, 0) +
            column -
            1
          const edits = (fix.artifactChanges[0]?.replacements ?? []).map((r) => ({
            start: offset(r.deletedRegion.startLine, r.deletedRegion.startColumn),
            end: offset(r.deletedRegion.endLine, r.deletedRegion.endColumn),
            text: r.insertedContent?.text ?? ''
          }))
          expect(applyEdits(file.text, edits)).toBe(applyEdits(file.text, fixes?.[f]?.edits ?? []))
        })
      })
    })
    expect(seen).toBeGreaterThan(30)
  })
})
