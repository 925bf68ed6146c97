import type { MonitorType } from '../instrumentation'
import { GenerateError } from './files'
import { eventsSymbol } from './trace-header'
import type { MonitorClass } from './trace-header'

/** Folder of runtime verification in a kernel tree. */
export const RV_FOLDER = 'kernel/trace/rv'

/** The files of that folder that name every monitor. */
export const TREE_FILES = ['rv_trace.h', 'Makefile', 'Kconfig'] as const
export type TreeFile = (typeof TREE_FILES)[number]

/** What is added to a tree. */
export interface TreeAddition {
  readonly name: string
  /** Undefined for a container, which has no trace events. */
  readonly monitor: { readonly class: MonitorClass; readonly type: MonitorType } | undefined
  readonly parent: string | undefined
}

/** One line that a file gets. */
export interface AddedLine {
  readonly file: TreeFile
  readonly line: string
}

/** What becomes of a tree. */
export interface PatchedTree {
  readonly texts: Readonly<Record<TreeFile, string>>
  /** Nothing where the tree has the monitor already. */
  readonly added: readonly AddedLine[]
}

/** The lines that make a monitor or a container part of a tree, each with the mark before which it stands. */
export function treeLines({
  name,
  monitor,
  parent
}: TreeAddition): (AddedLine & { readonly marker: string })[] {
  const all: (AddedLine & { readonly marker: string })[] = []
  if (monitor !== undefined) {
    all.push({
      file: 'rv_trace.h',
      line: `#include <monitors/${name}/${name}_trace.h>`,
      marker: `// Add new monitors based on CONFIG_${eventsSymbol(monitor.class, monitor.type)} here`
    })
  }
  all.push({
    file: 'Makefile',
    line: `${objectOf(name)} monitors/${name}/${name}.o`,
    marker: '# Add new monitors here'
  })
  all.push({
    file: 'Kconfig',
    line: sourceOf(name),
    marker: kconfigMarker(parent)
  })
  // Its monitors will stand behind it, before a mark of their own.
  if (monitor === undefined) {
    all.push({ file: 'Kconfig', line: kconfigMarker(name), marker: kconfigMarker(undefined) })
  }
  return all
}

const objectOf = (name: string): string => `obj-$(CONFIG_RV_MON_${name.toUpperCase()}) +=`

const sourceOf = (name: string): string => `source "${RV_FOLDER}/monitors/${name}/Kconfig"`

const kconfigMarker = (container: string | undefined): string =>
  `# Add new ${container === undefined ? '' : `${container} `}monitors here`

/**
 * Adds a monitor or a container to the files of a kernel tree that name every monitor. What is
 * there already is left as it is, so that a second time changes nothing; what stands in a place that
 * is wrong now is moved: trace events under another class of monitors, and a monitor outside of its
 * parent's group or before its parent.
 *
 * @throws GenerateError where a mark is missing, or another monitor has the name in capital letters
 */
export function patchTree(
  texts: Readonly<Record<TreeFile, string>>,
  addition: TreeAddition
): PatchedTree {
  const patched = { ...texts }
  const added: AddedLine[] = []
  expectOwnSymbol(texts.Makefile, addition.name)
  for (const { file, line, marker } of treeLines(addition)) {
    const before = patched[file]
    const after = withLine(before, file, line, marker, addition)
    if (after === before) continue
    patched[file] = after
    added.push({ file, line })
  }
  return { texts: patched, added }
}

function withLine(
  text: string,
  file: TreeFile,
  line: string,
  marker: string,
  { monitor, parent }: TreeAddition
): string {
  let lines = text.split('\n')
  const present = lines.findIndex((one) => one.trim() === line)
  if (present >= 0) {
    if (isPlaced(lines, present, file, marker, parent)) return text
    lines = lines.filter((_, i) => i !== present)
  }
  const at = lines.findIndex((one) => one.trim() === marker)
  const before = lines[at]
  if (before === undefined) {
    throw new GenerateError(
      `${RV_FOLDER}/${file} has no line \`${marker}\`, before which the monitor would stand; expected that line where monitors of this kind belong.`
    )
  }
  const end = before.endsWith('\r') ? '\r' : ''
  const isGroup = monitor === undefined && file === 'Kconfig' && line.startsWith('#')
  lines.splice(at, 0, ...(isGroup ? [line + end, end] : [line + end]))
  return lines.join('\n')
}

/** Whether a line that is there stands where it may stay. */
function isPlaced(
  lines: readonly string[],
  at: number,
  file: TreeFile,
  marker: string,
  parent: string | undefined
): boolean {
  if (file !== 'rv_trace.h') {
    // The kernel's own monitors without a parent stand between the groups of others, too.
    if (parent === undefined) return true
    // The kernel registers in the order of the Makefile, and a child links itself to its parent
    // without a look whether that is registered (rv_register_monitor(), kernel/trace/rv/rv.c).
    const above = lines.findIndex((one) =>
      one.startsWith(file === 'Makefile' ? objectOf(parent) : sourceOf(parent))
    )
    if (above > at) return false
    if (file === 'Makefile') return true
  }
  const next = lines.slice(at).find((one) => /^(\/\/|#) Add new .*here\s*$/.test(one))
  return next === undefined || next.trim() === marker
}

/** @throws GenerateError where a monitor whose name differs in case alone has the configuration's symbol */
function expectOwnSymbol(makefile: string, name: string): void {
  const start = objectOf(name)
  const other = makefile
    .split('\n')
    .find((line) => line.startsWith(start))
    ?.trim()
  if (other === undefined || other.endsWith(`/${name}.o`)) return
  throw new GenerateError(
    `${RV_FOLDER}/Makefile has \`${other}\`, so the symbol is another monitor's; expected a name that differs from its name in more than capital letters.`
  )
}
