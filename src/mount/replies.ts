/** What the file system answers on /dev/fuse: replies, and notifications that nobody asked for. */

const REPLY_HEADER = 16
const ATTRIBUTES = 88
/** How long the kernel may keep names and attributes: nothing here changes but by the kernel's own requests. */
const VALID_SECONDS = 3600n

/** Bits of an open reply. */
export const FOPEN_DIRECT_IO = 1
export const FOPEN_NONSEEKABLE = 4
export const FOPEN_STREAM = 16

/** Bits of the init handshake. */
export const INIT_ATOMIC_O_TRUNC = 1 << 3
export const INIT_BIG_WRITES = 1 << 5
export const INIT_PARALLEL_DIROPS = 1 << 18
export const INIT_MAX_PAGES = 1 << 22

/** Pages of 4096 bytes in the largest read or write. */
export const MAX_PAGES = 32
export const MAX_WRITE = MAX_PAGES * 4096

const S_IFDIR = 0o040000
const S_IFREG = 0o100000
const DT_DIR = 4
const DT_REG = 8

const encoder = new TextEncoder()

/** What stat(2) says about a file. */
export interface FileAttributes {
  readonly node: number
  readonly directory: boolean
  /** Permission bits. */
  readonly mode: number
  readonly uid: number
  readonly gid: number
  /** Of its making and its last change, seconds since 1970. */
  readonly seconds: number
}

export function errorReply(unique: bigint, errno: number): Uint8Array {
  return frame(unique, 0, -errno).bytes
}

export function emptyReply(unique: bigint): Uint8Array {
  return frame(unique, 0).bytes
}

export function dataReply(unique: bigint, data: Uint8Array): Uint8Array {
  const { bytes } = frame(unique, data.length)
  bytes.set(data, REPLY_HEADER)
  return bytes
}

/** @param minor of the version that both sides know @param flags what both sides can */
export function initReply(
  unique: bigint,
  minor: number,
  maxReadahead: number,
  flags: number
): Uint8Array {
  const { bytes, view } = frame(unique, 64)
  const at = REPLY_HEADER
  view.setUint32(at, 7, true)
  view.setUint32(at + 4, minor, true)
  view.setUint32(at + 8, maxReadahead, true)
  view.setUint32(at + 12, flags >>> 0, true)
  // Requests that the kernel may have in flight in the background, and when it holds back.
  view.setUint16(at + 16, 16, true)
  view.setUint16(at + 18, 12, true)
  view.setUint32(at + 20, MAX_WRITE, true)
  view.setUint32(at + 24, 1, true)
  view.setUint16(at + 28, MAX_PAGES, true)
  return bytes
}

/** The version that cannot be spoken: the kernel is asked for the one that can. */
export function versionReply(unique: bigint): Uint8Array {
  const { bytes, view } = frame(unique, 64)
  view.setUint32(REPLY_HEADER, 7, true)
  return bytes
}

export function entryReply(unique: bigint, file: FileAttributes): Uint8Array {
  const { bytes, view } = frame(unique, 40 + ATTRIBUTES)
  const at = REPLY_HEADER
  view.setBigUint64(at, BigInt(file.node), true)
  view.setBigUint64(at + 16, VALID_SECONDS, true)
  view.setBigUint64(at + 24, VALID_SECONDS, true)
  attributes(view, at + 40, file)
  return bytes
}

export function attributesReply(unique: bigint, file: FileAttributes): Uint8Array {
  const { bytes, view } = frame(unique, 16 + ATTRIBUTES)
  view.setBigUint64(REPLY_HEADER, VALID_SECONDS, true)
  attributes(view, REPLY_HEADER + 16, file)
  return bytes
}

/** @param flags FOPEN_* */
export function openReply(unique: bigint, handle: number, flags: number): Uint8Array {
  const { bytes, view } = frame(unique, 16)
  view.setBigUint64(REPLY_HEADER, BigInt(handle), true)
  view.setUint32(REPLY_HEADER + 8, flags, true)
  return bytes
}

export function writeReply(unique: bigint, size: number): Uint8Array {
  const { bytes, view } = frame(unique, 8)
  view.setUint32(REPLY_HEADER, size, true)
  return bytes
}

export function pollReply(unique: bigint, events: number): Uint8Array {
  const { bytes, view } = frame(unique, 8)
  view.setUint32(REPLY_HEADER, events, true)
  return bytes
}

/** Tells the kernel that a file which it polled may be ready now. */
export function pollNotification(pollHandle: bigint): Uint8Array {
  // FUSE_NOTIFY_POLL stands where a reply has its error.
  const { bytes, view } = frame(0n, 8, 1)
  view.setBigUint64(REPLY_HEADER, pollHandle, true)
  return bytes
}

export function statfsReply(unique: bigint): Uint8Array {
  const { bytes, view } = frame(unique, 80)
  const at = REPLY_HEADER
  // No blocks and no files are counted, as in tracefs.
  view.setUint32(at + 40, 4096, true)
  view.setUint32(at + 44, 255, true)
  view.setUint32(at + 48, 4096, true)
  return bytes
}

export interface DirectoryEntry {
  readonly name: string
  readonly directory: boolean
  readonly node: number
}

/** Entries from `offset` on, as many as go into `size` bytes. */
export function directoryReply(
  unique: bigint,
  entries: readonly DirectoryEntry[],
  offset: number,
  size: number
): Uint8Array {
  const parts: { readonly name: Uint8Array; readonly entry: DirectoryEntry }[] = []
  let length = 0
  for (let i = offset; i < entries.length; i++) {
    const entry = entries[i]
    if (entry === undefined) break
    const name = encoder.encode(entry.name)
    if (length + entryBytes(name) > size) break
    length += entryBytes(name)
    parts.push({ name, entry })
  }
  const { bytes, view } = frame(unique, length)
  let at = REPLY_HEADER
  for (const [index, { name, entry }] of parts.entries()) {
    view.setBigUint64(at, BigInt(entry.node), true)
    view.setBigUint64(at + 8, BigInt(offset + index + 1), true)
    view.setUint32(at + 16, name.length, true)
    view.setUint32(at + 20, entry.directory ? DT_DIR : DT_REG, true)
    bytes.set(name, at + 24)
    at += entryBytes(name)
  }
  return bytes
}

const entryBytes = (name: Uint8Array): number => (24 + name.length + 7) & ~7

function attributes(view: DataView, at: number, file: FileAttributes): void {
  view.setBigUint64(at, BigInt(file.node), true)
  // Size and blocks stay 0, as those of every file of tracefs.
  for (const time of [24, 32, 40]) view.setBigUint64(at + time, BigInt(file.seconds), true)
  view.setUint32(at + 60, (file.directory ? S_IFDIR : S_IFREG) | file.mode, true)
  view.setUint32(at + 64, file.directory ? 2 : 1, true)
  view.setUint32(at + 68, file.uid, true)
  view.setUint32(at + 72, file.gid, true)
  view.setUint32(at + 80, 4096, true)
}

function frame(
  unique: bigint,
  body: number,
  error = 0
): { readonly bytes: Uint8Array; readonly view: DataView } {
  const bytes = new Uint8Array(REPLY_HEADER + body)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, bytes.length, true)
  view.setInt32(4, error, true)
  view.setBigUint64(8, unique, true)
  return { bytes, view }
}
