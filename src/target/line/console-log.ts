import type { TracefsStream } from '../port'

/** Lines of the console that wait for the record that they repeat. */
const MOST_HELD = 500
/** How long they wait, ms: the record comes over the same line, behind what else is on its way. */
const PATIENCE = 5_000
/** Times of records that came lately. */
const MOST_KNOWN = 2_000

/**
 * Kernel messages that the console wrote into the line. /dev/kmsg gives the same ones as
 * records, so that a line is shown only where its record does not come: when the kernel
 * has no more time for it, or the log was overwritten.
 */
export class ConsoleLog {
  private held: { readonly usec: string; readonly text: string; readonly since: number }[] = []
  private readonly known = new Set<string>()
  private ready: string[] = []
  private wake: () => void = () => undefined
  private flushed = false

  /** Takes a line of the console: `[   12.345678] text`; others are no messages of the kernel. */
  line(line: string): void {
    const match = /(?:<[0-9]+>)?\[ *([0-9]{1,10})\.([0-9]{6})\](?:\[ *[TC][0-9]+\])? ?(.*)$/.exec(
      line
    )
    if (!match) return
    const usec = String(Number(match[1]) * 1_000_000 + Number(match[2]))
    const text = (match[3] ?? '').slice(0, 1024)
    if (this.known.has(usec)) return
    this.held.push({ usec, text, since: performance.now() })
    if (this.held.length > MOST_HELD) this.release(this.held.shift())
    // The last words of a kernel have no record behind them.
    if (this.flushed || text.startsWith('Kernel panic')) this.flush()
    // Who waits does so for less time now.
    this.wake()
  }

  /** Nothing more will come: what waits is shown. */
  flush(): void {
    this.flushed = true
    for (const held of this.held.splice(0)) this.release(held)
  }

  /** The records of /dev/kmsg, and between them the lines that have none. */
  join(records: TracefsStream): TracefsStream {
    let coming: Promise<Uint8Array | undefined> | undefined
    let isOver = false
    return {
      next: async () => {
        for (;;) {
          this.expire()
          if (this.ready.length > 0) return Buffer.from(this.ready.splice(0).join(''), 'latin1')
          if (isOver) return undefined
          coming ??= records.next()
          const woken = new Promise<'woken'>((resolve) => {
            const timer = setTimeout(
              () => {
                resolve('woken')
              },
              this.held.length > 0 ? PATIENCE : 60_000
            )
            timer.unref()
            this.wake = () => {
              clearTimeout(timer)
              resolve('woken')
            }
          })
          const first = await Promise.race([coming, woken])
          if (first === 'woken') continue
          this.wake()
          coming = undefined
          if (first === undefined) {
            isOver = true
            this.flush()
            continue
          }
          this.note(first)
          return first
        }
      },
      close: () => records.close()
    }
  }

  private note(bytes: Uint8Array): void {
    for (const match of Buffer.from(bytes)
      .toString('latin1')
      .matchAll(/^[0-9]+,[0-9]+,([0-9]+),/gm)) {
      const usec = match[1] ?? ''
      this.known.add(usec)
      this.held = this.held.filter((held) => held.usec !== usec)
    }
    for (const usec of this.known) {
      if (this.known.size <= MOST_KNOWN) break
      this.known.delete(usec)
    }
  }

  private expire(): void {
    const limit = performance.now() - PATIENCE
    while (this.held[0] && this.held[0].since <= limit) this.release(this.held.shift())
  }

  private release(held: { readonly usec: string; readonly text: string } | undefined): void {
    if (!held) return
    const level = held.text.startsWith('Kernel panic') ? 0 : 4
    // A number below that of every record: it takes no part in their count.
    this.ready.push(
      `${String(level)},0,${held.usec},-;${held.text.replace(/[^\x20-\x7e]/g, '?')}\n`
    )
    if (this.ready.length > MOST_HELD) this.ready.shift()
    this.wake()
  }
}
