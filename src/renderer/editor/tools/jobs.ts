import type { ModelText } from '../../../contract/model-files'
import type { Automaton } from '../../../model/automaton'
import { specOfAutomaton, specOfLtl } from '../../../model/draw/spec'
import { commentOf, COMMENT_MARGIN, textOf } from '../../../model/draw/text'
import type { Charset } from '../../../model/draw/text'
import { wrapped } from '../../../model/draw/text/graph'
import { acceptedWords, countWords } from '../../../model/explore/graph'
import { printWord } from '../../../model/explore/print'
import { GenerateError } from '../../../model/gen/files'
import type { MonitorSpec } from '../../../model/instrumentation-yaml'
import { compareModels } from '../../../model/ops/compare'
import { complement } from '../../../model/ops/complement'
import type { Language } from '../../../model/ops/dfa'
import { OperationFailure } from '../../../model/ops/failure'
import type { AtomMeaning } from '../../../model/ops/ltl/atoms'
import { minimize } from '../../../model/ops/minimize'
import { product } from '../../../model/ops/product'
import { project } from '../../../model/ops/project'
import { trim } from '../../../model/ops/trim'
import type { Comparison } from '../../../model/ops/witness'
import { printDot } from '../../../model/print-dot'
import { generate } from './generate/generate'
import type { GeneratedHere, GenerateFields } from './generate/generate'
import { headOf, readSpec, readYaml } from './read-files'
import type { Head } from './read-files'

/*
 * What the panes ask of the model's functions: the same ones as the command line. Values that a
 * thread can be sent, in and out.
 */

/** A model whose text was read; without `spec` it has errors, of which `error` is the first. */
export interface ReadModel {
  readonly spec: MonitorSpec | undefined
  readonly error: string
  /** Of the instrumentation beside it, where that is sound. */
  readonly parameters: readonly { readonly name: string; readonly value: number }[]
  readonly head: Head | undefined
}

/** Accepted sequences. */
export interface Words {
  /** How many there are of each length. */
  readonly counts: readonly bigint[]
  /** The first ones, each as its events in one line. */
  readonly words: readonly string[]
}

export type Operation = 'product' | 'minimize' | 'trim' | 'complement' | 'project'

/** One piece of work, and what comes of it. */
export interface Jobs {
  read: { input: { readonly files: readonly ModelText[] }; output: ReadModel }
  compare: {
    input: {
      readonly a: MonitorSpec
      readonly b: MonitorSpec
      readonly marked: boolean
      readonly alphabet: 'union' | 'common'
      readonly atoms: ReadonlyMap<string, AtomMeaning>
    }
    output: Comparison
  }
  operate: {
    input: {
      readonly operation: Operation
      /** Of the model that is made. */
      readonly name: string
      readonly a: Automaton
      readonly b: Automaton | undefined
      readonly keep: readonly string[]
      readonly language: Language
    }
    /** DOT. */
    output: string
  }
  words: {
    input: {
      readonly automaton: Automaton
      readonly length: number
      readonly limit: number
      readonly language: Language
    }
    output: Words
  }
  generate: {
    input: { readonly files: readonly ModelText[]; readonly fields: GenerateFields }
    output: GeneratedHere
  }
  text: {
    input: {
      readonly spec: MonitorSpec
      readonly charset: Charset
      readonly comment: boolean
      readonly width: number
    }
    output: string
  }
}

export type JobKind = keyof Jobs

/** Does one piece of work. @throws Error with one sentence for the user */
export function perform<K extends JobKind>(kind: K, input: Jobs[K]['input']): Jobs[K]['output'] {
  return (PERFORM[kind] as (input: Jobs[K]['input']) => Jobs[K]['output'])(input)
}

/** Whether an error says in words for the user what cannot be done. */
export const isRefusal = (error: unknown): error is Error =>
  error instanceof OperationFailure || error instanceof GenerateError

const PERFORM: { readonly [K in JobKind]: (input: Jobs[K]['input']) => Jobs[K]['output'] } = {
  read: ({ files }) => {
    const { spec, error } = readSpec(files)
    const instrumentation = spec && readYaml(files, spec).instrumentation
    return {
      spec,
      error,
      head: instrumentation && headOf(instrumentation),
      parameters:
        instrumentation?.parameters.flatMap(({ name, default: value }) =>
          value === 'tick' ? [] : [{ name, value }]
        ) ?? []
    }
  },
  compare: ({ a, b, marked, alphabet, atoms }) =>
    compareModels(a, b, { language: marked ? 'marked' : 'prefixes', alphabet, atoms }),
  operate: ({ operation, name, a, b, keep, language }) => {
    const result = operated(operation, a, b, keep, language)
    return printDot({ ...result, name })
  },
  words: ({ automaton, length, limit, language }) => {
    const words: string[] = []
    for (const word of acceptedWords(automaton, length, language)) {
      if (words.length === limit) break
      words.push(printWord(automaton, word))
    }
    return { counts: countWords(automaton, length, language), words }
  },
  generate: ({ files, fields }) => generate(files, fields),
  text: ({ spec, charset, comment, width }) => {
    const columns = width - (comment ? COMMENT_MARGIN : 0)
    const graph = spec.kind === 'ltl' ? specOfLtl(spec.ltl) : specOfAutomaton(spec.automaton)
    const { lines } = textOf(graph, { width: columns, charset })
    const rule = spec.kind === 'ltl' ? [...wrapped(`RULE = ${spec.ltl.rule}`, columns), ''] : []
    const all = [...rule, ...lines]
    return `${(comment ? commentOf(all) : all).join('\n')}\n`
  }
}

function operated(
  operation: Operation,
  a: Automaton,
  b: Automaton | undefined,
  keep: readonly string[],
  language: Language
): Automaton {
  switch (operation) {
    case 'product':
      if (b === undefined) throw new OperationFailure('A product is made of two automata.')
      return product(a, b)
    case 'minimize':
      return minimize(a, language)
    case 'trim':
      return trim(a, language)
    case 'complement':
      return complement(a, language)
    case 'project':
      return project(a, keep)
  }
}
