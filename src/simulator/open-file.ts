import { Errno } from '../engine/errno'
import type { SimulatedPipe } from './pipe'
import type { FileNode } from './tracefs-nodes'

/** How a file is opened: what open(2) is told. */
export interface OpenMode {
  readonly write: boolean
  /** O_TRUNC */
  readonly truncate: boolean
}

/**
 * An open file. The caller keeps the position, as the kernel's VFS does, and
 * hands it to each call.
 */
export interface OpenFile {
  /** It has no position, and its reads wait: trace_pipe. */
  readonly stream: boolean
  /**
   * Up to that many bytes; empty at the end. Undefined: nothing is there now, and more may come.
   * @param waits the reader is one that sleeps then: it opened without O_NONBLOCK
   */
  read(position: number, max: number, waits: boolean): Uint8Array | undefined
  /** One write(2). @returns bytes taken @throws Errno */
  write(bytes: Uint8Array, position: number): number
  /** Whether read() would give something. */
  readable(): boolean
  close(): void
}

/** Opens what stands behind a path. @throws Errno with the kernel's code */
export function openNode(path: string, node: FileNode, mode: OpenMode): OpenFile {
  if (node.open !== undefined) return node.open(mode)
  if (mode.write && mode.truncate) node.truncated?.()
  if (node.pipe !== undefined) return new OpenPipe(node.pipe())
  return new OpenText(path, node)
}

/** A file whose text is made when it is first read, or read again from its beginning. */
class OpenText implements OpenFile {
  readonly stream = false
  private content: Uint8Array | undefined

  constructor(
    private readonly path: string,
    private readonly node: FileNode
  ) {}

  read(position: number, max: number): Uint8Array {
    if (this.node.read === undefined) throw new Errno('EINVAL', `${this.path} cannot be read`)
    if (this.content === undefined || position === 0) this.content = this.node.read()
    return this.content.subarray(position, position + max)
  }

  write(bytes: Uint8Array): number {
    if (this.node.write === undefined) throw new Errno('EINVAL', `${this.path} is read-only`)
    this.node.write(bytes)
    return bytes.length
  }

  readable(): boolean {
    return true
  }

  close(): void {
    this.content = undefined
  }
}

class OpenPipe implements OpenFile {
  readonly stream = true

  constructor(private readonly pipe: SimulatedPipe) {}

  read(_position: number, max: number): Uint8Array | undefined {
    const bytes = this.pipe.read(max)
    return bytes.length > 0 ? bytes : undefined
  }

  write(): number {
    throw new Errno('EINVAL', 'a pipe of the trace is read-only')
  }

  readable(): boolean {
    return this.pipe.readable()
  }

  close(): void {
    this.pipe.close()
  }
}
