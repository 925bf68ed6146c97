import { parseKernelBoolean } from './boolean'
import { Errno } from './errno'
import { MAX_NAME_SIZE } from './limits'
import type { RvMonitor } from './monitor'
import type { RvEngine } from './rv'
import { parseName, placeAtOffset } from './words'

/** How a file is opened: what open(2) is told. */
export interface OpenFlags {
  readonly write: boolean
  /** O_TRUNC */
  readonly truncate: boolean
  /** O_APPEND, which these files ignore */
  readonly append: boolean
}

/** An open file of rv/. One position serves reads and writes, as in the kernel. */
export interface RvFile {
  /** Everything from the position to the end, as one read(2) with a large buffer gives it; empty at the end. */
  read(): Uint8Array
  /** One write(2). @returns the number of bytes taken @throws Errno */
  write(bytes: Uint8Array): number
  /** lseek(fd, position, SEEK_SET); a position is 0 or more. */
  seek(position: number): void
}

/** What a directory has: a file or a directory. */
export interface RvEntry {
  readonly name: string
  readonly directory: boolean
}

/** What stands behind a path. Booleans and `desc` end in a NUL, seq_files do not. */
interface FileNode {
  readonly kind: 'file'
  readonly show: () => Uint8Array
  /** Undefined for a read-only file. */
  readonly store: ((bytes: Uint8Array, file: Position) => number) | undefined
  readonly truncated?: () => void
}

interface DirectoryNode {
  readonly kind: 'directory'
  /** In the order in which the kernel made them. */
  readonly entries: () => readonly (readonly [string, Node])[]
}

type Node = FileNode | DirectoryNode

interface Position {
  position: number
}

const encoder = new TextEncoder()
/** The kernel's `desc` buffer, without its final NUL. */
const DESC_SIZE = 255

/**
 * The files of <tracefs>/rv with the exact semantics of kernel/trace/rv. Paths
 * are relative to that directory: '' is rv/ itself, then `enabled_monitors`,
 * `monitors/wip/enable`. Whoever opens them is root.
 */
export class RvFiles {
  constructor(private readonly engine: RvEngine) {}

  /** @throws Errno ENOENT, ENOTDIR */
  list(path: string): readonly RvEntry[] {
    const node = this.resolve(path)
    if (node.kind !== 'directory') throw new Errno('ENOTDIR', `${path} is not a directory`)
    return node.entries().map(([name, entry]) => ({ name, directory: entry.kind === 'directory' }))
  }

  /** Permission bits: 0640 or 0440 for a file, 0750 for a directory. @throws Errno ENOENT, ENOTDIR */
  mode(path: string): number {
    const node = this.resolve(path)
    if (node.kind === 'directory') return 0o750
    return node.store === undefined ? 0o440 : 0o640
  }

  /** @throws Errno ENOENT, ENOTDIR, EISDIR */
  open(path: string, flags: OpenFlags): RvFile {
    const node = this.resolve(path)
    if (node.kind === 'directory') throw new Errno('EISDIR', `${path} is a directory`)
    if (flags.write && flags.truncate) node.truncated?.()
    return new OpenFile(path, node, flags.write)
  }

  private resolve(path: string): Node {
    let node: Node = this.root()
    for (const part of path === '' ? [] : path.split('/')) {
      if (node.kind !== 'directory') throw new Errno('ENOTDIR', `${path}: not a directory`)
      const found: Node | undefined = node.entries().find(([name]) => name === part)?.[1]
      if (found === undefined) throw new Errno('ENOENT', `${path}: no such file or directory`)
      node = found
    }
    return node
  }

  private root(): DirectoryNode {
    const { engine } = this
    return directory(() => [
      ['monitors', this.monitors(undefined)],
      ['available_monitors', file(() => lines(engine.listed.map(pathName)))],
      ['enabled_monitors', this.enabledMonitors()],
      [
        'monitoring_on',
        booleanFile(
          () => engine.monitoringOn,
          (on) => engine.setMonitoring(on)
        )
      ],
      ['available_reactors', file(() => lines(engine.reactors.list.map(({ name }) => name)))],
      [
        'reacting_on',
        booleanFile(
          () => engine.reactingOn,
          (on) => engine.setReacting(on)
        )
      ]
    ])
  }

