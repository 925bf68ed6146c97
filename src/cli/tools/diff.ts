import { compareModels } from '../../model/ops/compare'
import { OperationFailure } from '../../model/ops/failure'
import { ATOM_FORM, parseAtom } from '../../model/ops/ltl/atoms'
import type { AtomMeaning } from '../../model/ops/ltl/atoms'
import type { Comparison, Witness } from '../../model/ops/witness'
import { printable } from '../columns'
import { Failure, quote, UsageFailure } from '../io'
import type { AddTool } from '.'
import { readModel } from './model-file'
import { choice } from './options'

interface DiffOptions {
  readonly marked?: boolean
  readonly alphabet: 'union' | 'common'
  readonly atom?: ReadonlyMap<string, AtomMeaning>
  readonly format: 'human' | 'json'
}

/** `rvpanel diff A B`: what two models have to do with each other. Exit code 1 where they are not equivalent. */
export const addDiff: AddTool = (program, io, done) => {
  program
    .command('diff')
    .description(
      'compare two models: equivalent, included, or a shortest sequence that tells them apart'
    )
    .argument('<a>', 'a model (.dot, .gv or .ltl)')
    .argument('<b>', 'another one')
    .option('--marked', 'compare the sequences that end in a final state')
    .option(
      '--alphabet <which>',
      'events that only one has: union (the other refuses them) or common (hidden)',
      choice('--alphabet', ['union', 'common']),
      'union'
    )
    .option(
      '--atom <atom=events>',
      "when a formula's atom is true: ATOM=event,event, ATOM=!event or ATOM=on..off",
      collectAtoms
    )
    .option('--format <format>', 'human or json', choice('--format', ['human', 'json']), 'human')
    .action(async (a: string, b: string, options: DiffOptions) => {
      const [modelA, modelB] = [await readModel(a, io), await readModel(b, io)]
      const { marked, alphabet, atom, format } = options
      const result = refusing(() =>
        compareModels(modelA, modelB, {
          alphabet,
          language: marked === true ? 'marked' : 'prefixes',
          ...(atom !== undefined && { atoms: atom })
        })
      )
      await io.out(format === 'json' ? asJson(a, b, result) : asText(a, b, result))
      done(result.relation === 'equivalent' ? 0 : 1)
    })
}

/** What an operation refuses, as a failure of the program. */
export function refusing<T>(compute: () => T): T {
  try {
    return compute()
  } catch (error) {
    if (error instanceof OperationFailure) throw new Failure(error.message)
    throw error
  }
}

function collectAtoms(
  text: string,
  before: ReadonlyMap<string, AtomMeaning> | undefined
): ReadonlyMap<string, AtomMeaning> {
  const parsed = parseAtom(text)
  if (parsed === undefined) {
    throw new UsageFailure(`--atom expects ${ATOM_FORM}, got ${quote(text)}`)
  }
  if (before?.has(parsed[0]) === true) {
    throw new UsageFailure(`--atom gives ${parsed[0]} two meanings`)
  }
  return new Map([...(before ?? []), parsed])
}

function asJson(a: string, b: string, { relation, onlyA, onlyB, notes }: Comparison): string {
  const text = { a, b, relation, onlyA: onlyA ?? null, onlyB: onlyB ?? null, notes }
  return `${JSON.stringify(text, null, 2)}\n`
}

function asText(a: string, b: string, { relation, onlyA, onlyB, notes }: Comparison): string {
  const [nameA, nameB] = [printable(a), printable(b)]
  const sentence = {
    equivalent: `${nameA} and ${nameB} are equivalent.`,
    'a-in-b': `${nameA} is included in ${nameB}: all that it accepts ${nameB} accepts too, and more.`,
    'b-in-a': `${nameB} is included in ${nameA}: all that it accepts ${nameA} accepts too, and more.`,
    neither: `${nameA} and ${nameB} are different: each accepts what the other refuses.`
  }[relation]
  const parts = [sentence, ...notes]
  if (onlyA !== undefined) parts.push(...table(onlyA, nameA, nameB, 'a'))
  if (onlyB !== undefined) parts.push(...table(onlyB, nameA, nameB, 'b'))
  return `${parts.join('\n')}\n`
}

/** A sequence, step by step, with the states of both models in columns. */
function table(
  { start, steps, values }: Witness,
  nameA: string,
  nameB: string,
  accepted: 'a' | 'b'
): string[] {
  const [by, not] = accepted === 'a' ? [nameA, nameB] : [nameB, nameA]
  const given = values.length === 0 ? '' : `, with ${values.join(', ')}`
  const title = `Accepted by ${by}, refused by ${not}${given}:`
  const conditions = steps.some(({ condition }) => condition !== undefined)
  const row = (
    event: string,
    condition: string | undefined,
    a: string | undefined,
    b: string | undefined
  ): string[] => [event, ...(conditions ? [condition ?? ''] : []), a ?? 'refused', b ?? 'refused']
  const rows = [
    row('event', 'condition', nameA, nameB),
    row(steps.length === 0 ? '(no event)' : '', undefined, start.a, start.b),
    ...steps.map(({ event, condition, a, b }) => row(event, condition, a, b))
  ]
  const widths = rows[0]?.map((_, i) => Math.max(...rows.map((cells) => cells[i]?.length ?? 0)))
  const lines = rows.map((cells) =>
    `  ${cells.map((cell, i) => cell.padEnd(widths?.[i] ?? 0)).join('  ')}`.trimEnd()
  )
  return ['', title, ...lines]
}
