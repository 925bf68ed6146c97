/**
 * The requests of the FUSE protocol, version 7, as the kernel writes them to
 * /dev/fuse (include/uapi/linux/fuse.h): bytes in, typed values out. Nothing is
 * read outside of what came, and nothing of it is believed.
 */

/** Operations by number: enum fuse_opcode. */
export const OP = {
  lookup: 1,
  forget: 2,
  getattr: 3,
  setattr: 4,
  symlink: 6,
  mknod: 8,
  mkdir: 9,
  unlink: 10,
  rmdir: 11,
  rename: 12,
  link: 13,
  open: 14,
  read: 15,
  write: 16,
  statfs: 17,
  release: 18,
  fsync: 20,
  flush: 25,
  init: 26,
  opendir: 27,
  readdir: 28,
  releasedir: 29,
  create: 35,
  interrupt: 36,
  destroy: 38,
  poll: 40,
  batchForget: 42,
  rename2: 45,
  tmpfile: 51
} as const

export const ROOT_NODE = 1
/** Smallest request: its header. */
export const HEADER_BYTES = 40
/** Longest name of a file, as the kernel allows it for FUSE. */
const NAME_MAX = 1024

/** Bits of `flags` in open and read requests (asm-generic/fcntl.h; the same on every machine that Node runs on). */
export const O_ACCMODE = 0o3
export const O_RDONLY = 0
export const O_TRUNC = 0o1000
export const O_APPEND = 0o2000
export const O_NONBLOCK = 0o4000

/** Requests about a path. */
export type PathBody =
  | { readonly kind: 'lookup' | 'rmdir' | 'mkdir'; readonly name: string }
  | { readonly kind: 'getattr' | 'opendir' }
  | {
      readonly kind: 'setattr'
      /** Which of the others are meant: FATTR_*. */
      readonly valid: number
      readonly mode: number
      readonly uid: number
      readonly gid: number
    }
  | { readonly kind: 'open'; readonly flags: number }

/** Requests about an open file that read it. */
export interface ReadBody {
  readonly kind: 'read' | 'readdir'
  readonly handle: number
  readonly offset: number
  readonly size: number
  /** Those of the open file, as they are now. */
  readonly flags: number
}

export type FuseBody =
  | PathBody
  | ReadBody
  | {
      readonly kind: 'init'
      readonly major: number
      readonly minor: number
      readonly maxReadahead: number
      readonly flags: number
    }
  | { readonly kind: 'unlink'; readonly name: string }
  | {
      readonly kind: 'forget'
      /** Node and how many look-ups of it are forgotten. */
      readonly nodes: readonly (readonly [node: number, lookups: number])[]
    }
  | { readonly kind: 'statfs' | 'fsync' | 'flush' | 'destroy' }
  | {
      readonly kind: 'write'
      readonly handle: number
      readonly offset: number
      /** A view of what was parsed. */
      readonly data: Uint8Array
      readonly flags: number
    }
  | { readonly kind: 'release' | 'releasedir'; readonly handle: number }
  | {
      readonly kind: 'poll'
      readonly handle: number
      /** The kernel's own handle, for the notification. */
      readonly pollHandle: bigint
      readonly notify: boolean
      readonly events: number
    }
  | { readonly kind: 'interrupt'; readonly of: bigint }
  /** What this file system never has: a name made otherwise than by mkdir. */
  | { readonly kind: 'create' | 'make' }
  | { readonly kind: 'unknown'; readonly opcode: number }
  /** Too short for what it says it is. */
  | { readonly kind: 'malformed' }

export interface FuseRequest {
  /** Number of the request; the reply carries it. */
  readonly unique: bigint
  readonly node: number
  readonly body: FuseBody
}

const names = new TextDecoder()
const MALFORMED: FuseBody = { kind: 'malformed' }

/**
 * One request, which is what one read(2) of /dev/fuse gives.
 * @returns undefined where there is not even a header that could be answered
 */
export function parseRequest(bytes: Uint8Array): FuseRequest | undefined {
  if (bytes.length < HEADER_BYTES) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const unique = view.getBigUint64(8, true)
  const node = number64(view, 16)
  const extensions = view.getUint16(36, true) * 8
  const end = bytes.length - extensions
  if (view.getUint32(0, true) !== bytes.length || node === undefined || end < HEADER_BYTES) {
    return { unique, node: 0, body: MALFORMED }
  }
  const body = new Body(bytes.subarray(HEADER_BYTES, end))
  return { unique, node, body: body.parse(view.getUint32(4, true), node) ?? MALFORMED }
}

/** What stands behind the header; undefined stands for too short or out of range. */
class Body {
  private readonly view: DataView

  constructor(private readonly bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  }

