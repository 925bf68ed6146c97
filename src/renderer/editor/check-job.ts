import type { ModelText } from '../../contract/model-files'
import { checkModel } from '../../model/check'
import type { Diagnostic } from '../../model/diagnostics'
import { assembleModel } from '../../model/load'
import type { ContainerModel } from '../../model/load'
import { parseLtl } from '../../model/ltl/parse'

/** What is to be checked: the files of one model. */
export interface CheckJob {
  readonly id: number
  readonly files: readonly ModelText[]
  /** Names of the containers that a parent may be. */
  readonly containers: readonly string[]
}

/** Every finding, with the name of its file. */
export interface CheckDone {
  readonly id: number
  readonly diagnostics: readonly Diagnostic[]
  /** Of a sound formula: the automaton that the kernel runs for it. */
  readonly buchi: BuchiDrawing | undefined
}

/** A Büchi automaton as it is drawn. */
export interface BuchiDrawing {
  /** By state: what has to hold in it. */
  readonly labels: readonly string[]
  readonly initial: readonly boolean[]
  /** Pairs of states. */
  readonly edges: readonly (readonly [number, number])[]
}

const isYaml = (name: string): boolean => /\.ya?ml$/.test(name)

/** The automaton of a formula's file; undefined where there is none, or it is not sound. */
export function buchiOf({ files }: Pick<CheckJob, 'files'>): BuchiDrawing | undefined {
  const file = files.find(({ name }) => name.endsWith('.ltl'))
  const buchi = file && parseLtl(file.text, file.name).model?.buchi
  if (buchi === undefined) return undefined
  const states = [...buchi.labelTexts.keys()]
  const has = (set: number, state: number): boolean => ((set >>> state) & 1) === 1
  return {
    labels: buchi.labelTexts,
    initial: states.map((state) => has(buchi.initial, state)),
    edges: states.flatMap((from) =>
      states
        .filter((to) => has(buchi.successors[from] ?? 0, to))
        .map((to): [number, number] => [from, to])
    )
  }
}

/** Checks a model's text, and its instrumentation against it. */
export function checkFiles({ files, containers }: Omit<CheckJob, 'id'>): Diagnostic[] {
  const spec = files.find((file) => !isYaml(file.name))
  const found: Diagnostic[] = spec === undefined ? [] : [...checkModel(spec.text, spec.name)]
  const { diagnostics } = assembleModel(files, containersOf(containers))
  return [...found, ...diagnostics.filter((d) => isYaml(d.file))]
}

/** As models, which a parent is looked up in. */
export function containersOf(names: readonly string[]): ContainerModel[] {
  return names.map((name) => ({ kind: 'container', name, description: '' }))
}
