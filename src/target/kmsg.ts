/**
 * Picks the new records out of a stream of /dev/kmsg (Documentation/ABI/testing/dev-kmsg),
 * which always begins with all that the kernel still has. Records are
 * `level,seq,usec,flags;text` lines, with lines that begin with a blank belonging to the one before.
 * Where numbers are missing the kernel has overwritten records before they were read:
 * a record of level 4 in their place says how many.
 */
export class KmsgFilter {
  private rest = ''
  private keeping = false
  private lastSeq = -1

  /**
   * @param after records up to this time (µs of the kernel's log clock) are old
   * @param onReader told the pid of each reader that takes over from the first (stream.sh)
   */
  constructor(
    private readonly after: number,
    private readonly onReader: (pid: number) => void = () => undefined
  ) {}

  /** Takes bytes cut anywhere; returns whole records, which may be none. */
  push(chunk: Uint8Array): Uint8Array {
    const lines = (this.rest + Buffer.from(chunk).toString('latin1')).split('\n')
    this.rest = lines.pop() ?? ''
    // The kernel's own limit is 8 KiB per record (PRINTK_MESSAGE_MAX is far below).
    if (this.rest.length > 65_536) this.rest = ''
    let kept = ''
    for (const line of lines) {
      if (line.startsWith(' ')) {
        if (this.keeping) kept += `${line}\n`
        continue
      }
      const reader = /^rvpanel-stream 1 [0-9]{1,10} ([1-9][0-9]{0,9})$/.exec(line)?.[1]
      if (reader !== undefined) this.onReader(Number(reader))
      const before = this.lastSeq
      this.keeping = this.isNew(line)
      if (!this.keeping) continue
      const missing = before < 0 ? 0 : this.lastSeq - before - 1
      if (missing > 0) kept += hole(missing, line)
      kept += `${line}\n`
    }
    return Buffer.from(kept, 'latin1')
  }

  private isNew(line: string): boolean {
    const head = /^[0-9]+,([0-9]{1,15}),([0-9]{1,15}),/.exec(line)
    if (!head) return false
    const seq = Number(head[1])
    if (seq <= this.lastSeq) return false
    this.lastSeq = seq
    return Number(head[2]) > this.after
  }
}

/** The record that stands for missing ones, with number and time of the one before `next`. */
function hole(missing: number, next: string): string {
  const [, seq = '', usec = ''] = next.split(',')
  const what = missing === 1 ? '1 record was' : `${String(missing)} records were`
  return `4,${String(Number(seq) - 1)},${usec},-;rvpanel: ${what} overwritten in the kernel log before they could be read\n`
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
