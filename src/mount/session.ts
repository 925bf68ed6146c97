import { Errno } from '../engine/errno'
import type { OpenFile } from '../simulator/open-file'
import type { SimulatedTracefs } from '../simulator/tracefs'
import {
  EACCES,
  EAGAIN,
  EBADF,
  EINTR,
  EINVAL,
  EIO,
  ENOENT,
  ENOSYS,
  EPERM,
  EPROTO,
  errnoNumber
} from './errno-numbers'
import { NodeTable } from './nodes'
import {
  O_ACCMODE,
  O_APPEND,
  O_NONBLOCK,
  O_RDONLY,
  O_TRUNC,
  parseRequest,
  type FuseBody,
  type FuseRequest,
  type PathBody,
  type ReadBody
} from './protocol'
import {
  attributesReply,
  dataReply,
  directoryReply,
  emptyReply,
  entryReply,
  errorReply,
  FOPEN_DIRECT_IO,
  FOPEN_NONSEEKABLE,
  FOPEN_STREAM,
  INIT_ATOMIC_O_TRUNC,
  INIT_BIG_WRITES,
  INIT_MAX_PAGES,
  INIT_PARALLEL_DIROPS,
  initReply,
  MAX_WRITE,
  openReply,
  pollNotification,
  pollReply,
  statfsReply,
  versionReply,
  writeReply,
  type DirectoryEntry,
  type FileAttributes
} from './replies'

/** Bits of poll(2). */
const POLLIN = 1
const POLLOUT = 4
const POLLRDNORM = 0x40
const POLLWRNORM = 0x100

/** Bits of setattr's `valid`. Times are taken without a word, and so is a size, which means nothing. */
const FATTR_MODE = 1
const FATTR_UID = 2
const FATTR_GID = 4

/** The part of a tracefs that a session serves. */
export type ServedFiles = Pick<SimulatedTracefs, 'open' | 'stat' | 'list' | 'mkdir' | 'rmdir'>

export interface SessionOptions {
  readonly files: ServedFiles
  /** Writes one reply to the kernel. */
  readonly send: (reply: Uint8Array) => void
  /** Owner of every file. */
  readonly uid: number
  readonly gid: number
  /** Time of every file, seconds since 1970. */
  readonly seconds: number
}

interface OpenHandle {
  readonly file: OpenFile
  /** With O_APPEND the kernel's idea of the position is the file's size, tracefs' is not. */
  appended: number
  poll: bigint | undefined
}

/**
 * One mounted file system: takes the kernel's requests and answers them. It
 * does no input and output of its own, and never waits: a read that has to is
 * kept until wake() finds that it can be answered, or the kernel interrupts it.
 */
export class Session {
  private readonly nodes = new NodeTable()
  private readonly open = new Map<number, OpenHandle>()
  private readonly directories = new Map<number, readonly DirectoryEntry[]>()
  private readonly waiting = new Map<bigint, ReadBody>()
  /** What chmod and chown changed, by path. */
  private readonly changed = new Map<
    string,
    Partial<Pick<FileAttributes, 'mode' | 'uid' | 'gid'>>
  >()
  private lastHandle = 0
  private ended = false

  constructor(private readonly options: SessionOptions) {}

  /** One request as it was read from /dev/fuse; the bytes are not kept. */
  handle(bytes: Uint8Array): void {
    const request = parseRequest(bytes)
    if (request === undefined) return
    const reply = this.reply(request)
    if (reply !== undefined) this.options.send(reply)
  }

  /** The machine has run: answers the reads that waited, and tells who polls. */
  wake(): void {
    for (const [unique, read] of this.waiting) {
      const handle = this.open.get(read.handle)
      if (handle?.file.readable() !== true) continue
      const reply = this.attempt(unique, () => this.read(unique, read))
      if (reply === undefined) continue
      this.waiting.delete(unique)
      this.options.send(reply)
    }
    for (const handle of this.open.values()) {
      if (handle.poll === undefined || !handle.file.readable()) continue
      const { poll } = handle
      handle.poll = undefined
      this.options.send(pollNotification(poll))
    }
  }

