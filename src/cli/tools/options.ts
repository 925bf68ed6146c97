import { quote, UsageFailure } from '../io'

/** Takes one of some words. @throws UsageFailure naming them */
export function choice<T extends string>(option: string, words: readonly T[]): (text: string) => T {
  return (text) => {
    const word = words.find((one) => one === text)
    if (word !== undefined) return word
    throw new UsageFailure(`${option} expects ${words.join(' or ')}, got ${quote(text)}`)
  }
}
