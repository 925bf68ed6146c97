import { execFileSync, spawn } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { AgentPort, type AgentPortOptions, type Transport } from './agent-port'
import { encodeBytes } from './channel'
import { localTransport } from './local'
import { openSsh } from './ssh'
import { fakeTracefs, shells } from './testing'

let root: string
let port: AgentPort | undefined

beforeEach(() => {
  root = fakeTracefs()
})
afterEach(async () => {
  await port?.close()
  port = undefined
  rmSync(root, { recursive: true, force: true })
})

async function open(transport: Transport, options: AgentPortOptions = {}): Promise<AgentPort> {
  port = await AgentPort.open(transport, { tracefs: root, ...options })
  return port
}

/** The transport, and the operations that were sent through it so far. */
function spied(transport: Transport): [Transport, string[]] {
  const operations: string[] = []
  const spawnSpied = (remote: string): ReturnType<Transport['spawn']> => {
    const child = transport.spawn(remote)
    const write = child.stdin.write.bind(child.stdin)
    child.stdin.write = ((text: string) => {
      const operation = /^[0-9]+ ([a-z]+)/.exec(text)?.[1]
      if (operation !== undefined) operations.push(operation)
      return write(text)
    }) as typeof child.stdin.write
    return child
  }
  return [{ ...transport, spawn: spawnSpied }, operations]
}

for (const shell of shells()) {
  describe(`many reads at a time under ${shell.join(' ')}`, { timeout: 30_000 }, () => {
    it('are one request, and give what each by itself gives', async () => {
      const bootId = readFileSync('/proc/sys/kernel/random/boot_id')
      const contents: Record<string, Uint8Array> = {
        empty: new Uint8Array(),
        zero: Uint8Array.of(0),
        every: Uint8Array.from({ length: 70_000 }, (_, i) => (i * 7) & 255),
        plain: Buffer.from('no newline'),
        other: Buffer.from('1\n\0')
      }
      for (const [name, bytes] of Object.entries(contents)) writeFileSync(join(root, name), bytes)
      const [transport, operations] = spied(localTransport(shell))
      const opened = await open(transport)
      operations.length = 0
      const names = [...Object.keys(contents), ...Object.keys(contents)]
      const all = await Promise.all(names.map((name) => opened.read(name)))
      expect(all).toEqual(names.map((name) => Uint8Array.from(contents[name] ?? [])))
      expect(operations.filter((operation) => operation.startsWith('read'))).toEqual(['reads'])

      // What looks like the agent's own marks, and what cannot be read, is read by itself.
      const hostile = { mark: bootId, inside: Buffer.concat([bootId, bootId]), os: 'Linux\n' }
      for (const [name, bytes] of Object.entries(hostile)) writeFileSync(join(root, name), bytes)
      for (const [name, bytes] of Object.entries(hostile)) {
        const outcome = await Promise.allSettled(
          ['empty', name, 'rv', 'missing', 'plain'].map((path) => opened.read(path))
        )
        expect(outcome).toMatchObject([
          { value: new Uint8Array() },
          { value: Uint8Array.from(Buffer.from(bytes)) },
          { reason: { code: 'EISDIR' } },
          { reason: { code: 'ENOENT', message: /^Cannot read missing/ } },
          { value: Uint8Array.from(Buffer.from('no newline')) }
        ])
      }
    })

    it('leave a file that is too long to itself', async () => {
      writeFileSync(join(root, 'long'), new Uint8Array(4 * 1024 * 1024 + 1))
      const opened = await open(localTransport(shell))
      const [long, short] = await Promise.allSettled([
        opened.read('long'),
        opened.read('rv/monitoring_on')
      ])
      expect(long).toMatchObject({ reason: { code: 'EIO', message: /longer than 4 MiB/ } })
      expect(short).toMatchObject({ value: Uint8Array.of(49, 10, 0) })
    })

    it('keep their place among writes', async () => {
      const opened = await open(localTransport(shell))
      const [before, , after] = await Promise.all([
        opened.read('rv/monitoring_on'),
        opened.write('rv/monitoring_on', '0', 'truncate'),
        opened.read('rv/monitoring_on')
      ])
      expect(before[0]).toBe(49)
      expect(after[0]).toBe(48)
    })
  })

  describe(`a slow target under ${shell.join(' ')}`, { timeout: 30_000 }, () => {
    it('keeps its agent while the panel lives, however long a request takes', async () => {
      execFileSync('mkfifo', [join(root, 'slow')])
      const opened = await open(localTransport(shell), { times: { ping: 200, lease: 1_000 } })
      const slow = opened.read('slow')
      // Longer than the lease and what it waits for in the end: what is tested is that nothing happens.
      expect(await Promise.race([opened.ended, slow, delay(4_500, 'at work')])).toBe('at work')
      await writeFile(join(root, 'slow'), 'done')
      expect(Buffer.from(await slow).toString()).toBe('done')
      expect(await Promise.race([opened.ended, delay(2_500, 'still there')])).toBe('still there')
      expect((await opened.read('rv/monitoring_on'))[0]).toBe(49)
    })

    it('is put back after a request in which the panel fell silent', async () => {
      execFileSync('mkfifo', [join(root, 'slow')])
      const opened = await open(localTransport(shell), { times: { ping: 3_600_000, lease: 1_000 } })
      await opened.write('rv/monitoring_on', '0\n', 'truncate')
      await opened.setRestorePlan([
        { kind: 'file', path: 'rv/monitoring_on', ours: '0', original: '1' }
      ])
      const slow = opened.read('slow')
      await writeFile(join(root, 'slow'), 'done')
      await slow
      expect((await opened.ended).reason).toBe('link-lost')
      expect(readFileSync(join(root, 'rv/monitoring_on'), 'latin1')).toBe('1')
    })
  })
}

