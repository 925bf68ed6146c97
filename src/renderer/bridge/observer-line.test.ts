import { beforeEach, describe, expect, it } from 'vitest'
import { serverMessage } from '../../contract/state'
import type { LinePort } from './observer-line'
import { ObserverLine } from './observer-line'

/** A port whose other end the test holds. */
class FakePort implements LinePort {
  onmessage: LinePort['onmessage'] = null
  readonly sent: unknown[] = []
  closed = false
  #close: () => void = () => undefined
  postMessage(message: unknown): void {
    this.sent.push(message)
  }
  addEventListener(_type: 'close', listener: () => void): void {
    this.#close = listener
  }
  start(): void {
    // Delivery is the test's own doing.
  }
  close(): void {
    this.closed = true
  }
  deliver(data: unknown): void {
    this.onmessage?.(new MessageEvent('message', { data }))
  }
  die(): void {
    this.#close()
  }
}

const hello = { type: 'hello', version: 1 } as const
const disconnect = (id: number) => ({ type: 'request', id, request: { op: 'disconnect' } }) as const

describe('the window’s line to the observer', () => {
  let line = new ObserverLine()
  let heard: unknown[] = []
  const types = (): unknown[] => heard.map((message) => serverMessage.parse(message).type)
  beforeEach(() => {
    line = new ObserverLine()
    heard = []
    line.subscribe((message) => heard.push(message))
  })

  it('keeps messages in order until there is a port', () => {
    line.post(hello)
    line.post(disconnect(1))
    const port = new FakePort()
    line.use(port)
    line.post(disconnect(2))
    expect(port.sent).toEqual([hello, disconnect(1), disconnect(2)])
  })

  it('hands on what arrives, until the listener leaves', () => {
    const port = new FakePort()
    line.use(port)
    const other: unknown[] = []
    const stop = line.subscribe((message) => other.push(message))
    port.deliver('one')
    stop()
    port.deliver('two')
    expect(heard).toEqual(['one', 'two'])
    expect(other).toEqual(['one'])
  })

  it('says in the contract’s words that the observer died, and refuses what it had not answered', () => {
    const port = new FakePort()
    line.use(port)
    line.post(hello)
    line.post(disconnect(7))
    line.post(disconnect(8))
    port.deliver({ type: 'reply', id: 7, error: null })
    heard = []
    port.die()
    expect(types()).toEqual(['reply', 'snapshot', 'auth', 'notice'])
    expect(heard[0]).toMatchObject({ id: 8, error: { code: 'LINK' } })
    expect(heard[1]).toMatchObject({ batch: { target: { phase: 'lost' } } })
    expect(heard[3]).toMatchObject({ severity: 'error' })
  })

  it('greets the next observer as it did the first, before anything else, without stale acknowledgements', () => {
    const first = new FakePort()
    line.post(hello)
    line.use(first)
    first.die()
    line.post({ type: 'ack', seq: 4 })
    line.post({ type: 'resync' })
    line.post(disconnect(9))
    const second = new FakePort()
    line.use(second)
    expect(second.sent).toEqual([hello, disconnect(9)])
  })

  it('takes a new port before the old one was seen to die', () => {
    const first = new FakePort()
    const second = new FakePort()
    line.post(hello)
    line.use(first)
    line.use(second)
    first.die()
    line.post(disconnect(1))
    expect(first.closed).toBe(true)
    expect(second.sent).toEqual([hello, disconnect(1)])
    expect(types().filter((type) => type === 'notice')).toHaveLength(1)
  })
})
