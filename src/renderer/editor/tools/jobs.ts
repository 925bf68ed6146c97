import type { ModelText } from '../../../contract/model-files'
import type { Automaton } from '../../../model/automaton'
import { formatDiagnostic } from '../../../model/diagnostics'
import { parseDot } from '../../../model/dot'
import { specOfAutomaton, specOfLtl } from '../../../model/draw/spec'
import { commentOf, COMMENT_MARGIN, textOf } from '../../../model/draw/text'
import type { Charset } from '../../../model/draw/text'
import { wrapped } from '../../../model/draw/text/graph'
import { acceptedWords, countWords } from '../../../model/explore/graph'
import { printWord } from '../../../model/explore/print'
import { GenerateError } from '../../../model/gen/files'
import type { Generated } from '../../../model/gen/files'
import { completeHandlers } from '../../../model/gen/handlers/complete'
import { generateMonitor, monitorClass } from '../../../model/gen/monitor'
import { treeLines } from '../../../model/gen/patch'
import type { AddedLine } from '../../../model/gen/patch'
import type { Instrumentation, MonitorType } from '../../../model/instrumentation'
import { parseInstrumentation } from '../../../model/instrumentation-yaml'
import type { MonitorSpec } from '../../../model/instrumentation-yaml'
import { parseLtl } from '../../../model/ltl/parse'
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

/** What the instrumentation says of the monitor as a whole. */
export interface Head {
  readonly name: string
  readonly type: MonitorType
  readonly parent: string | undefined
  readonly description: string
}

/** What the fields of the generator say; an empty field leaves it to the files. */
export interface GenerateFields {
  readonly name: string
  readonly type: MonitorType | ''
  readonly parent: string
  readonly description: string
  /** Without the handlers that the instrumentation makes. */
  readonly skeleton: boolean
}

/** What was generated, or why not. */
export interface GeneratedHere {
  readonly generated: Generated | undefined
  /** What stops it, and what is only to be known, one sentence each. */
  readonly problems: readonly string[]
  /** Lines that the files of a kernel tree get. */
  readonly tree: readonly AddedLine[]
  readonly head: Head | undefined
  /** Whether NAME.c has places marked XXX for the author. */
  readonly skeleton: boolean
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

const isYaml = (name: string): boolean => /\.ya?ml$/.test(name)

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

function readSpec(files: readonly ModelText[]): {
  readonly spec: MonitorSpec | undefined
  readonly error: string
} {
  const file = files.find(({ name }) => !isYaml(name))
  if (file === undefined) return { spec: undefined, error: '' }
  if (file.name.endsWith('.ltl')) {
    const { model, diagnostics } = parseLtl(file.text, file.name)
    if (model !== undefined) return { spec: { kind: 'ltl', ltl: model }, error: '' }
    return { spec: undefined, error: firstError(diagnostics) }
  }
  const { automaton, diagnostics } = parseDot(file.text, file.name)
  if (automaton !== undefined) return { spec: { kind: 'automaton', automaton }, error: '' }
  return { spec: undefined, error: firstError(diagnostics) }
}

function readYaml(
  files: readonly ModelText[],
  spec: MonitorSpec
): Partial<ReturnType<typeof parseInstrumentation>> & { readonly file?: ModelText } {
  const file = files.find(({ name }) => isYaml(name))
  return file === undefined ? {} : { file, ...parseInstrumentation(file.text, file.name, spec) }
}

type Diagnostics = ReturnType<typeof parseDot>['diagnostics']

const firstError = (diagnostics: Diagnostics): string => {
  const error = diagnostics.find(({ severity }) => severity === 'error')
  return error === undefined ? '' : formatDiagnostic(error)
}

const headOf = ({ monitor, type, parent, description }: Instrumentation): Head => ({
  name: monitor,
  type,
  parent,
  description
})

/** As `rvpanel gen monitor` does it, with a sentence for each thing that stops it. */
function generate(files: readonly ModelText[], fields: GenerateFields): GeneratedHere {
  const none = { generated: undefined, tree: [], head: undefined, skeleton: fields.skeleton }
  const { spec, error } = readSpec(files)
  if (spec === undefined) return { ...none, problems: [error] }
  const { instrumentation, diagnostics = [], file } = readYaml(files, spec)
  if (file !== undefined && instrumentation === undefined && !fields.skeleton) {
    return { ...none, problems: [firstError(diagnostics)] }
  }
  const stem = spec.kind === 'ltl' ? spec.ltl.name : spec.automaton.name
  const type = fields.type === '' ? (instrumentation?.type ?? 'global') : fields.type
  const head: Head = {
    name: fields.name === '' ? (instrumentation?.monitor ?? stem) : fields.name,
    type: spec.kind === 'ltl' && fields.type === '' ? 'per_task' : type,
    parent: fields.parent === '' ? instrumentation?.parent : fields.parent,
    description:
      fields.description === ''
        ? (instrumentation?.description ?? 'auto-generated')
        : fields.description
  }
  const wanted = !fields.skeleton && (instrumentation?.tracepoints.length ?? 0) > 0
  if (wanted && instrumentation !== undefined && instrumentation.type !== head.type) {
    const problem = `${file?.name ?? ''} has handlers of a ${instrumentation.type} monitor, and the type is ${head.type}; expected the same, or a skeleton.`
    return { ...none, head, problems: [problem] }
  }
  const completed =
    wanted && instrumentation !== undefined && file !== undefined
      ? completeHandlers(instrumentation, spec, head.name, { file: file.name, text: file.text })
      : undefined
  const said = (completed?.diagnostics ?? []).map(formatDiagnostic)
  if (completed !== undefined && completed.handlers === undefined) {
    return { ...none, head, problems: said }
  }
  try {
    const generated = generateMonitor(spec, head, completed?.handlers)
    const monitor = { class: monitorClass(spec), type: head.type }
    const tree = treeLines({ name: head.name, monitor, parent: head.parent })
    return {
      generated,
      problems: [...said, ...generated.warnings],
      tree: tree.map(({ file: name, line }) => ({ file: name, line })),
      head,
      skeleton: completed === undefined
    }
  } catch (failure) {
    if (isRefusal(failure)) return { ...none, head, problems: [failure.message] }
    throw failure
  }
}
