import { closeSync, openSync } from 'node:fs'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { setTimeout as wait } from 'node:timers/promises'
import { ReadStream } from 'node:tty'

/** Writes that resolve when the stream took the text, and reject when its reader is gone. */
export function writer(stream: Writable): (text: string | Uint8Array) => Promise<void> {
  // Each write reports its own error.
  stream.on('error', () => undefined)
  return (text) =>
    new Promise((resolve, reject) => {
      stream.write(text, (error) => {
        if (error) reject(error)
        else resolve()
      })
    })
}

/** Whether a stream is a terminal with colours, and nobody said that there should be none (https://no-color.org). */
export function showsColors(
  stream: { readonly isTTY?: boolean },
  env: Readonly<Record<string, string | undefined>>
): boolean {
  const refused = env.NO_COLOR !== undefined && env.NO_COLOR !== ''
  return stream.isTTY === true && !refused && env.TERM !== 'dumb'
}

/** Given by the first SIGINT, SIGTERM or SIGHUP; the second ends the program as it is. */
export function stopSignal(): AbortSignal {
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (stop.signal.aborted) process.exit(1)
      stop.abort()
    })
  }
  return stop.signal
}

export async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await wait(ms, undefined, { signal })
  } catch {
    // The signal, which is one way to end it.
  }
}

/**
 * Asks on the terminal, whatever the standard streams are connected to, without
 * an echo where the answer is secret. Undefined where there is no terminal, at
 * the end of input, or when the program is to stop.
 */
export function askOnTerminal(
  prompt: string,
  secret: boolean,
  stop: AbortSignal,
  terminal: Terminal | undefined = openTerminal(),
  output: Writable = process.stderr
): Promise<string | undefined> {
  if (terminal === undefined) return Promise.resolve(undefined)
  return new Promise((resolve) => {
    // First the raw mode, then the prompt: what is typed at once is not echoed either.
    const lines = createInterface({
      input: terminal.input,
      // Without an output the terminal is raw and silent.
      ...(secret ? {} : { output }),
      terminal: true,
      historySize: 0
    })
    let answer: string | undefined
    const end = (): void => {
      lines.close()
    }
    lines.setPrompt('')
    output.write(prompt)
    lines.once('line', (text) => {
      answer = text
      end()
    })
    // The terminal is raw: Ctrl-C comes as a key.
    lines.once('SIGINT', () => {
      end()
      process.kill(process.pid, 'SIGINT')
    })
    lines.once('close', () => {
      stop.removeEventListener('abort', end)
      if (secret) output.write('\n')
      terminal.close()
      resolve(answer)
    })
    stop.addEventListener('abort', end)
    if (stop.aborted) end()
  })
}

/** Where answers are typed. */
interface Terminal {
  readonly input: Readable
  close(): void
}

function openTerminal(): Terminal | undefined {
  if (process.stdin.isTTY) {
    const input = process.stdin
    return { input, close: () => input.pause() }
  }
  try {
    const fd = openSync('/dev/tty', 'r+')
    try {
      const input = new ReadStream(fd)
      return { input, close: () => input.destroy() }
    } catch {
      closeSync(fd)
    }
  } catch {
    // No controlling terminal.
  }
  return undefined
}
