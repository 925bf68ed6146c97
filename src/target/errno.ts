import { TracefsError, type TracefsErrorCode } from './port'

/** What C libraries (glibc, musl, uClibc) and shells say for an errno, in the C locale. */
const WORDS: readonly (readonly [RegExp, TracefsErrorCode])[] = [
  [/invalid argument/i, 'EINVAL'],
  // musl and uClibc say it in other words.
  [/result out of range|result not representable|numerical argument out/i, 'ERANGE'],
  [/resource busy|text file busy/i, 'EBUSY'],
  [/file exists/i, 'EEXIST'],
  // dash says "Directory nonexistent" and "nonexistent directory" for ENOENT of a redirection.
  [/no such file|directory nonexistent|nonexistent directory/i, 'ENOENT'],
  [/permission denied/i, 'EACCES'],
  [/operation not permitted/i, 'EPERM'],
  [/cannot allocate memory|out of memory/i, 'ENOMEM'],
  [/no such device/i, 'ENODEV'],
  [/read-only file system/i, 'EROFS'],
  [/directory not empty/i, 'ENOTEMPTY'],
  [/not a directory/i, 'ENOTDIR'],
  [/is a directory/i, 'EISDIR']
]

const MEANING: Readonly<Record<TracefsErrorCode, string>> = {
  EINVAL: 'Invalid argument',
  ERANGE: 'Numerical result out of range',
  EBUSY: 'Device or resource busy',
  EEXIST: 'File exists',
  ENOENT: 'No such file or directory',
  EACCES: 'Permission denied',
  EPERM: 'Operation not permitted',
  ENOMEM: 'Cannot allocate memory',
  ENODEV: 'No such device',
  EIO: 'Input/output error',
  EROFS: 'Read-only file system',
  ENOTDIR: 'Not a directory',
  EISDIR: 'Is a directory',
  ENOTEMPTY: 'Directory not empty',
  LINK: 'the link to the target is gone',
  PANIC: 'the kernel has panicked'
}

/** The errno in a tool's message; EIO where it says nothing known. */
export function codeOf(message: string): TracefsErrorCode {
  return WORDS.find(([pattern]) => pattern.test(message))?.[1] ?? 'EIO'
}

/** What was tried, as the beginning of the sentence about its refusal. */
export type Attempt =
  | { readonly op: 'read' | 'list' | 'mkdir' | 'rmdir' | 'stream'; readonly path: string }
  | { readonly op: 'write'; readonly path: string; readonly data: string }

/** A refusal in one sentence: what was tried, on which file, what the target said. */
export function refusal(attempt: Attempt, code: TracefsErrorCode): TracefsError {
  return new TracefsError(code, attempt.path, `${describe(attempt)}: ${MEANING[code]}.`)
}

function describe(attempt: Attempt): string {
  switch (attempt.op) {
    case 'read':
      return `Cannot read ${attempt.path}`
    case 'list':
      return `Cannot list ${attempt.path}`
    case 'mkdir':
      return `Cannot create ${attempt.path}`
    case 'rmdir':
      return `Cannot remove ${attempt.path}`
    case 'stream':
      return `Cannot open ${attempt.path}`
    case 'write':
      return `The target refused ${JSON.stringify(attempt.data.trim())} in ${attempt.path}`
  }
}

/** For calls on a link that is gone: one sentence that says why. */
export function linkError(path: string, message: string): TracefsError {
  return new TracefsError('LINK', path, message)
}
