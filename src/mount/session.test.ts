import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SimulatedKernel } from '../simulator/kernel'
import { OP } from './protocol'
import { Session } from './session'
import { joined, name, replyOf, request, words } from './testing'

const MS = 1_000_000
const ENOENT = -2
const EINTR = -4
const EAGAIN = -11
const EINVAL = -22
const O_WRONLY = 1
const O_TRUNC = 0o1000
const O_APPEND = 0o2000
const O_NONBLOCK = 0o4000

/** A session over a simulated kernel, driven by hand. */
class World {
  readonly kernel = new SimulatedKernel({ cpus: 2, tasks: 20, seed: 3, models: [] })
  readonly sent: Uint8Array[] = []
  readonly session = new Session({
    files: this.kernel.tracefs,
    send: (reply) => this.sent.push(reply),
    uid: 0,
    gid: 0,
    seconds: 1
  })
  private unique = 100

  /** Sends a request. @returns its number */
  ask(opcode: number, node: number, body?: Uint8Array): number {
    this.session.handle(request(opcode, ++this.unique, node, body))
    return this.unique
  }

  /** Sends a request that is answered at once. */
  call(opcode: number, node: number, body?: Uint8Array): ReturnType<typeof replyOf> {
    const unique = this.ask(opcode, node, body)
    const reply = replyOf(this.sent.pop()!)
    expect(reply.unique).toBe(BigInt(unique))
    return reply
  }

  node(path: string): number {
    return path
      .split('/')
      .reduce(
        (node, part) => Number(this.call(OP.lookup, node, name(part)).body.getBigUint64(0, true)),
        1
      )
  }

  open(path: string, flags = 0): bigint {
    const reply = this.call(OP.open, this.node(path), words(flags, 0))
    expect(reply.error).toBe(0)
    return reply.body.getBigUint64(0, true)
  }

  read(handle: bigint, offset: number, size: number, flags = 0): ReturnType<typeof replyOf> {
    return this.call(OP.read, 0, words(handle, BigInt(offset), size, 0, 0n, flags, 0))
  }

  write(handle: bigint, offset: number, text: string, flags = O_WRONLY): number {
    const data = new TextEncoder().encode(text)
    const head = words(handle, BigInt(offset), data.length, 0, 0n, flags, 0)
    const reply = this.call(OP.write, 0, joined(head, data))
    return reply.error === 0 ? reply.body.getUint32(0, true) : reply.error
  }

  text(path: string): string {
    const { body } = this.read(this.open(path), 0, 65_536)
    return Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString()
  }
}

