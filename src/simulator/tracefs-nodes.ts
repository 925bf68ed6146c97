import { Errno } from '../engine/errno'
import type { OpenFile, OpenMode } from './open-file'
import type { SimulatedPipe } from './pipe'

/** A file of the simulated tracefs. A function that is missing is one that the file does not have. */
export interface FileNode {
  readonly kind: 'file'
  /** Permission bits where they are not those of its functions: 0440, 0640 or 0220. */
  readonly mode?: number
  readonly read?: () => Uint8Array
  /** One write(2). */
  readonly write?: (bytes: Uint8Array) => void
  /** It is opened for writing with O_TRUNC. */
  readonly truncated?: () => void
  readonly pipe?: () => SimulatedPipe
  /** For a file that has its own idea of a position; the functions above are then not called. */
  readonly open?: (mode: OpenMode) => OpenFile
}

export interface DirectoryNode {
  readonly kind: 'directory'
  /** Permission bits, 0750 where nothing is said. */
  readonly mode?: number
  readonly entries: () => ReadonlyMap<string, Node>
  /** Only instances/ has these. */
  readonly mkdir?: (name: string) => void
  readonly rmdir?: (name: string) => void
}

export type Node = FileNode | DirectoryNode

const encoder = new TextEncoder()
const decoder = new TextDecoder()

export const directory = (entries: () => Iterable<readonly [string, Node]>): DirectoryNode => ({
  kind: 'directory',
  entries: () => new Map(entries())
})

export const textFile = (read: () => string): FileNode => ({
  kind: 'file',
  read: () => encoder.encode(read())
})

/** A file of text that is trimmed when it is written. */
export const settingFile = (read: () => string, write: (text: string) => void): FileNode => ({
  kind: 'file',
  read: () => encoder.encode(read()),
  write: (bytes) => write(decoder.decode(bytes).trim())
})

/** A file that takes 0 and 1. */
export const switchFile = (read: () => boolean, write: (on: boolean) => void): FileNode =>
  settingFile(
    () => (read() ? '1\n' : '0\n'),
    (text) => write(zeroOrOne(text))
  )

export function zeroOrOne(text: string): boolean {
  if (text !== '0' && text !== '1') throw new Errno('EINVAL', 'expected 0 or 1')
  return text === '1'
}

/** Permission bits, as the kernel gives them (kernel/trace/trace.h: TRACE_MODE_READ, TRACE_MODE_WRITE). */
export function modeOf(node: Node): number {
  if (node.mode !== undefined) return node.mode
  if (node.kind === 'directory') return 0o750
  if (node.write === undefined) return 0o440
  return node.read === undefined ? 0o220 : 0o640
}
