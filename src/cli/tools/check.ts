import type { Command } from 'commander'
import { MODEL_CLASSES, type ModelClass } from '../../model/check'
import { MAX_FILE_BYTES } from '../../model/check/decode'
import { linesOf } from '../../model/check/excerpt'
import { checkFiles, type CheckFile } from '../../model/check/files'
import { fixModel, type FixedModel } from '../../model/check/fix'
import { lineDiff } from '../../model/check/line-diff'
import { sarif, type CheckedFile } from '../../model/check/sarif'
import type { Diagnostic, Severity } from '../../model/diagnostics'
import { quote, UsageFailure } from '../io'
import type { CliIo } from '../io'
import { readModels } from '../models'
import { findFiles, textOf, type FoundFiles } from './check/files'
import { readStandardInput } from './standard-input'
import { writeAll } from './write-files'
import { changes, fixed, painter, report, summary, type Counts } from './check/report'

const FORMATS = ['human', 'json', 'sarif'] as const
const SEVERITIES = ['error', 'warning', 'note'] as const

interface Options {
  readonly class?: ModelClass
  readonly format: (typeof FORMATS)[number]
  readonly severity: Severity
  readonly strict?: true
  readonly fix?: true
  readonly dryRun?: true
  readonly name?: string
}

/** `check FILE…`: says what is wrong with models. */
export function addCheck(program: Command, io: CliIo, done: (code: number) => void): void {
  program
    .command('check')
    .description('say what is wrong with models: .dot, .gv and .ltl files, .yaml beside them')
    .argument('<file...>', 'files and folders; - for standard input')
    .option(
      '-c, --class <class>',
      'class of the monitor: da, ha or ltl',
      oneOf('-c', MODEL_CLASSES)
    )
    .option('--format <format>', 'human, json or sarif', oneOf('--format', FORMATS), 'human')
    .option(
      '--severity <severity>',
      'show error, warning or note and what is worse',
      oneOf('--severity', SEVERITIES),
      'note'
    )
    .option('--strict', 'notes count as findings too: exit code 1')
    .option('--fix', 'apply the best fix of each error and warning that has one')
    .option('--dry-run', 'with --fix: show what would change and write nothing')
    .option('--name <file>', 'what the text of standard input is called')
    .action(async (paths: string[], options: Options) => {
      done(await check(paths, options, program.opts<{ models?: string }>().models, io))
    })
}

function oneOf<T extends string>(option: string, choices: readonly T[]): (text: string) => T {
  return (text) => {
    const choice = choices.find((c) => c === text)
    if (choice !== undefined) return choice
    throw new UsageFailure(`${option} expects ${choices.join(', ')}; got ${quote(text)}`)
  }
}

async function check(
  paths: readonly string[],
  options: Options,
  models: string | undefined,
  io: CliIo
): Promise<number> {
  checkUsage(paths, options)
  const found = await findFiles(
    paths.filter((p) => p !== '-'),
    options.class !== undefined
  )
  const input = paths.includes('-') ? await standardInput(options, io) : undefined
  const files = typeof input === 'object' && 'text' in input ? [...found.files, input] : found.files
  const unread =
    typeof input === 'object' && 'code' in input ? [...found.unread, input] : found.unread
  const hasYaml = files.some((f) => /\.ya?ml$/.test(f.name))
  const settings = {
    class: options.class,
    ...(hasYaml ? { before: await readModels(io, models) } : {})
  }
  const paint = painter(options.format === 'human' && io.color === true)
  let changed: readonly CheckFile[] = files
  if (options.fix === true)
    changed = await fixFiles(files, found, options, settings.class, io, paint)
  const results = checkFiles(options.dryRun === true ? files : changed, settings)
  const wanted = (d: Diagnostic): boolean =>
    SEVERITIES.indexOf(d.severity) <= SEVERITIES.indexOf(options.severity)
  const checked: CheckedFile[] = [
    ...[...results].map(([{ path, text }, all]) => ({
      path,
      text,
      diagnostics: all.filter(wanted)
    })),
    ...unread.map((d) => ({ path: d.file, text: undefined, diagnostics: [d].filter(wanted) }))
  ]
  const counts = count(checked.flatMap((f) => f.diagnostics))
  switch (options.format) {
    case 'json':
      await io.out(`${JSON.stringify(asJson(checked, counts), undefined, 2)}\n`)
      break
    case 'sarif':
      await io.out(`${JSON.stringify(sarif(checked, io.version), undefined, 2)}\n`)
      break
    case 'human':
      for (const file of checked) {
        const text = report(file, paint)
        if (text !== '') await io.out(text)
      }
      await io.out(summary(checked.length, counts, fixable(checked)))
  }
  const findings = counts.error + counts.warning + (options.strict === true ? counts.note : 0)
  return findings > 0 ? 1 : 0
}