  parse(opcode: number, node: number): FuseBody | undefined {
    switch (opcode) {
      case OP.init:
        return this.init()
      case OP.lookup:
        return this.named('lookup', 0)
      case OP.unlink:
        return this.named('unlink', 0)
      case OP.rmdir:
        return this.named('rmdir', 0)
      case OP.mkdir:
        return this.named('mkdir', 8)
      case OP.forget:
        return this.has(8) ? { kind: 'forget', nodes: [[node, this.lookups(0)]] } : undefined
      case OP.batchForget:
        return this.batchForget()
      case OP.getattr:
        return { kind: 'getattr' }
      case OP.statfs:
        return { kind: 'statfs' }
      case OP.fsync:
        return { kind: 'fsync' }
      case OP.flush:
        return { kind: 'flush' }
      case OP.destroy:
        return { kind: 'destroy' }
      case OP.opendir:
        return { kind: 'opendir' }
      case OP.setattr:
        return this.setattr()
      case OP.open:
        return this.has(8) ? { kind: 'open', flags: this.u32(0) } : undefined
      case OP.read:
        return this.read('read')
      case OP.readdir:
        return this.read('readdir')
      case OP.write:
        return this.write()
      case OP.release:
        return this.release('release')
      case OP.releasedir:
        return this.release('releasedir')
      case OP.poll:
        return this.poll()
      case OP.interrupt:
        return this.has(8) ? { kind: 'interrupt', of: this.view.getBigUint64(0, true) } : undefined
      case OP.create:
      case OP.tmpfile:
        return { kind: 'create' }
      case OP.symlink:
      case OP.mknod:
      case OP.link:
      case OP.rename:
      case OP.rename2:
        return { kind: 'make' }
      default:
        return { kind: 'unknown', opcode }
    }
  }

  private init(): FuseBody | undefined {
    if (!this.has(16)) return undefined
    return {
      kind: 'init',
      major: this.u32(0),
      minor: this.u32(4),
      maxReadahead: this.u32(8),
      flags: this.u32(12)
    }
  }

  private setattr(): FuseBody | undefined {
    if (!this.has(88)) return undefined
    return {
      kind: 'setattr',
      valid: this.u32(0),
      mode: this.u32(68),
      uid: this.u32(76),
      gid: this.u32(80)
    }
  }

  private named(kind: 'lookup' | 'unlink' | 'rmdir' | 'mkdir', at: number): FuseBody | undefined {
    const end = this.bytes.indexOf(0, at)
    if (end <= at || end - at > NAME_MAX) return undefined
    return { kind, name: names.decode(this.bytes.subarray(at, end)) }
  }

  private batchForget(): FuseBody | undefined {
    if (!this.has(8)) return undefined
    const count = this.u32(0)
    if (!this.has(8 + 16 * count)) return undefined
    const nodes: (readonly [number, number])[] = []
    for (let i = 0; i < count; i++) {
      const node = number64(this.view, 8 + 16 * i)
      if (node !== undefined) nodes.push([node, this.lookups(16 + 16 * i)])
    }
    return { kind: 'forget', nodes }
  }

  private read(kind: 'read' | 'readdir'): FuseBody | undefined {
    if (!this.has(40)) return undefined
    const handle = number64(this.view, 0)
    const offset = number64(this.view, 8)
    if (handle === undefined || offset === undefined) return undefined
    return { kind, handle, offset, size: this.u32(16), flags: this.u32(32) }
  }

  private write(): FuseBody | undefined {
    if (!this.has(40)) return undefined
    const handle = number64(this.view, 0)
    const offset = number64(this.view, 8)
    const size = this.u32(16)
    if (handle === undefined || offset === undefined || !this.has(40 + size)) return undefined
    const data = this.bytes.subarray(40, 40 + size)
    return { kind: 'write', handle, offset, data, flags: this.u32(32) }
  }

  private release(kind: 'release' | 'releasedir'): FuseBody | undefined {
    const handle = this.has(24) ? number64(this.view, 0) : undefined
    return handle === undefined ? undefined : { kind, handle }
  }

  private poll(): FuseBody | undefined {
    const handle = this.has(24) ? number64(this.view, 0) : undefined
    if (handle === undefined) return undefined
    return {
      kind: 'poll',
      handle,
      pollHandle: this.view.getBigUint64(8, true),
      notify: (this.u32(16) & 1) !== 0,
      events: this.u32(20)
    }
  }

  /** A count of look-ups; more than any kernel would say stands for all of them. */
  private lookups(at: number): number {
    return number64(this.view, at) ?? Number.MAX_SAFE_INTEGER
  }

  private has(bytes: number): boolean {
    return this.bytes.length >= bytes
  }

  private u32(at: number): number {
    return this.view.getUint32(at, true)
  }
}

/** A 64-bit number that JavaScript can count with; this file system hands out no others. */
function number64(view: DataView, at: number): number | undefined {
  const value = view.getBigUint64(at, true)
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : undefined
}
