/**
 * Picks the new records out of a stream of /dev/kmsg (Documentation/ABI/testing/dev-kmsg),
 * which always begins with all that the kernel still has. Records are
 * `level,seq,usec,flags;text` lines, with lines that begin with a blank belonging to the one before.
 */
export class KmsgFilter {
  private rest = ''
  private keeping = false
  private lastSeq = -1

  /** @param after records up to this time (µs of the kernel's log clock) are old. */
  constructor(private readonly after: number) {}

  /** Takes bytes cut anywhere; returns whole records, which may be none. */
  push(chunk: Uint8Array): Uint8Array {
    const lines = (this.rest + Buffer.from(chunk).toString('latin1')).split('\n')
    this.rest = lines.pop() ?? ''
    // The kernel's own limit is 8 KiB per record (PRINTK_MESSAGE_MAX is far below).
    if (this.rest.length > 65_536) this.rest = ''
    let kept = ''
    for (const line of lines) {
      if (!line.startsWith(' ')) this.keeping = this.isNew(line)
      if (this.keeping) kept += `${line}\n`
    }
    return Buffer.from(kept, 'latin1')
  }

  private isNew(line: string): boolean {
    const head = /^[0-9]+,([0-9]{1,15}),([0-9]{1,15}),/.exec(line)
    if (!head) return false
    const seq = Number(head[1])
    const fresh = seq > this.lastSeq && Number(head[2]) > this.after
    if (fresh) this.lastSeq = seq
    return fresh
  }
}

/**
 * The time of the newest record at the start, in µs: from dmesg's last line
 * (`[    5.123456] text`) or, where that has no time, from /proc/uptime.
 */
export function newestTime(dmesgLine: string, uptime: string): number {
  const stamp = /^(?:<[0-9]+>)?\[ *([0-9]{1,10})\.([0-9]{6})\]/.exec(dmesgLine)
  if (stamp) return Number(stamp[1]) * 1_000_000 + Number(stamp[2])
  const seconds = /^([0-9]{1,10})\.([0-9]{2})/.exec(uptime)
  return seconds ? Number(seconds[1]) * 1_000_000 + Number(seconds[2]) * 10_000 : 0
}
