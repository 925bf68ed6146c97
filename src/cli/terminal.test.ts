import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { askOnTerminal, showsColors } from './terminal'

/** A keyboard that knows whether what is typed would be echoed, and a screen. */
function terminal() {
  const seen = { screen: '', rawAtPrompt: false, raw: false, closed: 0 }
  const input = Object.assign(new PassThrough(), {
    setRawMode(raw: boolean) {
      seen.raw = raw
    }
  })
  const output = new PassThrough()
  output.on('data', (bytes: Buffer) => {
    const text = bytes.toString()
    if (text.includes('?')) seen.rawAtPrompt = seen.raw
    seen.screen += text
  })
  const ask = (secret: boolean, stop = new AbortController().signal) =>
    askOnTerminal('password? ', secret, stop, { input, close: () => seen.closed++ }, output)
  return { input, seen, ask }
}

describe('a question on the terminal', () => {
  it('that is secret is never echoed, however soon it is answered', async () => {
    const { input, seen, ask } = terminal()
    const answer = ask(true)
    input.write('s3cret\r')
    expect(await answer).toBe('s3cret')
    expect(seen).toEqual({ screen: 'password? \n', rawAtPrompt: true, raw: false, closed: 1 })
  })

  it('that is not secret shows what is typed', async () => {
    const { input, seen, ask } = terminal()
    const answer = ask(false)
    input.write('yes\r')
    expect(await answer).toBe('yes')
    expect(seen.screen).toMatch(/^password\? .*yes\r?\n$/)
  })

  it('has no answer at the end of input, or when the program is to stop', async () => {
    const ended = terminal()
    const first = ended.ask(true)
    ended.input.end()
    expect(await first).toBeUndefined()
    const stopped = terminal()
    const stop = new AbortController()
    const second = stopped.ask(true, stop.signal)
    stopped.input.write('half')
    stop.abort()
    expect(await second).toBeUndefined()
    expect(stopped.seen.raw).toBe(false)
    expect(await terminal().ask(true, AbortSignal.abort())).toBeUndefined()
  })
})

describe('colours', () => {
  it.each([
    [true, {}, true],
    [undefined, {}, false],
    [true, { NO_COLOR: '1' }, false],
    [true, { NO_COLOR: '' }, true],
    [true, { TERM: 'dumb' }, false]
  ])('on a terminal (%s) with %j: %s', (isTTY, env, expected) => {
    expect(showsColors(isTTY === undefined ? {} : { isTTY }, env)).toBe(expected)
  })
})
