import { stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { GeneratedFile } from '../../model/gen/files'
import { generateKunit } from '../../model/gen/kunit'
import { expectName } from '../../model/gen/names'
import { RV_FOLDER } from '../../model/gen/patch'
import { printable } from '../columns'
import { Failure } from '../io'
import type { CliIo } from '../io'
import { required } from './gen-options'
import type { GenOptions } from './gen-options'
import { generating } from './gen-errors'
import { findTree } from './kernel-tree'
import { readText } from './text-file'
import { fileState, writeAll } from './write-files'

/** Options of `gen kunit`. */
export interface KunitOptions extends GenOptions {
  readonly local?: true
}

/** `rvpanel gen kunit`. @throws Failure with nothing written */
export async function genKunit(options: KunitOptions, io: CliIo): Promise<void> {
  const name = required(options.model_name, '-n/--model_name')
  generating(() => {
    expectName(name)
  })
  const file = await findMonitor(name, options)
  const text = await readText(file)
  const test = generating(() => generateKunit(name, text, file))
  const folder = dirname(file)
  const files: GeneratedFile[] = test.files.map((one) => ({
    path: join(folder, one.path),
    text: one.text
  }))
  const states = await Promise.all(files.map(fileState))
  const changed = files.filter((_, i) => states[i] !== 'same')
  const backups = await backupsOf(
    files.filter((_, i) => states[i] === 'different'),
    io
  )
  const appended = options.auto_patch === true && !test.hasOps
  await writeAll([
    ...backups,
    ...(appended ? [{ path: file, text: `${text.trimEnd()}\n\n${test.ops}` }] : []),
    ...changed
  ])
  for (const { path } of backups) await io.out(`Kept the file that was there as ${path}\n`)
  if (appended) await io.out(`Appended rv_${name}_ops to ${file}\n`)
  else if (test.hasOps) await io.out(`${file} has rv_${name}_ops already, and is left as it is\n`)
  else await io.out(`Append the following to ${name}.c:\n\n${test.ops}\n`)
  for (const { path } of changed) {
    const what = path.endsWith('.h') ? 'header' : 'C'
    await io.out(`Successfully created KUnit ${what} file: ${path}\n`)
  }
  if (changed.length === 0) await io.out('The KUnit files are there already, just like this\n')
  for (const handler of test.undefinedHandlers) {
    io.err(`rvpanel: warning: ${file} does not define ${handler}(); its arguments are marked XXX\n`)
  }
  const ops = `rv_${name}_ops`
  if (test.undeclared.length > 0) {
    io.err(
      `rvpanel: warning: ${ops} in ${file} sets ${test.undeclared.join(', ')}, which the new header does not declare; expected a declaration there, as in the file that it replaced\n`
    )
  }
  if (test.unset.length > 0) {
    io.err(
      `rvpanel: warning: ${ops} in ${file} does not set ${test.unset.join(', ')}, so a test cannot call it\n`
    )
  }
  await io.out('Now complete the test and add it to rv_monitors_test.c\n')
}

/** NAME.c in the kernel tree, where there is one, else in the folder NAME. @throws Failure */
async function findMonitor(name: string, { local, tree }: KunitOptions): Promise<string> {
  const paths = [join(name, `${name}.c`)]
  if (local !== true) {
    const root = await findTree(tree).catch((error: unknown) => {
      // Without a tree the current folder is left; one that was named has to be one.
      if (tree !== undefined) throw error
      return undefined
    })
    if (root !== undefined) paths.unshift(join(root, RV_FOLDER, 'monitors', name, `${name}.c`))
  }
  for (const path of paths) {
    const isFile = await stat(path).then(
      (one) => one.isFile(),
      () => false
    )
    if (isFile) return path
  }
  throw new Failure(
    `Could not find monitor C file for '${name}'; expected ${paths.map(printable).join(' or ')}`
  )
}

/** Copies of what is replaced, as rvgen asks for them: where nobody answers they are made. */
async function backupsOf(files: readonly GeneratedFile[], io: CliIo): Promise<GeneratedFile[]> {
  if (files.length === 0) return []
  const question = 'KUnit file(s) already exist. Backup? [Y/n] '
  const answer = await io.ask(question, false)
  if (answer === undefined) {
    await io.out(`${question}Nobody answers: backing up existing files.\n`)
  } else if (/^no?$/i.test(answer.trim())) return []
  return Promise.all(
    files.map(async ({ path }) => ({ path: await freeName(path), text: await readText(path) }))
  )
}

/** `FILE.old`, or with a number where an earlier copy has that name. */
async function freeName(path: string): Promise<string> {
  for (let n = 1; ; n++) {
    const name = n === 1 ? `${path}.old` : `${path}.old${n}`
    if ((await fileState({ path: name, text: '' })) === 'new') return name
  }
}