describe('a session', () => {
  it('looks paths up, forgets them, and says ENOENT of what is not there', () => {
    const world = new World()
    const before = world.session.counts.nodes
    const node = world.node('events/sched/sched_switch/id')
    expect(world.session.counts.nodes).toBe(before + 4)
    expect(world.call(OP.lookup, 1, name('nothing')).error).toBe(ENOENT)
    expect(world.call(OP.getattr, node, words(0, 0, 0n)).body.getUint32(16 + 60, true)).toBe(
      0o100440
    )
    world.ask(OP.forget, node, words(1n))
    expect(world.call(OP.getattr, node, words(0, 0, 0n)).error).toBe(ENOENT)
    expect(world.session.counts.nodes).toBe(before + 3)
  })

  it('has the position of a write from the kernel, but with O_APPEND keeps its own', () => {
    const world = new World()
    // Text at an offset stands behind NULs, and is accepted as empty.
    const handle = world.open('rv/enabled_monitors', O_WRONLY)
    expect(world.write(handle, 0, 'nothing')).toBe(EINVAL)
    expect(world.write(handle, 4, 'nothing')).toBe(7)
    const append = world.open('rv/enabled_monitors', O_WRONLY | O_APPEND)
    expect(world.write(append, 8, 'nothing', O_WRONLY | O_APPEND)).toBe(EINVAL)
    expect(world.write(append, 8, '\n', O_WRONLY | O_APPEND)).toBe(1)
    expect(world.write(append, 0, 'nothing', O_WRONLY | O_APPEND)).toBe(7)
  })

  it('truncates where it opens', () => {
    const world = new World()
    world.write(world.open('set_event_pid', O_WRONLY | O_APPEND), 0, '7 8')
    expect(world.text('set_event_pid')).toBe('7\n8\n')
    world.open('set_event_pid', O_WRONLY | O_TRUNC)
    expect(world.text('set_event_pid')).toBe('')
  })

  it('keeps a read that has to wait until there is something, or a signal', () => {
    const world = new World()
    const pipe = world.open('trace_pipe')
    expect(world.read(pipe, 0, 4096, O_NONBLOCK).error).toBe(EAGAIN)
    const body = words(pipe, 0n, 4096, 0, 0n, 0, 0)
    const waiting = world.ask(OP.read, 0, body)
    const interrupted = world.ask(OP.read, 0, body)
    expect(world.session.counts.waiting).toBe(2)
    expect(world.sent).toEqual([])
    world.ask(OP.interrupt, 0, words(BigInt(interrupted)))
    expect(replyOf(world.sent.pop()!)).toMatchObject({ unique: BigInt(interrupted), error: EINTR })
    world.write(world.open('events/sched/enable', O_WRONLY), 0, '1')
    world.kernel.advance(20 * MS)
    world.session.wake()
    const reply = replyOf(world.sent.pop()!)
    expect(reply).toMatchObject({ unique: BigInt(waiting), error: 0 })
    expect(reply.body.byteLength).toBeGreaterThan(100)
    expect(world.session.counts.waiting).toBe(0)
  })

  it('tells once who polls that there is something', () => {
    const world = new World()
    const pipe = world.open('trace_pipe')
    expect(world.call(OP.poll, 0, words(pipe, 55n, 1, 1)).body.getUint32(0, true)).toBe(0)
    world.session.wake()
    expect(world.sent).toEqual([])
    world.write(world.open('trace_marker', O_WRONLY), 0, 'hello\n')
    world.session.wake()
    world.session.wake()
    const [told, ...more] = world.sent.map(replyOf)
    expect(more).toEqual([])
    expect(told).toMatchObject({ unique: 0n, error: 1 })
    expect(told!.body.getBigUint64(0, true)).toBe(55n)
    expect(world.call(OP.poll, 0, words(pipe, 55n, 1, 1)).body.getUint32(0, true) & 1).toBe(1)
  })

  it('ends reads that wait with the end of their file', () => {
    const world = new World()
    const unique = world.ask(OP.read, 0, words(world.open('trace_pipe'), 0n, 4096, 0, 0n, 0, 0))
    world.session.end()
    const reply = replyOf(world.sent.pop()!)
    expect(reply).toMatchObject({ unique: BigInt(unique), error: 0 })
    expect(reply.body.byteLength).toBe(0)
  })

  it('lists a directory in pieces of any size, each name once', () => {
    const world = new World()
    const expected = ['.', '..', ...world.kernel.tracefs.list('').map((entry) => entry.name)]
    fc.assert(
      fc.property(fc.integer({ min: 300, max: 5000 }), (size) => {
        const handle = world.call(OP.opendir, 1, words(0, 0)).body.getBigUint64(0, true)
        const names: string[] = []
        for (let offset = 0n; ;) {
          const { body } = world.call(OP.readdir, 1, words(handle, offset, size, 0, 0n, 0, 0))
          if (body.byteLength === 0) break
          expect(body.byteLength).toBeLessThanOrEqual(size)
          for (let at = 0; at < body.byteLength;) {
            offset = body.getBigUint64(at + 8, true)
            const length = body.getUint32(at + 16, true)
            names.push(Buffer.from(body.buffer, body.byteOffset + at + 24, length).toString())
            at += (24 + length + 7) & ~7
          }
        }
        world.call(OP.releasedir, 1, words(handle, 0n, 0n))
        expect(names).toEqual(expected)
      }),
      { numRuns: 20 }
    )
  })

  it('answers every request that can be answered, once, whatever it says', () => {
    const world = new World()
    const silent: number[] = [OP.forget, OP.batchForget, OP.interrupt]
    const opcode = fc.constantFrom(...Object.values(OP).filter((op) => !silent.includes(op)))
    fc.assert(
      fc.property(opcode, fc.nat(6), fc.uint8Array({ maxLength: 120 }), (op, node, body) => {
        world.sent.length = 0
        const waitingBefore = world.session.counts.waiting
        const unique = world.ask(op, node, body)
        const waits = world.session.counts.waiting - waitingBefore
        expect(world.sent.length + waits).toBe(1)
        for (const reply of world.sent) {
          expect(replyOf(reply).unique).toBe(BigInt(unique))
          expect(new DataView(reply.buffer).getUint32(0, true)).toBe(reply.length)
        }
      }),
      { numRuns: 2000 }
    )
  })

  it('takes a removed instance out, and another of its name for another', () => {
    const world = new World()
    const instances = world.node('instances')
    const body = joined(words(0o755, 0), name('x'))
    const first = world.call(OP.mkdir, instances, body).body.getBigUint64(0, true)
    expect(world.call(OP.rmdir, instances, name('x')).error).toBe(0)
    const second = world.call(OP.mkdir, instances, body).body.getBigUint64(0, true)
    expect(second).not.toBe(first)
  })
})
