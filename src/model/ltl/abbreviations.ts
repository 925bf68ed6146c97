const DROPPED = new Set(['is', 'by', 'or', 'and'])

/**
 * The short names that the kernel's trace lines have for atoms, in the atoms'
 * order (`__atom_to_str` in the code that rvgen generates). What a name has in
 * common with another from its beginning is shortened apart from its rest, so
 * that SCHEDULE_IN beside SLEEP is `sch_in`, and alone `sc_in`.
 */
export function abbreviate(atoms: readonly string[]): string[] {
  return atoms.map((atom) => {
    let shared = 0
    for (const other of atoms) {
      if (other !== atom) shared = Math.max(shared, sharedPrefix(atom, other))
    }
    return shorten(atom.slice(0, shared)) + shorten(atom.slice(shared))
  })
}

function shorten(part: string): string {
  const words = part.toLowerCase().split('_')
  return words
    .filter((word) => !DROPPED.has(word))
    .map((word) => word.slice(0, 2))
    .join('_')
}

function sharedPrefix(a: string, b: string): number {
  let i = 0
  while (i < a.length && a[i] === b[i]) i++
  return i
}
