import { oneLine, plainText } from '../sanitize'
import type { ByteLink } from './link'

/** Characters that are kept of what a link said. */
const MOST = 65_536

/** What a link says before its far end speaks in frames, to be waited for. */
export class Dialogue {
  private raw = ''
  private wake: () => void = () => undefined
  private failed: Error | undefined

  constructor(
    private readonly link: ByteLink,
    signal: AbortSignal | undefined,
    cancelled: string
  ) {
    link.onBytes = (chunk) => {
      this.raw = (this.raw + Buffer.from(chunk).toString('latin1')).slice(-MOST)
      this.wake()
    }
    void link.ended.then((message) => {
      const last = lastLine(this.text)
      this.fail(new Error(last === '' ? message : `${message} Its last words: ${last}`))
    })
    signal?.addEventListener(
      'abort',
      () => {
        this.fail(new Error(cancelled))
      },
      { once: true }
    )
  }

  /** All of it as a screen would show it. */
  get text(): string {
    return plainText(Buffer.from(this.raw, 'latin1').toString('utf8'))
  }

  /** All of it as it came, so that new can be told from old. */
  get mark(): string {
    return this.raw
  }

  /** The same without the console's messages. */
  get own(): string {
    return withoutStamped(this.raw)
  }

  type(line: string): void {
    this.link.write(line)
  }

  /** Forgets what came so far. */
  forget(): void {
    this.raw = ''
  }

  /** The first match in what came since the last forget(), or undefined after `ms`. Rejects when the link is gone. */
  async find(pattern: RegExp, ms: number): Promise<RegExpExecArray | undefined> {
    return this.until(
      () => pattern.exec(this.raw) ?? pattern.exec(withoutStamped(this.raw)) ?? undefined,
      ms
    )
  }

  /** Waits until nothing but the console's messages has come for `rest` ms, at most `ms`. */
  async quiet(rest: number, ms: number): Promise<void> {
    const end = performance.now() + ms
    for (let seen = ''; performance.now() < end;) {
      seen = this.own
      const more = await this.until(() => (this.own === seen ? undefined : true), rest)
      if (more === undefined) return
    }
  }

  private fail(error: Error): void {
    this.failed ??= error
    this.wake()
  }

  private async until<T>(look: () => T | undefined, ms: number): Promise<T | undefined> {
    const end = performance.now() + ms
    for (;;) {
      if (this.failed) throw this.failed
      const found = look()
      if (found !== undefined) return found
      const left = end - performance.now()
      if (left <= 0) return undefined
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left)
        this.wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
  }
}

/** The console writes lines with a time into everything. */
function withoutStamped(text: string): string {
  return text.replace(/\[ *[0-9]+\.[0-9]{6}\][^\n]*(?:\n|$)/g, '')
}

/** The last line that is not empty. */
export function lastLine(text: string): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  return oneLine((lines.at(-1) ?? '').slice(-400), 120)
}
