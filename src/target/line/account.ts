/** What a line carried and what became of it, from the start of a connection. */
export interface LinkAccount {
  /** Bytes from the target, of whatever kind. */
  received: number
  /** Bytes to the target. */
  sent: number
  /** Bytes of scripts' output that were delivered, unpacked. */
  delivered: number
  /** Frames whose check was right. */
  frames: number
  /** Frames that were not whole. */
  damaged: number
  /** Lines to the target that had to be said again. */
  repeated: number
  /** Times that a chunk, or what was missing of it, was asked for again. */
  refetched: number
  /** Chunks of streams that were given up. */
  lost: number
  /** Lines that were beside or inside the frames: the kernel's console, and echoes. */
  noise: number
}

export function newAccount(): LinkAccount {
  return {
    received: 0,
    sent: 0,
    delivered: 0,
    frames: 0,
    damaged: 0,
    repeated: 0,
    refetched: 0,
    lost: 0,
    noise: 0
  }
}
