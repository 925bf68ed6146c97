import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { AGENT, LineChannel } from './line-channel'
import { LineMux } from './mux'
import type { Tools } from './script'
import { dirt, FarEnd, seeded } from './testing'

const CONNECTION = 'feedf00d'
const TOOLS: Tools = { summing: 'cksum', encoding: 'base64', zip: true }

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

/** Lets time pass until something has come about, an hour at most. */
async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; !condition(); tries++) {
    if (tries > 36_000) throw new Error('it never came about')
    await vi.advanceTimersByTimeAsync(100)
  }
}

interface Setup {
  readonly far: FarEnd
  readonly mux: LineMux
  readonly agent: LineChannel
  readonly got: () => Buffer
}

function connect(outputs: Map<number, Buffer[]>, tools: Tools = TOOLS): Setup {
  const far = new FarEnd(CONNECTION, tools, outputs)
  const mux = new LineMux(far, CONNECTION, tools)
  const agent = new LineChannel(mux, AGENT, () => undefined)
  const chunks: Buffer[] = []
  agent.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
  return { far, mux, agent, got: () => Buffer.concat(chunks) }
}

const seed = fc.integer({ min: 1, max: 0x7fffffff })

describe('a line', () => {
  it.each<Tools>([
    TOOLS,
    { summing: 'md5sum', encoding: 'od', zip: false },
    { summing: 'crc32', encoding: 'uuencode', zip: true }
  ])('carries everything both ways with %o', async (tools) => {
    const output = Buffer.from(Uint8Array.from({ length: 50_000 }, (_, i) => (i * 31) & 255))
    const { mux, far, agent, got } = connect(new Map([[AGENT, [output, Buffer.alloc(0)]]]), tools)
    agent.stdin.write(`1 read a\\b\u00ff  \n`)
    agent.stdin.write(`2 ${'x'.repeat(5_000)}\n`)
    await until(() => got().length === output.length && far.input.endsWith('x\n'))
    expect(got().equals(output)).toBe(true)
    expect(Buffer.from(far.input, 'latin1').toString('utf8')).toBe(
      `1 read a\\b\u00ff  \n2 ${'x'.repeat(5_000)}\n`
    )
    expect(mux.account).toMatchObject({ damaged: 0, repeated: 0, refetched: 0, lost: 0 })
    const [end] = await Promise.all([agent.ended, vi.advanceTimersByTimeAsync(5_000)])
    expect(end.code).not.toBeNull()
    await Promise.all([mux.close(), vi.advanceTimersByTimeAsync(5_000)])
  })

  it('that loses, damages and doubles bytes carries the same, and requests act once', async () => {
    await fc.assert(
      fc.asyncProperty(seed, fc.integer({ min: 150, max: 2_000 }), async (from, oneIn) => {
        const random = seeded(from)
        const output = Buffer.from(
          Uint8Array.from({ length: 6_000 }, () => Math.floor(random() * 256))
        )
        const { mux, far, agent, got } = connect(new Map([[AGENT, [output]]]))
        far.toPanel = dirt(random, oneIn, 300)
        far.toTarget = dirt(random, oneIn, 1e9)
        const requests = Array.from(
          { length: 8 },
          (_, i) => `${String(i)} write append x .${'\\0061'.repeat(9)}\n`
        )
        for (const one of requests) agent.stdin.write(one)
        const all = requests.join('')
        await until(
          () => (got().length >= output.length && far.input.length >= all.length) || mux.isGone
        )
        expect(mux.isGone ? [await mux.lost, mux.account] : 'there').toBe('there')
        expect(got().equals(output)).toBe(true)
        expect(far.input).toBe(all)
        expect(mux.account.lost).toBe(0)
        const numbers = far.acts.map((act) => Number(act.split(' ')[0]))
        expect(numbers).toEqual(numbers.map((_, i) => i + 1))
        await Promise.all([mux.close(), vi.advanceTimersByTimeAsync(4_000)])
      }),
      { numRuns: 25 }
    )
  })

  it('says how much of a stream it gave up, and goes on with what follows', async () => {
    const outputs = new Map([[5, [Buffer.from('rvpanel-stream 1 7 8\n')]]])
    const { mux, far } = connect(outputs)
    const stream = new LineChannel(mux, 5, () => undefined)
    let got = ''
    stream.stdout.on('data', (chunk: Buffer) => (got += chunk.toString('latin1')))
    stream.stdin.write('file .x\n')
    await until(() => got !== '')
    // Only the frames of the second chunk never come through.
    outputs.get(5)?.push(Buffer.from('gone\n'), Buffer.from('there\n'))
    far.toPanel = (text) => (text.includes('c 5 2 ') ? text.replace('c 5 2', 'c 5 9') : text)
    await until(() => got.includes('there'))
    expect(got).toBe('rvpanel-stream 1 7 8\n\nCPU:0 [LOST EVENTS]\nthere\n')
    expect(mux.account.lost).toBe(1)
    expect(mux.isGone).toBe(false)
  })

  it('that is dead is noticed within ten seconds, and everything that waits is told', async () => {
    const { mux, far, agent } = connect(new Map())
    await vi.advanceTimersByTimeAsync(60_000)
    expect(mux.isGone).toBe(false)
    far.isDead = true
    const waiting = mux.say('p').catch((error: unknown) => error)
    await vi.advanceTimersByTimeAsync(10_000)
    expect(mux.isGone).toBe(true)
    await expect(mux.lost).resolves.toMatch(/gone: no answer for 9 seconds\.$/)
    expect(await waiting).toBeInstanceOf(Error)
    await expect(agent.ended).resolves.toMatchObject({ code: null })
    await expect(mux.say('p')).rejects.toThrow(/gone/)
  })

  it('that carries only noise is dead too', async () => {
    const { mux, far } = connect(new Map())
    far.isDead = true
    for (let second = 0; second < 10; second++) {
      far.onBytes(Buffer.from('\u0002\u001b]0;title\u0007garbage\u0003 [    1.000000] tick\r\n'))
      await vi.advanceTimersByTimeAsync(1_000)
    }
    await expect(mux.lost).resolves.toMatch(/no answer/)
  })

  it('whose kernel panics says so', async () => {
    const { mux, far } = connect(new Map())
    await vi.advanceTimersByTimeAsync(5_000)
    far.isDead = true
    far.onBytes(Buffer.from('\u0002cut off[   99.000000] Kernel panic - not syncing: rv: boom\r\n'))
    far.onBytes(Buffer.from('[   99.100000] CPU: 0 PID: 1\r\n'))
    await vi.advanceTimersByTimeAsync(5_000)
    await expect(mux.lost).resolves.toBe(
      'The kernel of the target has panicked: Kernel panic - not syncing: rv: boom'
    )
  })

  it('is not taken for dead by a panic that somebody only writes about', async () => {
    const { mux, far } = connect(new Map())
    far.onBytes(Buffer.from('[   99.000000] Kernel panic - not syncing: no\r\n'))
    await vi.advanceTimersByTimeAsync(30_000)
    expect(mux.isGone).toBe(false)
  })

  it('that hangs up is gone at once', async () => {
    const { mux, far } = connect(new Map())
    far.hangUp('The link to the target is gone: picocom ended.')
    await expect(mux.lost).resolves.toBe('The link to the target is gone: picocom ended.')
  })
})
