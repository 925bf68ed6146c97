import { SimulatedPipe, type PipeSource } from './pipe'

/** One record of the kernel log. */
interface LogRecord {
  readonly level: number
  readonly sequence: number
  readonly ns: number
  readonly text: string
}

/** Records kept; what a reader has not read by then is lost to it, as with log_buf. */
const KEPT = 4096

const encoder = new TextEncoder()

/** The kernel log as /dev/kmsg gives it. */
export class KernelLog {
  private records: LogRecord[] = []
  private next = 0

  /** @param level as in kern_levels.h */
  add(level: number, ns: number, text: string): void {
    this.records.push({ level, sequence: this.next++, ns, text })
    if (this.records.length > 2 * KEPT) this.records = this.records.slice(-KEPT)
  }

  /** A reader from the first record that is kept, or from the next one to come. */
  open(from: 'start' | 'now'): SimulatedPipe {
    let position = from === 'now' ? this.next : 0
    const source: PipeSource = {
      readable: () => position < this.next,
      more: () => {
        const first = this.next - this.records.length
        if (position < first) position = first
        const record = this.records[position - first]
        if (record === undefined) return undefined
        position++
        return encoder.encode(recordText(record))
      },
      close: () => undefined
    }
    return new SimulatedPipe(source)
  }
}

/** Control characters are escaped as the kernel does; the record stays one line. */
function recordText({ level, sequence, ns, text }: LogRecord): string {
  const escaped = [...encoder.encode(text)]
    .map((byte) =>
      byte < 32 || byte >= 127 || byte === 0x5c
        ? `\\x${byte.toString(16).padStart(2, '0')}`
        : String.fromCharCode(byte)
    )
    .join('')
  return `${level},${sequence},${Math.floor(ns / 1000)},-;${escaped}\n`
}
