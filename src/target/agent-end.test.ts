import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import {
  closeSync,
  constants,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import streamScript from './stream.sh?raw'
import { AgentPort } from './agent-port'
import { bootstrap, Channel, encodeBytes, scriptsOver } from './channel'
import { localTransport } from './local'
import { openShellStream } from './shell-stream'
import { fakeTracefs, shells } from './testing'

/** What goes wrong here does so once in ten or a hundred times. */
const RUNS = 40

/** Signals at every moment of the milliseconds in which a process that gets them leaves. */
function storm(pid: number): void {
  try {
    const end = process.hrtime.bigint() + 3_000_000n
    for (let next = 0n; next < end;) {
      process.kill(pid, 'SIGTERM')
      next = process.hrtime.bigint() + 20_000n
      while (process.hrtime.bigint() < next);
    }
  } catch {
    // It is gone.
  }
}

function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${String(pid)}/status`, 'latin1'))
  } catch {
    return false
  }
}

/** A FIFO that can be opened for reading, since somebody (its test) may still write to it. */
class Fifo {
  readonly path: string
  private readonly writer: number

  constructor(folder: string) {
    this.path = join(folder, 'pipe')
    execFileSync('mkfifo', [this.path])
    const both = openSync(this.path, constants.O_RDWR)
    this.writer = openSync(this.path, constants.O_WRONLY)
    closeSync(both)
  }

  /** Waits until nobody has it open for reading: open(2) says ENXIO then. */
  async abandoned(): Promise<void> {
    for (let tries = 0; this.hasReader(); tries++) {
      if (tries === 2_000) throw new Error(`A reader of ${this.path} outlives its stream.`)
      await delay(10)
    }
  }

  write(text: string): void {
    writeSync(this.writer, text)
  }

  close(): void {
    closeSync(this.writer)
  }

  private hasReader(): boolean {
    try {
      closeSync(openSync(this.path, constants.O_WRONLY | constants.O_NONBLOCK))
      return true
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENXIO') return false
      throw error
    }
  }
}

for (const shell of shells()) {
  describe(`the end of a stream under ${shell.join(' ')}`, { timeout: 60_000 }, () => {
    const { spawn } = localTransport(shell)
    let folder: string

    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), 'rvpanel-end-'))
    })

    afterEach(() => {
      rmSync(folder, { recursive: true, force: true })
    })

    const each = async (run: (fifo: Fifo) => Promise<void>): Promise<void> => {
      for (let i = 0; i < RUNS; i++) {
        const fifo = new Fifo(folder)
        try {
          await run(fifo)
          await fifo.abandoned()
        } finally {
          fifo.close()
          rmSync(fifo.path)
        }
      }
    }

    it('takes the reader along when the link goes while it opens', async () => {
      await each(async (fifo) => {
        const channel = new Channel(spawn(bootstrap(streamScript)), streamScript)
        channel.child.stdout.resume()
        channel.child.stdin.end(`file ${encodeBytes(fifo.path)}\n`)
        await once(channel.child, 'exit')
      })
    })

    it('takes the reader along when the agent and the link end it at the same time', async () => {
      await each(async (fifo) => {
        const stream = await openShellStream(scriptsOver(spawn), 'file', fifo.path, 'pipe')
        fifo.write('a line\n')
        expect(Buffer.from((await stream.next()) ?? []).toString()).toBe('a line\n')
        storm(stream.pids[0])
        await fifo.abandoned()
        await stream.close()
      })
    })
  })

  describe(`the end of the agent under ${shell.join(' ')}`, { timeout: 60_000 }, () => {
    it('puts the target back, and takes its lease along, whatever signals come meanwhile', async () => {
      const root = fakeTracefs()
      const enable = join(root, 'rv/monitors/wip/enable')
      for (let i = 0; i < RUNS / 2; i++) {
        writeFileSync(enable, '1\n')
        const port = await AgentPort.open(localTransport(shell), { tracefs: root })
        await port.setRestorePlan([
          { kind: 'file', path: 'rv/monitors/wip/enable', ours: '1', original: '0' }
        ])
        const [agent = 0, , lease = 0] = await port.ownPids()
        expect(isAlive(lease)).toBe(true)
        storm(agent)
        await vi.waitUntil(() => !isAlive(agent) && !isAlive(lease), 20_000)
        expect(readFileSync(enable, 'latin1')).toBe('0')
        await port.close()
      }
      rmSync(root, { recursive: true, force: true })
    })
  })
}
