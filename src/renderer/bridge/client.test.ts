import { describe, expect, it, vi } from 'vitest'
import type { Batch } from '../../contract/state'
import { emptyBatch, FakePort } from '../testing'
import { Bridge, Refusal } from './client'

function setup() {
  const port = new FakePort()
  const applied: (string | number)[] = []
  const notices: string[] = []
  const listener = {
    snapshot: vi.fn((batch: Batch) => applied.push('snapshot', batch.log.length)),
    batch: vi.fn((batch: Batch) => applied.push('batch', batch.log.length)),
    auth: vi.fn(),
    terminal: vi.fn(),
    terminalEnded: vi.fn(),
    notice: vi.fn((_: string, message: string) => notices.push(message))
  }
  const bridge = new Bridge(port.api, listener)
  bridge.start()
  return { port, bridge, listener, applied, notices }
}

describe('Bridge', () => {
  it('says hello with its version and applies a snapshot and the batches after it', () => {
    const { port, listener } = setup()
    expect(port.sent).toEqual([{ type: 'hello', version: 1 }])
    port.send({ type: 'snapshot', seq: 7, batch: emptyBatch() })
    port.send({ type: 'batch', seq: 8, batch: emptyBatch() })
    expect(listener.snapshot).toHaveBeenCalledTimes(1)
    expect(listener.batch).toHaveBeenCalledTimes(1)
  })

  it('acknowledges only drawn frames, each once', () => {
    const { port, bridge } = setup()
    bridge.frameDrawn()
    port.send({ type: 'snapshot', seq: 3, batch: emptyBatch() })
    expect(port.sent.filter((m) => m.type === 'ack')).toEqual([])
    bridge.frameDrawn()
    bridge.frameDrawn()
    expect(port.sent.filter((m) => m.type === 'ack')).toEqual([{ type: 'ack', seq: 3 }])
  })

  it('asks for a snapshot after a gap and drops what came after it', () => {
    const { port, bridge, listener } = setup()
    port.send({ type: 'snapshot', seq: 1, batch: emptyBatch() })
    port.send({ type: 'batch', seq: 3, batch: emptyBatch() })
    port.send({ type: 'batch', seq: 4, batch: emptyBatch() })
    expect(listener.batch).not.toHaveBeenCalled()
    expect(port.sent.filter((m) => m.type === 'resync')).toHaveLength(1)
    expect(bridge.gaps).toBe(1)
    port.send({ type: 'snapshot', seq: 9, batch: emptyBatch() })
    port.send({ type: 'batch', seq: 10, batch: emptyBatch() })
    expect(listener.batch).toHaveBeenCalledTimes(1)
  })

  it('ignores a batch that it has already', () => {
    const { port, listener } = setup()
    port.send({ type: 'snapshot', seq: 5, batch: emptyBatch() })
    port.send({ type: 'batch', seq: 5, batch: emptyBatch() })
    port.send({ type: 'batch', seq: 2, batch: emptyBatch() })
    expect(listener.batch).not.toHaveBeenCalled()
    expect(port.sent.some((m) => m.type === 'resync')).toBe(false)
  })

  it('drops what does not parse, says so and asks for a snapshot, but not without end', () => {
    const { port, bridge, notices } = setup()
    for (const bad of [null, 'x', { type: 'batch' }, { type: 'snapshot', seq: 1, batch: {} }, 7]) {
      port.sendRaw(bad)
    }
    expect(bridge.rejected).toBe(5)
    expect(notices.length).toBe(5)
    expect(port.sent.filter((m) => m.type === 'resync').length).toBeLessThanOrEqual(3)
  })

  it('asks anew when a batch contradicts the state', () => {
    const { port, listener, bridge } = setup()
    port.send({ type: 'snapshot', seq: 1, batch: emptyBatch() })
    listener.batch.mockImplementationOnce(() => {
      throw new RangeError('unknown state index')
    })
    port.send({ type: 'batch', seq: 2, batch: emptyBatch() })
    expect(port.sent.at(-1)).toEqual({ type: 'resync' })
    bridge.frameDrawn()
    expect(port.sent.some((m) => m.type === 'ack' && m.seq === 2)).toBe(false)
  })

  it('gives every reply to its request', async () => {
    const { port, bridge } = setup()
    const first = bridge.request({ op: 'disconnect' })
    const second = bridge.request({ op: 'authCancel' })
    const [a, b] = port.requests()
    port.send({ type: 'reply', id: b?.id ?? -1, error: { code: 'EBUSY', message: 'No slot.' } })
    port.send({ type: 'reply', id: a?.id ?? -1, error: null })
    await expect(first).resolves.toBeUndefined()
    await expect(second).rejects.toMatchObject({ code: 'EBUSY', message: 'No slot.' })
    await expect(second).rejects.toBeInstanceOf(Refusal)
  })

  it('says when the observer speaks another version', () => {
    const { port, notices } = setup()
    port.send({ type: 'hello', version: 99 })
    expect(notices.join()).toContain('99')
  })
})
