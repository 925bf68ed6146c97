import { ROOT_NODE } from './protocol'

/**
 * The numbers under which the kernel knows files. A path keeps its number as
 * long as the kernel remembers it; a number is never used for two files.
 */
export class NodeTable {
  private readonly byNumber = new Map<number, { readonly path: string; lookups: number }>()
  private readonly byPath = new Map<string, number>()
  private last = ROOT_NODE

  constructor() {
    this.byNumber.set(ROOT_NODE, { path: '', lookups: Number.MAX_SAFE_INTEGER })
    this.byPath.set('', ROOT_NODE)
  }

  get size(): number {
    return this.byNumber.size
  }

  /** Path of a node, '' for the root. */
  path(node: number): string | undefined {
    return this.byNumber.get(node)?.path
  }

  /** The kernel looked a path up: it will forget it as often. */
  lookup(path: string): number {
    const known = this.byPath.get(path)
    const entry = known === undefined ? undefined : this.byNumber.get(known)
    if (known !== undefined && entry !== undefined) {
      entry.lookups++
      return known
    }
    const node = ++this.last
    this.byNumber.set(node, { path, lookups: 1 })
    this.byPath.set(path, node)
    return node
  }

  /** Number of a path for a listing, which the kernel does not have to forget; 0xffffffff: it has none. */
  listed(path: string): number {
    return this.byPath.get(path) ?? 0xffff_ffff
  }

  forget(node: number, lookups: number): void {
    const entry = this.byNumber.get(node)
    if (entry === undefined || node === ROOT_NODE) return
    entry.lookups -= lookups
    if (entry.lookups > 0) return
    this.byNumber.delete(node)
    if (this.byPath.get(entry.path) === node) this.byPath.delete(entry.path)
  }

  /** A directory is gone: whatever is made under its name is something else. */
  removed(path: string): void {
    for (const known of [...this.byPath.keys()]) {
      if (known === path || known.startsWith(`${path}/`)) this.byPath.delete(known)
    }
  }
}
