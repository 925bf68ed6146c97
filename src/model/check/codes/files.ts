import { dot } from './code'
import type { CodeEntry } from './code'

/** Files that are no text, or no files. */
export const FILES: readonly CodeEntry[] = [
  {
    code: 'invalid-utf8',
    severity: 'error',
    title: 'Not UTF-8',
    meaning: 'The finding says at which byte. The file may be in Latin-1, or no text at all.',
    rvgen: 'Ends with a Python UnicodeDecodeError.',
    example: dot('"a" [xlabel = "Größe"]', { latin1: true })
  },
  {
    code: 'binary',
    severity: 'error',
    title: 'Not a text',
    meaning: 'The file has NUL bytes near its beginning: it is a program, a picture or an archive.',
    rvgen: 'Refuses it with a syntax error, or ends with a UnicodeDecodeError.',
    example: {
      file: 'm.dot',
      text: '\x7fELF\x02\x01\x01\0\0\0',
      latin1: true,
      excerpt: '\\x7fELF...'
    }
  },
  {
    code: 'file-too-large',
    severity: 'error',
    title: 'Too large to be a model',
    meaning: 'Files of more than 64 MiB are not read.',
    rvgen: 'Reads on, for as long as it takes.'
  },
  {
    code: 'unreadable',
    severity: 'error',
    title: 'Cannot be read',
    meaning:
      'The file is not there, or permission is missing; the finding has the system’s name for it.',
    rvgen: 'Says so.'
  },
  {
    code: 'not-a-file',
    severity: 'error',
    title: 'Not a regular file',
    meaning: 'A pipe, a device or a socket: reading it may never end. `-` reads standard input.',
    rvgen: 'Waits for it.'
  },
  {
    code: 'no-models',
    severity: 'warning',
    title: 'A folder without models',
    meaning: 'Neither it nor a folder in it has a .dot, .gv, .ltl or .yaml file.',
    rvgen: 'Takes one file.'
  },
  {
    code: 'unknown-ending',
    severity: 'error',
    title: 'Neither a model nor an instrumentation',
    meaning: 'Files end in .dot, .gv, .ltl, .yaml or .yml; -c says what another one is.',
    rvgen: 'Refuses it with `not a dot file`.'
  }
]
