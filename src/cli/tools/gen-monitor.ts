import { basename, dirname, join } from 'node:path'
import { stat } from 'node:fs/promises'
import { generateMonitor, monitorClass } from '../../model/gen/monitor'
import type { MonitorHead } from '../../model/gen/monitor'
import type { MonitorHandlers } from '../../model/gen/handlers'
import { completeHandlers } from '../../model/gen/handlers/complete'
import { MONITOR_TYPES, parseInstrumentation } from '../../model/instrumentation-yaml'
import type { MonitorSpec } from '../../model/instrumentation-yaml'
import { startsMonitor } from '../../model/instrumentation'
import type { Instrumentation, MonitorType } from '../../model/instrumentation'
import type { Diagnostic } from '../../model/diagnostics'
import type { MonitorClass } from '../../model/gen/trace-header'
import { Failure, quote, UsageFailure } from '../io'
import type { CliIo } from '../io'
import { classOf, required } from './gen-options'
import type { GenOptions } from './gen-options'
import { generating } from './gen-errors'
import { place } from './gen-place'
import { examineSpec, printFindings, unsound } from './model-file'
import { readText } from './text-file'

/** Options of `gen monitor`. */
export interface MonitorOptions extends GenOptions {
  readonly class?: string
  readonly spec?: string
  readonly monitor_type?: string
  readonly parent?: string
  readonly instrumentation?: string
  readonly skeleton?: true
}

/** `rvpanel gen monitor`. @throws Failure with nothing written */
export async function genMonitor(options: MonitorOptions, io: CliIo): Promise<void> {
  const wanted = required(options.class, '-c/--class')
  const file = required(options.spec, '-s/--spec')
  const yaml = await instrumentationFile(file, options)
  if (yaml === undefined) required(options.monitor_type, '-t/--monitor_type')
  await io.out(`Opening and parsing the specification file ${file}\n`)
  const kind = classOf(wanted)
  const given = options.monitor_type
  const type = given === undefined ? undefined : typeOf(given)
  const { spec, diagnostics } = await examineSpec(file, kind, options.model_name !== undefined)
  const beside =
    spec === undefined || yaml === undefined ? undefined : await readInstrumentation(yaml, spec)
  // What rvgen finds no event for, a handler of the file beside the model does.
  const isStarted = beside?.instrumentation !== undefined && startsMonitor(beside.instrumentation)
  printFindings(
    diagnostics.filter(({ code }) => !isStarted || code !== 'no-start-event'),
    io
  )
  if (spec === undefined) throw unsound(file)
  expectClass(spec, kind)
  const instrumentation = beside && soundOf(beside, io)
  const head = headOf(options, spec, type, instrumentation, yaml)
  const handlers =
    beside && instrumentation && complete(instrumentation, beside, spec, head.name, io)
  const generated = generating(() => generateMonitor(spec, head, handlers))
  const { name, parent } = head
  const addition = { name, monitor: { class: kind, type: head.type }, parent }
  await place(generated, addition, options, handlers === undefined, io)
}

/** @throws UsageFailure: rvgen takes any type, and writes code that no kernel can compile */
function typeOf(text: string): MonitorType {
  const found = MONITOR_TYPES.find((type) => type === text)
  if (found !== undefined) return found
  throw new UsageFailure(
    `--monitor_type expects one of ${MONITOR_TYPES.join(', ')}; got ${quote(text)}`
  )
}

/** The file of the handlers: the one that is named, or the one beside the model. */
async function instrumentationFile(
  spec: string,
  options: MonitorOptions
): Promise<string | undefined> {
  if (options.skeleton === true) {
    if (options.instrumentation === undefined) return undefined
    throw new UsageFailure(
      '--skeleton leaves out what --instrumentation names; expected one of them'
    )
  }
  if (options.instrumentation !== undefined) return options.instrumentation
  const stem = join(dirname(spec), basename(spec).replace(/\.(dot|gv|ltl)$/, ''))
  for (const path of [`${stem}.yaml`, `${stem}.yml`]) {
    const isFile = await stat(path).then(
      (one) => one.isFile(),
      () => false
    )
    if (isFile) return path
  }
  return undefined
}

/** What the YAML file says; `instrumentation` is undefined where that has errors. */
interface Beside {
  readonly instrumentation: Instrumentation | undefined
  readonly diagnostics: readonly Diagnostic[]
  readonly file: string
  readonly text: string
}

async function readInstrumentation(file: string, spec: MonitorSpec): Promise<Beside> {
  const text = await readText(file)
  return { ...parseInstrumentation(text, file, spec), file, text }
}

/** @throws Failure where the file has errors, which are printed */
function soundOf({ instrumentation, diagnostics, file }: Beside, io: CliIo): Instrumentation {
  if (printFindings(diagnostics, io) || instrumentation === undefined) throw unsound(file)
  return instrumentation
}

/** @throws Failure, as rvgen does for a model of another class than it was told */
function expectClass(spec: MonitorSpec, kind: MonitorClass): void {
  const found = monitorClass(spec)
  if (found === kind) return
  const what = { da: 'deterministic automaton', ha: 'hybrid automaton', ltl: 'LTL formula' }[found]
  throw new Failure(`Detected ${what}, use the '${found}' class`)
}

/**
 * The handlers that the YAML file makes; undefined where it only describes the monitor.
 *
 * @throws Failure where it asks for what C cannot say
 */
function complete(
  instrumentation: Instrumentation,
  { file, text }: Beside,
  spec: MonitorSpec,
  name: string,
  io: CliIo
): MonitorHandlers | undefined {
  if (instrumentation.tracepoints.length === 0) return undefined
  const { handlers, diagnostics } = completeHandlers(instrumentation, spec, name, { file, text })
  if (printFindings(diagnostics, io) || handlers === undefined) throw unsound(file)
  return handlers
}

function headOf(
  options: MonitorOptions,
  spec: MonitorSpec,
  type: MonitorType | undefined,
  beside: Instrumentation | undefined,
  yaml: string | undefined
): MonitorHead {
  const stem = spec.kind === 'ltl' ? spec.ltl.name : spec.automaton.name
  if (beside !== undefined && type !== undefined && beside.type !== type) {
    throw new Failure(
      `${quote(yaml ?? '')} has handlers of a ${beside.type} monitor, and --monitor_type says ${type}; expected the same, or --skeleton`
    )
  }
  return {
    name: options.model_name ?? beside?.monitor ?? stem,
    type: type ?? beside?.type ?? 'global',
    parent: options.parent ?? beside?.parent,
    description: options.description ?? beside?.description ?? 'auto-generated'
  }
}
