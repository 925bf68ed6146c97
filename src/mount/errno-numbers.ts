import type { ErrnoCode } from '../engine/errno'

/** Error numbers of Linux (asm-generic/errno-base.h, errno.h), the same on every machine that Node runs on. */
const NUMBERS: Readonly<Record<ErrnoCode, number>> = {
  EPERM: 1,
  ENOENT: 2,
  EIO: 5,
  ENOMEM: 12,
  EACCES: 13,
  EBUSY: 16,
  EEXIST: 17,
  ENOTDIR: 20,
  EISDIR: 21,
  EINVAL: 22,
  ERANGE: 34
}

export const EPERM = 1
export const ENOENT = 2
export const EINTR = 4
export const EIO = 5
export const EBADF = 9
export const EAGAIN = 11
export const EACCES = 13
export const EINVAL = 22
export const ENOSYS = 38
export const EPROTO = 71

export const errnoNumber = (code: ErrnoCode): number => NUMBERS[code]
