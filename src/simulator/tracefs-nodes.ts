import { Errno } from '../engine/errno'
import type { SimulatedPipe } from './pipe'

/** A file of the simulated tracefs. A function that is missing is one that the file does not have. */
export interface FileNode {
  readonly kind: 'file'
  readonly read?: () => Uint8Array
  /** One write(2), with the file opened as `>` (truncate) or `>>` (append) does. */
  readonly write?: (bytes: Uint8Array, mode: 'truncate' | 'append') => void
  readonly pipe?: () => SimulatedPipe
}

export interface DirectoryNode {
  readonly kind: 'directory'
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
export const settingFile = (
  read: () => string,
  write: (text: string, mode: 'truncate' | 'append') => void
): FileNode => ({
  kind: 'file',
  read: () => encoder.encode(read()),
  write: (bytes, mode) => write(decoder.decode(bytes).trim(), mode)
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
