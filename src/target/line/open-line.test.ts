import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { open as openFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import type { AuthDialogue } from '../../contract/state'
import type { AgentPort } from '../agent-port'
import { fakeTracefs, shells } from '../testing'
import { commandLink } from './command-link'
import type { ByteLink } from './link'
import type { LineMux } from './mux'
import { openLine, type LineOptions } from './open-line'
import { dirt, seeded, type Fault } from './testing'

let root: string
let port: AgentPort | undefined
let mux: LineMux | undefined

beforeEach(() => {
  root = fakeTracefs()
})
afterEach(async () => {
  await port?.close()
  port = undefined
  rmSync(root, { recursive: true, force: true })
})

type Options = Partial<LineOptions> & { readonly times?: object }

async function open(link: ByteLink, options: Options = {}): Promise<AgentPort> {
  port = await openLine(
    {
      kind: 'cmd',
      name: 'board',
      link,
      auth: undefined,
      onProgress: () => undefined,
      signal: undefined,
      onMux: (made) => {
        mux = made
      },
      ...options
    },
    { tracefs: root }
  )
  return port
}

/** A link that does something to what comes and to what goes. */
function through(link: ByteLink, toPanel: Fault, toTarget: Fault): ByteLink {
  const outer: ByteLink = {
    onBytes: () => undefined,
    ended: link.ended,
    write: (text) => {
      link.write(toTarget(text))
    },
    close: () => link.close()
  }
  link.onBytes = (chunk) => {
    const text = toPanel(Buffer.from(chunk).toString('latin1'))
    if (text !== '') outer.onBytes(Buffer.from(text, 'latin1'))
  }
  return outer
}

/** A script in a folder of its own, in front of the system's programs. */
function program(name: string, ...lines: readonly string[]): string {
  const bin = join(root, 'bin')
  mkdirSync(bin, { recursive: true })
  writeFileSync(join(bin, name), ['#!/bin/sh', ...lines, ''].join('\n'), { mode: 0o755 })
  return bin
}

const text = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString('latin1')
const file = (path: string): string => readFileSync(join(root, path), 'latin1')
const failure = (outcome: Promise<unknown>): Promise<string> =>
  outcome.then(
    () => 'it connected',
    (error: unknown) => (error instanceof Error ? error.message : String(error))
  )
const left = (): string[] => readdirSync(tmpdir()).filter((name) => name.startsWith('rvpanel.'))

/** Bytes of every kind, which no packing makes shorter. */
const random = seeded(7)
const BYTES = Uint8Array.from({ length: 30_000 }, () => Math.floor(random() * 256))

for (const shell of shells()) {
  describe(`a shell on a line: ${shell.join(' ')}`, () => {
    it('serves reads, writes, lists, refusals and streams, and leaves nothing behind', async () => {
      const before = left()
      writeFileSync(join(root, 'big'), BYTES)
      execFileSync('mkfifo', [join(root, 'trace_pipe')])
      const opened = await open(await commandLink(shell))
      expect(text(await opened.read('rv/monitoring_on'))).toBe('1\n\0')
      expect(await opened.read('big')).toEqual(BYTES)
      await opened.write('rv/monitoring_on', '0\n', 'truncate')
      expect(file('rv/monitoring_on')).toBe('0\n')
      expect(await opened.list('rv')).toContainEqual({ name: 'monitors', directory: true })
      await expect(opened.read('rv/nothing')).rejects.toMatchObject({
        code: 'ENOENT',
        message: 'Cannot read rv/nothing: No such file or directory.'
      })
      await expect(opened.stream('rv/nothing')).rejects.toMatchObject({ code: 'ENOENT' })
      // More streams than there are channels, one after the other, and two at a time.
      for (let i = 0; i < 7; i++) {
        const writer = openFile(join(root, 'trace_pipe'), 'w')
        const stream = await opened.stream('trace_pipe')
        const hand = await writer
        await hand.write(`line ${String(i)}\n`)
        expect(text(await stream.next())).toBe(`line ${String(i)}\n`)
        // A request has its turn while a stream waits.
        expect(text(await opened.read('rv/monitoring_on'))).toBe('0\n')
        expect((await opened.ownPids()).length).toBeGreaterThan(4)
        await stream.close()
        await hand.close()
      }
      await opened.setRestorePlan([
        { kind: 'file', path: 'rv/monitoring_on', ours: '0', original: '1' }
      ])
      expect(await opened.close()).toMatchObject([{ outcome: 'restored' }])
      expect(file('rv/monitoring_on')).toBe('1')
      expect(left()).toEqual(before)
    })

    it('carries the same over a line that damages it, both ways', async () => {
      writeFileSync(join(root, 'big'), BYTES.subarray(0, 6_000))
      const chance = seeded(shell.length)
      let isDirty = false
      const down = dirt(chance, 2_000, 400)
      const up = dirt(chance, 2_000, 1e9)
      const inner = await commandLink(shell)
      const link = through(
        inner,
        (piece) => (isDirty ? down(piece) : piece),
        (piece) => (isDirty ? up(piece) : piece)
      )
      const opened = await open(link)
      isDirty = true
      expect(await opened.read('big')).toEqual(BYTES.subarray(0, 6_000))
      for (let i = 0; i < 10; i++) {
        await opened.write('rv/monitors/wip/enable', `${String(i)}\n`, 'append')
      }
      expect(file('rv/monitors/wip/enable')).toBe(
        '0\n\0' + [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].join('\n') + '\n'
      )
      expect(mux?.account.noise).toBeGreaterThan(3)
      expect(mux?.account.lost).toBe(0)
      isDirty = false
    })

    it('is put back by the lease when the panel says nothing more, and the shell is back', async () => {
      const inner = await commandLink(shell)
      let isCut = false
      let after = ''
      const link = through(
        inner,
        (piece) => {
          if (isCut) after += piece
          return isCut ? '' : piece
        },
        (piece) => (isCut ? '' : piece)
      )
      const opened = await open(link)
      await opened.write('rv/monitoring_on', '0\n', 'truncate')
      await opened.setRestorePlan([
        { kind: 'file', path: 'rv/monitoring_on', ours: '0', original: '1' }
      ])
      isCut = true
      const end = await opened.ended
      expect(end).toMatchObject({ reason: 'link-lost', message: /no answer for 9 seconds/ })
      await opened.close()
      await vi.waitUntil(() => file('rv/monitoring_on') === '1', 50_000)
      expect(after).not.toContain('error')
    })
  })
}

describe('the way to a shell', () => {
  const ask = (answers: Record<string, string>, asked: AuthDialogue[]): LineOptions['auth'] => ({
    ask: (dialogue) => {
      asked.push(dialogue)
      const known = Object.keys(answers).find((end) => dialogue.text.trimEnd().endsWith(end))
      return Promise.resolve(answers[known ?? ''])
    }
  })

  it('goes through a login, whose questions are the user’s', async () => {
    const bin = program(
      'getty',
      'while :; do',
      '  printf "\\nboard login: "; read -r name',
      '  printf "Password: "; stty -echo 2> /dev/null; read -r password; stty echo 2> /dev/null',
      '  [ "$name.$password" = root.secret ] && break',
      '  printf "\\nLogin incorrect\\n"',
      'done',
      'printf "\\nWelcome\\n"',
      'sh -i'
    )
    const asked: AuthDialogue[] = []
    let tries = 0
    const auth: LineOptions['auth'] = {
      ask: (dialogue) => {
        asked.push(dialogue)
        const isName = dialogue.text.endsWith('login: ')
        return Promise.resolve(isName ? 'root' : ++tries === 1 ? 'wrong' : 'secret')
      }
    }
    const opened = await open(await commandLink([join(bin, 'getty')]), { auth })
    expect(asked.map(({ secret }) => secret)).toEqual([false, true, false, true])
    expect(asked[2]?.text).toContain('Login incorrect')
    expect(text(await opened.read('rv/monitoring_on'))).toBe('1\n\0')
  })

  it('says what is asked where nobody can answer', async () => {
    const bin = program('getty', 'printf "board login: "; read -r name')
    expect(await failure(open(await commandLink([join(bin, 'getty')])))).toBe(
      'board asks "board login:", and no one can answer.'
    )
  })

  it('goes through sudo where the shell is not root’s', async () => {
    const bin = program('id', 'if [ -n "$ROOT" ]; then echo 0; else echo 1000; fi')
    program(
      'sudo',
      'printf "[sudo] password for me: "; read -r password',
      '[ "$password" = secret ] || { echo "sudo: 1 incorrect password attempt"; exit 1; }',
      'export ROOT=1',
      'exec "$@"'
    )
    const command = ['env', `PATH=${bin}:${process.env.PATH ?? ''}`, 'sh', '-i']
    const asked: AuthDialogue[] = []
    const answers = { '[sudo] password for me:': 'secret' }
    await open(await commandLink(command), { auth: ask(answers, asked) })
    expect(asked.map(({ secret }) => secret)).toEqual([true])
    await port?.close()
    const wrong = { '[sudo] password for me:': 'wrong' }
    expect(await failure(open(await commandLink(command), { auth: ask(wrong, asked) }))).toMatch(
      /^sudo on board did not make the panel root: .*incorrect password/
    )
  })

  it('finds one behind the console’s messages, and after a panel that was killed', async () => {
    const shell = 'while :; do echo "[    1.000000] tick"; sleep 0.05; done & exec sh -i'
    const inner = await commandLink(['sh', '-c', shell])
    let isMute = false
    const mute: Fault = (piece) => (isMute ? '' : piece)
    const first = through(inner, mute, mute)
    first.close = () => Promise.resolve()
    await open(first)
    // The far end of the first panel has the line, and does not know yet that it is gone.
    isMute = true
    port = undefined
    const second = await open(
      through(
        inner,
        (piece) => piece,
        (piece) => piece
      )
    )
    expect(text(await second.read('rv/monitoring_on'))).toBe('1\n\0')
  })
})

describe('what is in the way', () => {
  it('is named: a command that is not there', async () => {
    for (const program of ['/nowhere/picocom', 'no-such-program']) {
      expect(await failure(commandLink([program, '-b']))).toBe(
        `There is no program ${program} on this machine.`
      )
    }
  })

  it('is named: a command that fails, with its last words', async () => {
    const bin = program('gateway', 'echo "no such board: b7"', 'exit 3')
    expect(await failure(open(await commandLink([join(bin, 'gateway')])))).toMatch(
      /ended with exit code 3\. Its last words: no such board: b7$/
    )
  })

  it('is named: tools that a target lacks', async () => {
    const bin = join(root, 'bare')
    mkdirSync(bin)
    for (const tool of ['sh', 'id', 'sleep']) {
      execFileSync('ln', ['-s', execFileSync('which', [tool]).toString().trim(), join(bin, tool)])
    }
    const command = ['env', `PATH=${bin}`, 'sh', '-i']
    expect(await failure(open(await commandLink(command)))).toBe(
      'The shell on board lacks what the panel needs: a checksum (one of cksum, crc32, md5sum, sha1sum, sha256sum); a way to write bytes as text (one of base64, uuencode, od); mkfifo or mknod; dd; od.'
    )
  })

  it.each([
    ['od', 'md5sum'],
    ['od', 'cksum']
  ])('is nothing with %s and %s alone', async (encoding, summing) => {
    const bin = join(root, 'small')
    mkdirSync(bin)
    const tools = [
      'sh',
      'id',
      'sleep',
      'od',
      'dd',
      'mkfifo',
      'rm',
      'mkdir',
      'rmdir',
      'stty',
      summing
    ]
    for (const tool of new Set([...tools, encoding])) {
      execFileSync('ln', ['-s', execFileSync('which', [tool]).toString().trim(), join(bin, tool)])
    }
    writeFileSync(join(root, 'big'), BYTES)
    // The agent looks into the system's folders as well.
    const opened = await open(await commandLink(['env', `PATH=${bin}`, 'sh', '-i']))
    expect(mux?.tools).toEqual({ encoding, summing, zip: false })
    expect(await opened.read('big')).toEqual(BYTES)
  })

  it('is noticed: a link that goes', async () => {
    const inner = await commandLink(['sh'])
    const opened = await open(inner)
    await opened.write('rv/monitoring_on', '0\n', 'truncate')
    await opened.setRestorePlan([
      { kind: 'file', path: 'rv/monitoring_on', ours: '0', original: '1' }
    ])
    await inner.close()
    expect((await opened.ended).message).toMatch(/^The link to the target is gone: sh ended/)
    await vi.waitUntil(() => file('rv/monitoring_on') === '1', 30_000)
  })

  it('can be given up', async () => {
    const giveUp = new AbortController()
    const opening = failure(open(await commandLink(['sleep', '600']), { signal: giveUp.signal }))
    giveUp.abort()
    expect(await opening).toBe('The connection was cancelled.')
  })

  it('is kept out: a stream that floods and that nobody reads', async () => {
    execFileSync('mkfifo', [join(root, 'trace_pipe')])
    const flood = writeFile(join(root, 'trace_pipe'), Buffer.alloc(4 << 20, 'x\n')).catch(
      () => undefined
    )
    const opened = await open(await commandLink(['sh']))
    const stream = await opened.stream('trace_pipe')
    expect((await stream.next())?.length).toBeGreaterThan(0)
    for (let i = 0; i < 5; i++) expect(text(await opened.read('rv/monitoring_on'))).toBe('1\n\0')
    await stream.close()
    await flood
    expect(existsSync(join(root, 'rv'))).toBe(true)
  })
})
