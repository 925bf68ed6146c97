import { Errno } from '../engine/errno'
import { RvFiles } from '../engine/files'
import type { RvEngine } from '../engine/rv'
import { instanceEntries } from './instance-tree'
import type { KernelLog } from './kernel-log'
import type { Machine } from './machine'
import { openNode, type OpenFile, type OpenMode } from './open-file'
import type { SimulatedPipe } from './pipe'
import type { TraceHub } from './trace-hub'
import { topEntries } from './tree-top'
import { directory, modeOf, type DirectoryNode, type FileNode, type Node } from './tracefs-nodes'

export interface SimulatedEntry {
  readonly name: string
  readonly directory: boolean
}

export interface SimulatedStat {
  readonly directory: boolean
  /** Permission bits. */
  readonly mode: number
}

const NOTHING = new Uint8Array(0)

/**
 * The tracefs of the simulated kernel. Paths are relative to its root, which is
 * ''. Refusals are Errno with the kernel's code; after a panic everything is
 * refused with EIO.
 */
export class SimulatedTracefs {
  private readonly rv: RvFiles
  private readonly top: DirectoryNode

  constructor(
    private readonly machine: Machine,
    private readonly hub: TraceHub,
    engine: RvEngine,
    private readonly log: KernelLog
  ) {
    this.rv = new RvFiles(engine)
    const instances = this.instances()
    this.top = {
      ...directory(() =>
        [
          ...instanceEntries(machine, hub, hub.top),
          ...topEntries(hub),
          ['instances', instances] as const,
          ['rv', this.rvDirectory('')] as const
        ].sort(([a], [b]) => (a < b ? -1 : 1))
      ),
      mode: 0o700
    }
  }

  /** The whole of a file. @throws Errno ENOENT, EISDIR, EINVAL */
  read(path: string): Uint8Array {
    const file = this.open(path, { write: false, truncate: false })
    try {
      if (file.stream) throw new Errno('EINVAL', `${path} cannot be read at once`)
      return file.read(0, Number.MAX_SAFE_INTEGER, false) ?? NOTHING
    } finally {
      file.close()
    }
  }

  /** Opens as `>` (truncate) or `>>` (append) does, writes once, closes. @throws Errno with the kernel's code */
  write(path: string, data: Uint8Array, mode: 'truncate' | 'append'): void {
    const file = this.open(path, { write: true, truncate: mode === 'truncate' })
    try {
      file.write(data, 0)
    } finally {
      file.close()
    }
  }

  /** @throws Errno ENOENT, EISDIR, and what the kernel's open(2) of that file refuses */
  open(path: string, mode: OpenMode): OpenFile {
    return openNode(path, this.file(path), mode)
  }

  /** @throws Errno ENOENT, ENOTDIR */
  stat(path: string): SimulatedStat {
    const node = this.resolve(path)
    return { directory: node.kind === 'directory', mode: modeOf(node) }
  }

  /** @throws Errno ENOENT, ENOTDIR */
  list(path: string): readonly SimulatedEntry[] {
    const node = this.resolve(path)
    if (node.kind !== 'directory') throw new Errno('ENOTDIR', `${path} is not a directory`)
    return [...node.entries()].map(([name, entry]) => ({
      name,
      directory: entry.kind === 'directory'
    }))
  }

  /** Makes a trace instance. @throws Errno EEXIST, EPERM outside of instances/ */
  mkdir(path: string): void {
    const { parent, name } = this.parent(path)
    if (parent.mkdir === undefined) throw new Errno('EPERM', `no directory can be made at ${path}`)
    parent.mkdir(name)
  }

  /** Removes a trace instance. @throws Errno EBUSY while a pipe of it is open, ENOENT, EPERM */
  rmdir(path: string): void {
    const { parent, name } = this.parent(path)
    if (parent.rmdir === undefined) throw new Errno('EPERM', `${path} cannot be removed`)
    parent.rmdir(name)
  }

  /** Opens trace_pipe. @throws Errno EINVAL for another file */
  openPipe(path: string): SimulatedPipe {
    const node = this.file(path)
    if (node.pipe === undefined) throw new Errno('EINVAL', `${path} is not a pipe`)
    return node.pipe()
  }

  /** /dev/kmsg: from the first record that is kept, or from the next one to come. */
  openKmsg(from: 'start' | 'now' = 'start'): SimulatedPipe {
    return this.log.open(from)
  }

  private file(path: string): FileNode {
    const node = this.resolve(path)
    if (node.kind !== 'file') throw new Errno('EISDIR', `${path} is a directory`)
    return node
  }

  private resolve(path: string): Node {
    if (this.machine.panicked !== undefined) {
      throw new Errno('EIO', `the simulated machine stopped: ${this.machine.panicked}`)
    }
    let node: Node = this.top
    for (const part of path === '' ? [] : path.split('/')) {
      if (node.kind !== 'directory') throw new Errno('ENOTDIR', `${path}: not a directory`)
      const found: Node | undefined = node.entries().get(part)
      if (found === undefined) throw new Errno('ENOENT', `${path}: no such file or directory`)
      node = found
    }
    return node
  }

  private parent(path: string): { parent: DirectoryNode; name: string } {
    const slash = path.lastIndexOf('/')
    const parent = this.resolve(slash < 0 ? '' : path.slice(0, slash))
    if (parent.kind !== 'directory') throw new Errno('ENOTDIR', `${path}: not a directory`)
    return { parent, name: path.slice(slash + 1) }
  }

  private instances(): DirectoryNode {
    const { machine, hub } = this
    const trees = new Map<string, DirectoryNode>()
    return {
      ...directory(() => trees),
      mkdir: (name) => {
        if (!/^[^/\0]{1,255}$/.test(name) || name === '.' || name === '..') {
          throw new Errno('EINVAL', 'expected a name of 1 to 255 characters without a slash')
        }
        if (trees.has(name)) throw new Errno('EEXIST', `the instance ${name} is there already`)
        const instance = hub.addInstance(name)
        trees.set(
          name,
          directory(() => instanceEntries(machine, hub, instance))
        )
      },
      rmdir: (name) => {
        const instance = hub.instances.get(name)
        if (instance === undefined) throw new Errno('ENOENT', `there is no instance ${name}`)
        if (instance.openPipes > 0)
          throw new Errno('EBUSY', `the instance ${name} has an open pipe`)
        if ([...instance.hists.values()].some((hists) => hists.some((one) => one.holdsInstance))) {
          throw new Errno('EBUSY', `the instance ${name} has a hist trigger with variables`)
        }
        hub.removeInstance(instance)
        trees.delete(name)
      }
    }
  }

  private rvDirectory(path: string): DirectoryNode {
    const below = (name: string): string => (path === '' ? name : `${path}/${name}`)
    return directory(() =>
      this.rv
        .list(path)
        .map(
          (entry) =>
            [
              entry.name,
              entry.directory ? this.rvDirectory(below(entry.name)) : this.rvFile(below(entry.name))
            ] as const
        )
    )
  }

  private rvFile(path: string): FileNode {
    const { rv } = this
    return {
      kind: 'file',
      mode: rv.mode(path),
      open: ({ write, truncate }) => {
        const file = rv.open(path, { write, truncate, append: false })
        return {
          stream: false,
          read: (position, max) => {
            file.seek(position)
            return file.read().subarray(0, max)
          },
          write: (bytes, position) => {
            file.seek(position)
            return file.write(bytes)
          },
          readable: () => true,
          close: () => undefined
        }
      }
    }
  }
}