  /** The file system is to be unmounted: reads that wait come to the end of their file. */
  end(): void {
    this.ended = true
    for (const unique of this.waiting.keys()) this.options.send(emptyReply(unique))
    this.waiting.clear()
  }

  /** Reads that wait, files that are open, files that the kernel remembers. */
  get counts(): { readonly waiting: number; readonly open: number; readonly nodes: number } {
    return { waiting: this.waiting.size, open: this.open.size, nodes: this.nodes.size }
  }

  private reply(request: FuseRequest): Uint8Array | undefined {
    const { unique } = request
    return this.attempt(unique, () => this.answer(request))
  }

  private attempt(unique: bigint, work: () => Uint8Array | undefined): Uint8Array | undefined {
    try {
      return work()
    } catch (error) {
      // Whatever else goes wrong here is answered as well: a caller must not hang.
      return errorReply(unique, error instanceof Errno ? errnoNumber(error.code) : EIO)
    }
  }

  private answer({ unique, node, body }: FuseRequest): Uint8Array | undefined {
    switch (body.kind) {
      case 'init':
        return init(unique, body)
      case 'forget':
        for (const [of, lookups] of body.nodes) this.nodes.forget(of, lookups)
        return undefined
      case 'interrupt':
        return this.interrupt(body.of)
      case 'unknown':
        return errorReply(unique, ENOSYS)
      case 'malformed':
        return errorReply(unique, EINVAL)
      case 'create':
        // As a directory without a create function answers (fs/namei.c).
        return errorReply(unique, EACCES)
      case 'make':
      case 'unlink':
        return errorReply(unique, EPERM)
      case 'statfs':
        return statfsReply(unique)
      case 'flush':
      case 'fsync':
      case 'destroy':
        return emptyReply(unique)
      case 'read':
        return this.read(unique, body)
      case 'write':
        return this.write(unique, body)
      case 'readdir':
        return this.readDirectory(unique, body)
      case 'poll':
        return this.poll(unique, body)
      case 'release':
        this.open.get(body.handle)?.file.close()
        this.open.delete(body.handle)
        return emptyReply(unique)
      case 'releasedir':
        this.directories.delete(body.handle)
        return emptyReply(unique)
      default:
        return this.onPath(unique, node, body)
    }
  }

  /** Requests about a path. */
  private onPath(unique: bigint, node: number, body: PathBody): Uint8Array {
    const path = this.nodes.path(node)
    if (path === undefined) return errorReply(unique, ENOENT)
    switch (body.kind) {
      case 'lookup':
        return this.entry(unique, below(path, body.name))
      case 'mkdir':
        this.options.files.mkdir(below(path, body.name))
        return this.entry(unique, below(path, body.name))
      case 'rmdir':
        this.options.files.rmdir(below(path, body.name))
        this.removed(below(path, body.name))
        return emptyReply(unique)
      case 'setattr':
        this.change(path, body)
        return attributesReply(unique, this.attributes(node, path))
      case 'getattr':
        return attributesReply(unique, this.attributes(node, path))
      case 'open':
        return this.openFile(unique, path, body.flags)
      case 'opendir':
        return this.openDirectory(unique, path)
    }
  }

  private removed(path: string): void {
    this.nodes.removed(path)
    for (const known of this.changed.keys()) {
      if (known === path || known.startsWith(`${path}/`)) this.changed.delete(known)
    }
  }

  private entry(unique: bigint, path: string): Uint8Array {
    // A name that is not there must not count as looked up.
    this.options.files.stat(path)
    return entryReply(unique, this.attributes(this.nodes.lookup(path), path))
  }

  private attributes(node: number, path: string): FileAttributes {
    const { directory, mode } = this.options.files.stat(path)
    const { uid, gid, seconds } = this.options
    return { node, directory, mode, uid, gid, seconds, ...this.changed.get(path) }
  }

