import type { ModelText } from '../../../../contract/model-files'
import { formatDiagnostic } from '../../../../model/diagnostics'
import { GenerateError } from '../../../../model/gen/files'
import type { Generated } from '../../../../model/gen/files'
import { completeHandlers } from '../../../../model/gen/handlers/complete'
import { generateKunit } from '../../../../model/gen/kunit'
import { generateContainer, generateMonitor, monitorClass } from '../../../../model/gen/monitor'
import { treeLines } from '../../../../model/gen/patch'
import type { AddedLine } from '../../../../model/gen/patch'
import type { MonitorType } from '../../../../model/instrumentation'
import { firstError, readSpec, readYaml } from '../read-files'
import type { Head } from '../read-files'

/** What the fields of the generator say; an empty field leaves it to the files. */
export interface GenerateFields {
  /** A monitor alone or with the KUnit test of its reactions, or a container for monitors. */
  readonly what: 'monitor' | 'kunit' | 'container'
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

/** As `rvpanel gen` does it, with a sentence for each thing that stops it. */
export function generate(files: readonly ModelText[], fields: GenerateFields): GeneratedHere {
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
  if (fields.what === 'container') return container(head, fields, { ...none, problems: [] })
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
    const alone = generateMonitor(spec, head, completed?.handlers)
    const generated = fields.what === 'kunit' ? withTest(alone) : alone
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
    if (failure instanceof GenerateError) return { ...none, head, problems: [failure.message] }
    throw failure
  }
}

/** The monitor with the test of its reactions, and what NAME.c has to end with for it. */
function withTest(monitor: Generated): Generated {
  const { name, files, warnings } = monitor
  const main = files.find(({ path }) => path === `${name}.c`)
  if (main === undefined) return monitor
  const test = generateKunit(name, main.text, main.path)
  return {
    name,
    warnings,
    files: [
      ...files.map((file) =>
        file === main ? { ...main, text: `${main.text.trimEnd()}\n\n${test.ops}` } : file
      ),
      ...test.files
    ]
  }
}

/** The container that the monitor is to be in, or one of another name. */
function container(monitor: Head, fields: GenerateFields, none: GeneratedHere): GeneratedHere {
  const head: Head = {
    name: fields.name === '' ? (monitor.parent ?? '') : fields.name,
    type: monitor.type,
    parent: undefined,
    description: fields.description === '' ? 'auto-generated' : fields.description
  }
  if (head.name === '') {
    return {
      ...none,
      head,
      problems: ['The monitor has no parent; expected the name of a container.']
    }
  }
  try {
    const generated = generateContainer(head.name, head.description)
    const tree = treeLines({ name: head.name, monitor: undefined, parent: undefined })
    return {
      generated,
      problems: generated.warnings,
      tree: tree.map(({ file, line }) => ({ file, line })),
      head,
      skeleton: false
    }
  } catch (failure) {
    if (failure instanceof GenerateError) return { ...none, head, problems: [failure.message] }
    throw failure
  }
}
