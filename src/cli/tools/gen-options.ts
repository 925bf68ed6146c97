import type { MonitorClass } from '../../model/gen/trace-header'
import { Failure, quote, UsageFailure } from '../io'

/** Options of every `gen` command; the names are those of rvgen. */
export interface GenOptions {
  readonly model_name?: string
  readonly description?: string
  readonly auto_patch?: true
  readonly tree?: string
  readonly force?: true
}

/** The value of an option that rvgen requires. @throws UsageFailure in rvgen's words, which scripts may look for */
export function required(value: string | undefined, option: string): string {
  if (value !== undefined) return value
  throw new UsageFailure(`the following arguments are required: ${option}`)
}

/** @throws Failure: for rvgen, too, an unknown class is no matter of usage */
export function classOf(text: string): MonitorClass {
  if (text === 'da' || text === 'ha' || text === 'ltl') return text
  throw new Failure(`Unknown monitor class: ${quote(text)}; expected da, ha or ltl`)
}
