import { closeSync, openSync, read, writeSync } from 'node:fs'
import { MAX_WRITE } from './replies'

export const DEVICE = '/dev/fuse'
/** The kernel refuses a smaller buffer than its largest request: a full write and its header. */
const BUFFER = MAX_WRITE + 4096

/**
 * An open /dev/fuse. It is read in a thread of the pool, one request at a time,
 * so that waiting for the kernel costs nobody anything.
 */
export class FuseDevice {
  readonly fd: number
  private closed = false

  /** @throws what open(2) says */
  constructor() {
    this.fd = openSync(DEVICE, 'r+')
  }

  /**
   * Reads requests until the file system is unmounted.
   * @param handle answers one; the bytes are valid during the call
   * @returns resolves when the connection has ended; rejects where the device fails
   */
  async serve(handle: (request: Uint8Array) => void): Promise<void> {
    const buffer = Buffer.allocUnsafeSlow(BUFFER)
    for (;;) {
      const size = await this.next(buffer)
      if (size === undefined) return
      if (size > 0) handle(buffer.subarray(0, size))
    }
  }

  /** Writes a reply. One that nobody waits for any more is dropped. */
  send(reply: Uint8Array): void {
    if (this.closed) return
    try {
      writeSync(this.fd, reply)
    } catch (error) {
      // ENOENT: the request was interrupted or the file released; ENODEV, EPERM: unmounted.
      if (!['ENOENT', 'ENODEV', 'EPERM', 'ENOTCONN'].includes(codeOf(error))) throw error
    }
  }

  close(): void {
    if (this.closed) return
    this.closed = true
    closeSync(this.fd)
  }

  /** Bytes of the next request; 0: none after all; undefined: the connection has ended. */
  private next(buffer: Buffer): Promise<number | undefined> {
    return new Promise((resolve, reject) => {
      read(this.fd, buffer, 0, buffer.length, null, (error, size) => {
        if (error === null) {
          resolve(size)
          return
        }
        switch (error.code) {
          // A request that was taken back before it was read, or a signal.
          case 'ENOENT':
          case 'EINTR':
          case 'EAGAIN':
            resolve(0)
            return
          case 'ENODEV':
          case 'ECONNABORTED':
            resolve(undefined)
            return
          default:
            reject(error)
        }
      })
    })
  }
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : ''