  /** chmod and chown: what access to a tracefs is usually given by. */
  private change(path: string, body: Extract<PathBody, { kind: 'setattr' }>): void {
    const { valid, mode, uid, gid } = body
    if ((valid & (FATTR_MODE | FATTR_UID | FATTR_GID)) === 0) return
    this.changed.set(path, {
      ...this.changed.get(path),
      ...((valid & FATTR_MODE) !== 0 && { mode: mode & 0o7777 }),
      ...((valid & FATTR_UID) !== 0 && { uid }),
      ...((valid & FATTR_GID) !== 0 && { gid })
    })
  }

  private openFile(unique: bigint, path: string, flags: number): Uint8Array {
    const write = (flags & O_ACCMODE) !== O_RDONLY
    const file = this.options.files.open(path, { write, truncate: (flags & O_TRUNC) !== 0 })
    const handle = ++this.lastHandle
    this.open.set(handle, { file, appended: 0, poll: undefined })
    const kind = file.stream ? FOPEN_NONSEEKABLE | FOPEN_STREAM : 0
    return openReply(unique, handle, FOPEN_DIRECT_IO | kind)
  }

  private openDirectory(unique: bigint, path: string): Uint8Array {
    const dots = ['.', '..'].map((name) => ({ name, directory: true, node: 1 }))
    const entries = this.options.files.list(path).map(({ name, directory }) => ({
      name,
      directory,
      node: this.nodes.listed(below(path, name))
    }))
    const handle = ++this.lastHandle
    this.directories.set(handle, [...dots, ...entries])
    return openReply(unique, handle, 0)
  }

  private readDirectory(unique: bigint, body: ReadBody): Uint8Array {
    const entries = this.directories.get(body.handle)
    if (entries === undefined) return errorReply(unique, EBADF)
    return directoryReply(unique, entries, body.offset, body.size)
  }

  /** Undefined: it waits. */
  private read(unique: bigint, body: ReadBody): Uint8Array | undefined {
    const handle = this.open.get(body.handle)
    if (handle === undefined) return errorReply(unique, EBADF)
    const waits = (body.flags & O_NONBLOCK) === 0
    const bytes = handle.file.read(body.offset, Math.min(body.size, MAX_WRITE), waits)
    if (bytes !== undefined) return dataReply(unique, bytes)
    if (this.ended) return emptyReply(unique)
    if (!waits) return errorReply(unique, EAGAIN)
    this.waiting.set(unique, body)
    return undefined
  }

  private write(unique: bigint, body: Extract<FuseBody, { kind: 'write' }>): Uint8Array {
    const handle = this.open.get(body.handle)
    if (handle === undefined) return errorReply(unique, EBADF)
    const append = (body.flags & O_APPEND) !== 0
    const size = handle.file.write(body.data, append ? handle.appended : body.offset)
    handle.appended += size
    return writeReply(unique, size)
  }

  private poll(unique: bigint, body: Extract<FuseBody, { kind: 'poll' }>): Uint8Array {
    const handle = this.open.get(body.handle)
    if (handle === undefined) return errorReply(unique, EBADF)
    const ready = handle.file.readable()
    if (!ready && body.notify) handle.poll = body.pollHandle
    const events =
      (ready ? POLLIN | POLLRDNORM : 0) | (handle.file.stream ? 0 : POLLOUT | POLLWRNORM)
    return pollReply(unique, events)
  }

  /** A reader got a signal; one that was answered meanwhile is no concern any more. */
  private interrupt(of: bigint): Uint8Array | undefined {
    return this.waiting.delete(of) ? errorReply(of, EINTR) : undefined
  }
}

function init(unique: bigint, body: Extract<FuseBody, { kind: 'init' }>): Uint8Array {
  // Of a newer major version the kernel tries again with what it is told; 7.23 is that of Linux 3.15.
  if (body.major > 7) return versionReply(unique)
  if (body.major < 7 || body.minor < 23) return errorReply(unique, EPROTO)
  const wanted = INIT_ATOMIC_O_TRUNC | INIT_BIG_WRITES | INIT_PARALLEL_DIROPS | INIT_MAX_PAGES
  return initReply(unique, Math.min(body.minor, 31), body.maxReadahead, body.flags & wanted)
}

const below = (path: string, name: string): string => (path === '' ? name : `${path}/${name}`)
