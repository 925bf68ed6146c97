import type { RestoreResult, RestoreStep } from './port'
import { oneLine } from './sanitize'

/** A file's value as restore steps compare it: trimmed, without NUL; of `reactors`, the one in brackets. */
export function restoreValue(path: string, content: string): string {
  if (/(^|\/)reactors$/.test(path)) return /\[([^\]]*)\]/.exec(content)?.[1] ?? ''
  return content.replaceAll('\0', '').trim()
}

/** Reads what agent.sh says about its plan (`INDEX restored|changed|failed MESSAGE`); a step without a line has failed. */
export function parseRestoreResults(
  steps: readonly RestoreStep[],
  payload: Uint8Array
): RestoreResult[] {
  const said = new Map<number, { word: string; message: string }>()
  let last: { word: string; message: string } | undefined
  for (const line of Buffer.from(payload).toString('utf8').split('\n')) {
    const match = /^([0-9]{1,6}) (restored|changed|failed)(?: (.*))?$/.exec(line)
    if (match?.[1] !== undefined && match[2] !== undefined) {
      last = { word: match[2], message: match[3] ?? '' }
      said.set(Number(match[1]), last)
    } else if (last) {
      last.message += ` ${line}`
    }
  }
  return steps.map((step, index): RestoreResult => {
    const outcome = said.get(index)
    switch (outcome?.word) {
      case 'restored':
        return { step, outcome: 'restored', message: undefined }
      case 'changed':
        return {
          step,
          outcome: 'changed-by-others',
          message: `${step.path} was changed by others meanwhile and left as it is.`
        }
      default: {
        const detail = oneLine(withoutStatistics(outcome?.message ?? 'no answer'))
        return {
          step,
          outcome: 'failed',
          message: `${step.path} could not be put back: ${detail}.`
        }
      }
    }
  })
}

/** A tool's message without the counts that dd adds to it. */
export function withoutStatistics(message: string): string {
  return message.replace(/[0-9]+\+[0-9]+ records (in|out)|[0-9]+ bytes .*copied.*$/gm, '')
}
