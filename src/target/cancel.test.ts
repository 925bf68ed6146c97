import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'

import { AgentPort, type Transport } from './agent-port'
import { localTransport } from './local'
import { openSsh } from './ssh'
import { fakeTracefs } from './testing'

const CANCELLED = 'The connection was cancelled.'
const PATH = process.env.PATH ?? ''
/** What nothing announces is waited for, also on a busy machine. */
const PATIENT = { timeout: 20_000 }

let root: string
let bin: string
let started: string

/** A program in front of those of the system. */
function program(name: string, ...lines: readonly string[]): void {
  writeFileSync(join(bin, name), ['#!/bin/sh', ...lines, ''].join('\n'), { mode: 0o755 })
}

function lives(pid: string | number): boolean {
  // One that has ended and that init has not yet looked after has no command line any more.
  const path = `/proc/${String(pid).trim()}/cmdline`
  return existsSync(path) && readFileSync(path, 'latin1') !== ''
}

beforeEach(() => {
  root = fakeTracefs()
  bin = join(root, 'bin')
  started = join(root, 'started')
  mkdirSync(bin)
  execFileSync('mkfifo', [started])
  process.env.PATH = `${bin}:${PATH}`
})

afterEach(() => {
  process.env.PATH = PATH
  rmSync(root, { recursive: true, force: true })
})

/** An ssh that has logged in at once, and whose channels say nothing until it ends. */
function muteSsh(): void {
  program(
    'ssh',
    'case "$*" in',
    '  -G*) exit 0 ;;',
    '  *"-O check"*) exit 0 ;;',
    '  "-M "*)',
    '    while [ "$1" != -S ]; do shift; done',
    `    echo $$ > '${root}/master'`,
    '    : > "$2"',
    '    exec sleep 600 ;;',
    'esac',
    `echo $$ > '${started}'`,
    `while kill -0 "$(cat '${root}/master')" 2> /dev/null; do sleep 0.05; done`,
    'exit 255'
  )
}

function connect(signal: AbortSignal, onProgress: (message: string) => void): Promise<AgentPort> {
  const options = { destination: 'board', port: undefined, sshConfig: undefined, auth: undefined }
  return openSsh({ ...options, onProgress, signal }, { tracefs: root })
}

const controlFolders = (): string[] =>
  readdirSync(tmpdir()).filter((name) => name.startsWith(`rvp-${String(process.pid)}-`))

it('ends an agent’s start over a mute ssh, with its connection', async () => {
  muteSsh()
  const abort = new AbortController()
  const connecting = connect(abort.signal, () => undefined)
  const channel = readFile(started, 'latin1')
  const pid = await Promise.race([channel, connecting.then(() => '')])
  const master = readFileSync(join(root, 'master'), 'latin1')
  expect([pid, master].map(lives)).toEqual([true, true])
  abort.abort()
  await expect(connecting).rejects.toThrow(CANCELLED)
  expect(lives(master)).toBe(false)
  expect(controlFolders()).toEqual([])
  await expect.poll(() => lives(pid), PATIENT).toBe(false)
})

it('starts no agent once it is cancelled', async () => {
  muteSsh()
  const abort = new AbortController()
  const connecting = connect(abort.signal, (message) => {
    if (message.startsWith('Starting the agent')) abort.abort()
  })
  await expect(connecting).rejects.toThrow(CANCELLED)
  expect(lives(readFileSync(join(root, 'master'), 'latin1'))).toBe(false)
  expect(controlFolders()).toEqual([])
})

it('ends an agent that is looking the target over, and its lease', async () => {
  const go = join(root, 'go')
  execFileSync('mkfifo', [go])
  // Part of what the agent says of the target.
  program('id', `echo $$ > '${started}'`, `read -r word < '${go}'`, 'echo 0')
  const children: ReturnType<Transport['spawn']>[] = []
  const local = localTransport()
  const transport: Transport = {
    ...local,
    spawn: (remote) => {
      const child = local.spawn(remote)
      children.push(child)
      return child
    }
  }
  const abort = new AbortController()
  const opening = AgentPort.open(transport, { tracefs: root, signal: abort.signal })
  await readFile(started)
  const [agent] = children
  const pid = String(agent?.pid)
  const family = readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').trim().split(' ')
  expect(family.length).toBeGreaterThanOrEqual(2)
  const exit = agent && once(agent, 'exit')
  abort.abort()
  await Promise.all([expect(opening).rejects.toThrow(CANCELLED), writeFile(go, '\n')])
  await exit
  expect(children.length).toBe(1)
  await expect.poll(() => family.filter(lives), PATIENT).toEqual([])
})

it('leaves a port alone that is open already', async () => {
  const abort = new AbortController()
  const port = await AgentPort.open(localTransport(), { tracefs: root, signal: abort.signal })
  abort.abort()
  expect((await port.read('rv/monitoring_on'))[0]).toBe(49)
  await port.close()
})