  /** `monitors/`, or the directories of a container's children. */
  private monitors(parent: RvMonitor | undefined): DirectoryNode {
    return directory(() =>
      this.engine.listed
        .filter((monitor) => monitor.parent === parent)
        .map((monitor) => [monitor.name, this.monitor(monitor)])
    )
  }

  private monitor(monitor: RvMonitor): DirectoryNode {
    const { engine } = this
    return directory(() => [
      [
        'enable',
        booleanFile(
          () => monitor.enabled,
          (on) => (on ? engine.enable(monitor) : engine.disable(monitor))
        )
      ],
      ['desc', file(() => described(monitor.description))],
      ['reactors', this.reactors(monitor)],
      ...this.monitors(monitor).entries()
    ])
  }

  private reactors(monitor: RvMonitor): FileNode {
    const { reactors } = this.engine
    return {
      kind: 'file',
      show: () =>
        lines(reactors.list.map((one) => (one === monitor.reactor ? `[${one.name}]` : one.name))),
      store: (bytes, file) => {
        const name = parseName(placeAtOffset(bytes, file, MAX_NAME_SIZE + 1))
        if (name === '') return bytes.length
        const reactor = reactors.find(name)
        if (reactor === undefined)
          throw new Errno('EINVAL', `no reactor ${JSON.stringify(name)} is available`)
        this.engine.setReactor(monitor, reactor)
        return bytes.length
      }
    }
  }

  private enabledMonitors(): FileNode {
    const { engine } = this
    return {
      kind: 'file',
      show: () => lines(engine.listed.filter(({ enabled }) => enabled).map(pathName)),
      truncated: () => engine.disableAll(),
      store: (bytes, file) => {
        let name = parseName(placeAtOffset(bytes, file, MAX_NAME_SIZE + 1))
        const enable = !name.startsWith('!')
        if (!enable) name = name.slice(1)
        if (name === '') return bytes.length
        // Whatever stands before the first colon is dropped, container or not.
        name = name.slice(name.indexOf(':') + 1)
        const monitor = engine.find(name)
        if (monitor === undefined)
          throw new Errno('EINVAL', `no monitor ${JSON.stringify(name)} is available`)
        if (enable) engine.enable(monitor)
        else engine.disable(monitor)
        return bytes.length
      }
    }
  }
}

class OpenFile implements RvFile, Position {
  position = 0

  constructor(
    private readonly path: string,
    private readonly node: FileNode,
    private readonly writable: boolean
  ) {}

  read(): Uint8Array {
    const rest = this.node.show().slice(this.position)
    this.position += rest.length
    return rest
  }

  write(bytes: Uint8Array): number {
    if (!this.writable) throw new Errno('EINVAL', `${this.path} is not open for writing`)
    // Root may open a file of mode 0440 for writing; the kernel then has no write function.
    if (this.node.store === undefined) throw new Errno('EINVAL', `${this.path} is read-only`)
    return this.node.store(bytes, this)
  }

  seek(position: number): void {
    this.position = Math.max(0, Math.floor(position))
  }
}

const directory = (entries: DirectoryNode['entries']): DirectoryNode => ({
  kind: 'directory',
  entries
})

const file = (show: () => Uint8Array): FileNode => ({ kind: 'file', show, store: undefined })

function booleanFile(get: () => boolean, set: (on: boolean) => void): FileNode {
  return {
    kind: 'file',
    show: () => encoder.encode(get() ? '1\n\0' : '0\n\0'),
    store: (bytes) => {
      const value = parseKernelBoolean(bytes)
      if (value === undefined) throw new Errno('EINVAL', 'expected a boolean such as 0 or 1')
      set(value)
      return bytes.length
    }
  }
}

const lines = (names: readonly string[]): Uint8Array =>
  encoder.encode(names.map((name) => `${name}\n`).join(''))

const pathName = ({ name, parent }: RvMonitor): string =>
  parent === undefined ? name : `${parent.name}:${name}`

function described(description: string): Uint8Array {
  const text = encoder.encode(`${description}\n`).subarray(0, DESC_SIZE)
  const withNul = new Uint8Array(text.length + 1)
  withNul.set(text)
  return withNul
}