function checkUsage(paths: readonly string[], { dryRun, fix, name }: Options): void {
  if (dryRun === true && fix !== true) {
    throw new UsageFailure('--dry-run says what --fix would do; expected both')
  }
  if (fix === true && paths.includes('-')) {
    throw new UsageFailure('--fix writes files, and - is standard input; expected files')
  }
  if (name !== undefined && !paths.includes('-')) {
    throw new UsageFailure('--name is what standard input is called; expected - among the files')
  }
}

async function standardInput(options: Options, io: CliIo): Promise<CheckFile | Diagnostic> {
  const path = options.name ?? (options.class === 'ltl' ? 'stdin.ltl' : 'stdin.dot')
  const bytes = await readStandardInput(io, MAX_FILE_BYTES)
  const text = textOf(bytes, path)
  if (typeof text !== 'string') return text
  return { folder: '-', name: path.replace(/^.*[/\\]/, ''), path, text, isContext: false }
}

/** Mends the models, or says what that would be. @returns the files with their new texts */
async function fixFiles(
  files: readonly CheckFile[],
  { origins }: FoundFiles,
  options: Options,
  wanted: ModelClass | undefined,
  io: CliIo,
  paint: ReturnType<typeof painter>
): Promise<readonly CheckFile[]> {
  // What a program reads from standard output has one form.
  const say = async (text: string): Promise<void> => {
    if (options.format === 'human') await io.out(text)
    else io.err(text)
  }
  const after: CheckFile[] = []
  for (const file of files) {
    const origin = origins.get(file)
    const result: FixedModel | undefined =
      file.isContext || origin === undefined || /\.ya?ml$/.test(file.name)
        ? undefined
        : fixModel(file.text, file.path, { class: wanted })
    if (result === undefined || origin === undefined || result.text === file.text) {
      after.push(file)
      continue
    }
    if (options.dryRun !== true) await writeAll([{ path: origin, text: result.text }])
    const what = options.dryRun === true ? 'would fix' : 'fixed'
    await say(fixed(file.path, result.applied, what, paint))
    if (options.dryRun === true) {
      await say(changes(lineDiff(linesOf(file.text), linesOf(result.text)), paint))
    }
    after.push({ ...file, text: result.text })
  }
  return after
}

function count(diagnostics: readonly Diagnostic[]): Counts {
  const counts = { error: 0, warning: 0, note: 0 }
  for (const d of diagnostics) counts[d.severity]++
  return counts
}

/** Findings that --fix would take. */
function fixable(files: readonly CheckedFile[]): number {
  return files
    .flatMap((f) => f.diagnostics)
    .filter((d) => d.severity !== 'note' && d.fixes?.some((f) => f.loses !== true) === true).length
}

/** The form of `--format json`: its fields stay, others may join them. */
function asJson(files: readonly CheckedFile[], counts: Counts): object {
  return {
    version: 1,
    files: files.map(({ path, diagnostics }) => ({ path, diagnostics })),
    summary: {
      files: files.length,
      errors: counts.error,
      warnings: counts.warning,
      notes: counts.note
    }
  }
}