describe('a link that is in the way', { timeout: 30_000 }, () => {
  it('is given up when the agent answers no more', async () => {
    execFileSync('mkfifo', [join(root, 'stuck')])
    const opened = await open(localTransport(), { times: { reply: 500 } })
    await expect(opened.read('stuck')).rejects.toMatchObject({ code: 'LINK' })
    expect((await opened.ended).message).toBe(
      'The link to the target is gone: no answer for 0.5 seconds.'
    )
    await writeFile(join(root, 'stuck'), '')
  })

  it('closes a stream that floods and that nobody reads', async () => {
    execFileSync('mkfifo', [join(root, 'trace_pipe')])
    const flood = spawn('sh', ['-c', 'yes > "$1"', 'sh', join(root, 'trace_pipe')])
    const ended = new Promise((resolve) => flood.once('exit', resolve))
    const opened = await open(localTransport())
    const stream = await opened.stream('trace_pipe')
    expect((await stream.next())?.length).toBeGreaterThan(0)
    await stream.close()
    // yes ends by SIGPIPE once every reader is gone.
    await ended
  })

  it('closes a stream whose pipes somebody else holds', async () => {
    execFileSync('mkfifo', [join(root, 'trace_pipe')])
    const holding = localTransport(['sh', '-c', 'sleep 12 & exec sh "$@"', 'sh'])
    const opened = await open(holding)
    const [stream] = await Promise.all([
      opened.stream('trace_pipe'),
      delay(0).then(() => {
        return writeFile(join(root, 'trace_pipe'), 'one\n')
      })
    ])
    await stream.close()
    await opened.close()
    port = undefined
  })
})

describe('a kernel log that is overwritten faster than it is read', () => {
  it('has its next reader among the processes that are kept out', async () => {
    // The dd in front of the real one fails once, as it does after EPIPE, with half a record.
    const fake = join(root, 'bin')
    mkdirSync(fake)
    const lines = [
      '#!/bin/sh',
      `if [ "$1" = bs=65536 ] && mkdir '${fake}/failed'; then printf '6,1,1,-;ha'; exit 1; fi`,
      `[ "$1" = bs=65536 ] && echo $$ > '${fake}/pid'`,
      `PATH=\${PATH#*:} exec dd "$@"`
    ]
    writeFileSync(join(fake, 'dd'), lines.join('\n'), { mode: 0o755 })
    const log = join(root, 'kmsg')
    writeFileSync(log, '6,5,999999999999999,-;after the hole\n')
    const transport: Transport = {
      ...localTransport(),
      spawn: (remote) => {
        const env = { ...process.env, PATH: `${fake}:${process.env.PATH ?? ''}` }
        const child = spawn('sh', ['-c', remote], { detached: true, stdio: 'pipe', env })
        const write = child.stdin.write.bind(child.stdin)
        child.stdin.write = ((text: string) =>
          write(text.replace(encodeBytes('/dev/kmsg'), encodeBytes(log)))) as typeof write
        return child
      }
    }
    const opened = await open(transport)
    const stream = await opened.kernelLog()
    const before = await opened.ownPids()
    expect(Buffer.from((await stream.next()) ?? []).toString()).toContain('after the hole')
    const after = await opened.ownPids()
    expect(after.filter((pid) => !before.includes(pid))).toEqual([
      Number(readFileSync(join(fake, 'pid'), 'latin1'))
    ])
    expect(after.length).toBe(before.length)
    await stream.close()
  })
})

describe('what a target lacks', () => {
  it('is a shell', async () => {
    const sentence = 'The target has no POSIX shell (sh) that the panel could use.'
    await expect(open(localTransport(['/nowhere/sh']))).rejects.toThrow(sentence)
    const without = {
      ...localTransport(),
      spawn: (remote: string) =>
        spawn('/bin/sh', ['-c', remote], { stdio: 'pipe', env: { PATH: '/nowhere' } })
    }
    await expect(open(without)).rejects.toThrow(sentence)
  })

  it('is ssh, on this machine', async () => {
    const path = process.env.PATH
    const empty = mkdtempSync(join(tmpdir(), 'rvpanel-path-'))
    process.env.PATH = empty
    try {
      const connecting = openSsh({
        destination: 'board',
        port: undefined,
        sshConfig: undefined,
        auth: undefined,
        onProgress: () => undefined,
        signal: undefined
      })
      await expect(connecting).rejects.toThrow(
        /^ssh is not installed on this machine: install openssh-client\.$/
      )
    } finally {
      process.env.PATH = path
      rmSync(empty, { recursive: true })
    }
  })

  it('is permission: who is not root is told what to do', async () => {
    // As tracefs is on a real machine: drwx------ root.
    const closed = join(root, 'closed')
    mkdirSync(join(closed, 'rv'), { recursive: true })
    chmodSync(root, 0o755)
    const isRoot = process.getuid?.() === 0
    chmodSync(closed, isRoot ? 0o700 : 0o000)
    const transport = isRoot ? localTransport(['su', '-s', '/bin/sh', 'nobody']) : localTransport()
    await expect(open(transport, { tracefs: closed })).rejects.toThrow(
      /closed on \S+ may be read by root only: run rvpanel as root, or connect to root@localhost by ssh\.$/
    )
    chmodSync(closed, 0o700)
  })
})
