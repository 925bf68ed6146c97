import type { Diagnostic } from '../diagnostics'
import { Places } from '../places'
import { CODES } from './codes'

/** Where the register of findings is described. */
const INFORMATION = 'docs/diagnostics.md'

/** Findings of one file, and its text where it could be read. */
export interface CheckedFile {
  readonly path: string
  readonly text: string | undefined
  readonly diagnostics: readonly Diagnostic[]
}

const LEVELS = { error: 'error', warning: 'warning', note: 'note' } as const

/**
 * The findings in the Static Analysis Results Interchange Format 2.1.0 (OASIS),
 * which editors and services for code review read. Columns count UTF-16 units.
 *
 * @param version of the program
 */
export function sarif(files: readonly CheckedFile[], version: string): object {
  const used = new Set(files.flatMap((f) => f.diagnostics.map((d) => d.code)))
  const rules = [...used].sort().map(rule)
  const index = new Map(rules.map((r, i) => [r.id, i]))
  return {
    $schema:
      'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'rvpanel', version, rules } },
        columnKind: 'utf16CodeUnits',
        artifacts: files.map((f) => ({
          location: { uri: uriOf(f.path) },
          ...(f.text === undefined ? {} : { length: new TextEncoder().encode(f.text).length })
        })),
        results: files.flatMap((file, artifact) =>
          file.diagnostics.map((d) => ({
            ruleId: d.code,
            ruleIndex: index.get(d.code) ?? -1,
            level: LEVELS[d.severity],
            message: { text: d.message },
            locations: [
              {
                physicalLocation: {
                  artifactLocation: { uri: uriOf(file.path), index: artifact },
                  region: regionOf(d)
                }
              }
            ],
            ...fixesOf(d, file, artifact)
          }))
        )
      }
    ]
  }
}

function rule(code: string): { readonly id: string } & Record<string, unknown> {
  const entry = CODES.get(code)
  if (entry === undefined) return { id: code }
  return {
    id: code,
    shortDescription: { text: `${entry.title}.` },
    fullDescription: { text: entry.meaning },
    help: { text: `${entry.meaning} rvgen: ${entry.rvgen} See ${INFORMATION}.` },
    defaultConfiguration: { level: LEVELS[entry.severity] }
  }
}

function regionOf(d: Diagnostic): object {
  return {
    startLine: d.line,
    startColumn: d.column,
    endLine: d.endLine,
    endColumn: d.endColumn
  }
}

function fixesOf(d: Diagnostic, { path, text }: CheckedFile, artifact: number): object {
  if (d.fixes === undefined || text === undefined) return {}
  const places = new Places(text)
  return {
    fixes: d.fixes.map((fix) => ({
      description: { text: `${fix.title}.` },
      artifactChanges: [
        {
          artifactLocation: { uri: uriOf(path), index: artifact },
          replacements: fix.edits.map((edit) => {
            const [startLine, startColumn] = places.of(edit.start)
            const [endLine, endColumn] = places.of(edit.end)
            return {
              deletedRegion: { startLine, startColumn, endLine, endColumn },
              ...(edit.text === '' ? {} : { insertedContent: { text: edit.text } })
            }
          })
        }
      ]
    }))
  }
}

/** A path as a relative or `file:` URI. */
function uriOf(path: string): string {
  const encoded = path.replaceAll('\\', '/').split('/').map(encodeURIComponent).join('/')
  return encoded.startsWith('/') ? `file://${encoded}` : encoded
}
