import { LEVELS } from './log-filter'

/*
 * The controls beside the filter of the kernel log are shorthands: they write into the filter what
 * one could have typed.
 */

const LEVEL = /(^|\s)level<=([a-z]+)(?=\s|$)/u
const RV = /(^|\s)is:rv(?=\s|$)/u

/** The least severe level that a filter lets through, by its number; null: it says nothing of it. */
export function levelOf(filter: string): number | null {
  const level = LEVELS.findIndex((name) => name === LEVEL.exec(filter)?.[2])
  return level < 0 ? null : level
}

/** A filter that lets levels up to a number through; null: all. */
export function withLevel(filter: string, level: number | null): string {
  const name = level === null ? undefined : LEVELS[level]
  return joined(filter.replace(LEVEL, ''), name === undefined ? '' : `level<=${name}`)
}

/** Whether a filter asks for lines of RV. */
export function isRvOnly(filter: string): boolean {
  return RV.test(filter)
}

export function withRvOnly(filter: string, isOn: boolean): string {
  return joined(filter.replace(RV, ''), isOn ? 'is:rv' : '')
}

function joined(filter: string, part: string): string {
  return [filter.trim(), part].filter((text) => text !== '').join(' ')
}
