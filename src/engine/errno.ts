/** Error numbers that the control files of RV give, by their names in errno.h. */
export type ErrnoCode =
  | 'EINVAL'
  | 'ERANGE'
  | 'EBUSY'
  | 'EEXIST'
  | 'ENOENT'
  | 'EACCES'
  | 'EPERM'
  | 'ENOMEM'
  | 'EIO'
  | 'ENOTDIR'
  | 'EISDIR'

/** A refusal of the (simulated) kernel: the code is what a system call would return. */
export class Errno extends Error {
  override readonly name = 'Errno'
  constructor(
    readonly code: ErrnoCode,
    /** One sentence: what was refused, and why. */
    message: string
  ) {
    super(message)
  }
}
