import { join } from 'node:path'
import type { Generated, GeneratedFile } from '../../model/gen/files'
import { patchTree, RV_FOLDER, TREE_FILES, treeLines } from '../../model/gen/patch'
import type { TreeAddition, TreeFile } from '../../model/gen/patch'
import { printable } from '../columns'
import { UsageFailure } from '../io'
import type { CliIo } from '../io'
import type { GenOptions } from './gen-options'
import { generating } from './gen-errors'
import { findTree } from './kernel-tree'
import { readText } from './text-file'
import { filesToWrite, writeAll } from './write-files'

/**
 * Writes what was generated: into a folder called like the monitor, with a list of what is left to
 * do, or (with -a) into a kernel tree, whose files are changed so that they name the monitor.
 *
 * @param isSkeleton whether the author has to add the instrumentation
 * @throws Failure with nothing written
 */
export async function place(
  generated: Generated,
  addition: TreeAddition,
  options: GenOptions,
  isSkeleton: boolean,
  io: CliIo
): Promise<void> {
  const { name, files, warnings } = generated
  for (const warning of warnings) io.err(`rvpanel: warning: ${printable(warning)}\n`)
  if (options.auto_patch === true) {
    await placeInTree(generated, addition, options, isSkeleton, io)
    return
  }
  if (options.tree !== undefined) {
    throw new UsageFailure('--tree names the tree that -a (--auto_patch) changes; expected both')
  }
  const missing = await filesToWrite(
    files.map(({ path, text }) => ({ path: join(name, path), text })),
    options.force === true
  )
  await io.out(`Writing the monitor into the directory ${name}\n`)
  await writeAll(missing)
  const left = isSkeleton ? [toEdit(join(name, `${name}.c`))] : []
  for (const file of TREE_FILES) {
    const lines = treeLines(addition).filter((one) => one.file === file)
    if (lines.length === 0) continue
    const text = lines.map(({ line, marker }) => `      ${line}\n    before\n      ${marker}\n`)
    left.push(`Edit ${RV_FOLDER}/${file}: add\n${text.join('    and\n')}`)
  }
  left.push(`Move ${name}/ to ${RV_FOLDER}/monitors in the kernel tree\n`)
  await io.out(`Almost done, checklist\n${left.map((one) => `  - ${one}`).join('')}`)
}

const toEdit = (file: string): string => `Edit ${file}: add the instrumentation where it says XXX\n`

async function placeInTree(
  { name, files }: Generated,
  addition: TreeAddition,
  options: GenOptions,
  isSkeleton: boolean,
  io: CliIo
): Promise<void> {
  const tree = join(await findTree(options.tree), RV_FOLDER)
  const texts: Record<TreeFile, string> = { 'rv_trace.h': '', Makefile: '', Kconfig: '' }
  for (const file of TREE_FILES) texts[file] = await readText(join(tree, file))
  const patched = generating(() => patchTree(texts, addition))
  const folder = join(tree, 'monitors', name)
  const own = await filesToWrite(
    files.map(({ path, text }) => ({ path: join(folder, path), text })),
    options.force === true
  )
  const changed: GeneratedFile[] = TREE_FILES.filter(
    (file) => patched.texts[file] !== texts[file]
  ).map((file) => ({ path: join(tree, file), text: patched.texts[file] }))
  await io.out(`Writing the monitor into the directory ${folder}\n`)
  await writeAll([...own, ...changed])
  if (own.length + changed.length === 0) {
    await io.out('Nothing had to change: the tree has all of it already.\n')
    return
  }
  const lines = [
    ...(isSkeleton ? [toEdit(join(folder, `${name}.c`))] : []),
    ...own.map(({ path }) => `Wrote ${path}\n`),
    ...patched.added.map(({ file, line }) => `Patched ${join(tree, file)}: ${line}\n`)
  ]
  await io.out(`Almost done, checklist\n${lines.map((one) => `  - ${one}`).join('')}`)
}
