import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { dirname, join, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'

import type { AuthDialogue } from '../../src/contract/state'
import { openTarget } from '../../src/target/open'
import type { TracefsPort, TracefsStream } from '../../src/target/port'
import { SshMaster } from '../../src/target/ssh-master'
import { freePort, realTarget, type RealTarget } from './boot'
import { Home } from './home'

const target = await realTarget()
if ('skip' in target) console.warn(`skipped: no real kernel to test on: ${target.skip}`)

const here = dirname(fileURLToPath(import.meta.url))
const text = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString('latin1')

/**
 * How long one thing may take that a test waits for, ms: an emulated target on a busy
 * machine takes seconds for what a quiet one does at once. A wait ends when its thing comes.
 */
const PATIENCE = 60_000

/**
 * Waits for what nothing announces. `missing` says what still stands in its way, undefined
 * once it has come; when that lasts too long, the test fails with the last that it said.
 */
async function eventually(what: string, missing: () => Promise<string | undefined>): Promise<void> {
  const start = performance.now()
  for (;;) {
    const still = await missing()
    if (still === undefined) return
    const seconds = Math.round((performance.now() - start) / 1_000)
    if (seconds * 1_000 >= PATIENCE) {
      throw new Error(`waited ${String(seconds)} s for ${what}: ${still}`)
    }
    await delay(100)
  }
}

/** Waits for what comes by itself; when it takes too long, the test fails with what `so far` says. */
async function within<T>(what: string, coming: Promise<T>, soFar: () => string): Promise<T> {
  const late = new AbortController()
  const deadline = delay(PATIENCE, undefined, { signal: late.signal }).then(() => {
    throw new Error(`waited ${String(PATIENCE / 1_000)} s for ${what}: ${soFar()}`)
  })
  try {
    return await Promise.race([coming, deadline])
  } finally {
    deadline.catch(() => undefined)
    late.abort()
  }
}

/** Reads until the text so far satisfies. */
async function readUntil(
  what: string,
  stream: TracefsStream,
  enough: (all: string) => boolean
): Promise<string> {
  let all = ''
  const soFar = (): string =>
    `the stream gave ${String(all.length)} characters, the last of them ${JSON.stringify(all.slice(-300))}`
  const reading = async (): Promise<string> => {
    while (!enough(all)) {
      const chunk = await stream.next()
      if (!chunk) throw new Error(`no ${what}: the stream has ended; ${soFar()}`)
      all += text(chunk)
    }
    return all
  }
  return within(what, reading(), soFar)
}

// The longest test has four things to wait for.
describe.skipIf('skip' in target)('a real kernel behind ssh', { timeout: 5 * PATIENCE }, () => {
  // The suite is skipped where there is none.
  const real = target as RealTarget
  const { spec } = real
  const homes: Home[] = []
  const login = (dialogue: AuthDialogue): string => (dialogue.secret ? real.password : 'yes')
  /** Looks at the target while others come and go. */
  let shared: Home
  let witness: TracefsPort

  /** The ports of a test, so that one that fails leaves none to the next. */
  const opened = new Set<TracefsPort>()
  const connect = async (from: Home): Promise<TracefsPort> => {
    const port = await openTarget(spec, from.options(login))
    opened.add(port)
    return port
  }
  const home = (): Home => {
    const made = new Home()
    homes.push(made)
    return made
  }
  const read = async (path: string): Promise<string> =>
    text(await witness.read(path))
      .replace('\0', '')
      .trim()
  /** How many readers and connections the target has. */
  const bridgeTasks = async (): Promise<string> => {
    const tasks = [...(await witness.tasks()).values()]
    const count = (comm: string): number => tasks.filter((task) => task.comm === comm).length
    return `dd ${String(count('dd'))} ssh ${String(count('dropbear') + count('sshd'))}`
  }
  /** What bridgeTasks says while there is the witness alone. */
  let alone = ''
  /** Waits until the target has nothing of any other port; those of the tests before leave in their own time. */
  const untilAlone = (): Promise<void> =>
    eventually('the readers and connections to be the witness’s alone', async () => {
      const now = await bridgeTasks()
      return now === alone ? undefined : `${now} instead of ${alone}`
    })
  const untilHolds = (path: string, part: string): Promise<void> =>
    eventually(`${part} in ${path}`, async () => {
      const now = await read(path)
      return now.includes(part) ? undefined : `it holds ${JSON.stringify(now)}`
    })
  const untilNoInstance = (name: string): Promise<void> =>
    eventually(`instances/${name} to be removed`, async () => {
      const entries = await witness.list('instances')
      return entries.some((entry) => entry.name === name) ? 'it is still there' : undefined
    })
  /** Those of the bridge's own processes that only this connection has. */
  const processesOf = async (port: TracefsPort): Promise<number[]> => {
    const others = await witness.ownPids()
    return (await port.ownPids()).filter((pid) => !others.includes(pid))
  }
  const untilGone = (pids: readonly number[]): Promise<void> =>
    eventually('the processes of the port to end', async () => {
      const tasks = await witness.tasks()
      const left = pids.filter((pid) => tasks.has(pid))
      const names = left.map((pid) => `${String(pid)} (${tasks.get(pid)?.comm ?? ''})`)
      return left.length === 0 ? undefined : `${names.join(', ')} of ${pids.join(', ')} remain`
    })
  const refused = async (
    made: Home,
    answer: (dialogue: AuthDialogue) => string | undefined,
    other: Partial<typeof spec> = {}
  ): Promise<string> => {
    const outcome: unknown = await openTarget({ ...spec, ...other }, made.options(answer)).catch(
      (error: unknown) => error
    )
    if (!(outcome instanceof Error)) throw new Error('it connected')
    return outcome.message
  }

  beforeAll(async () => {
    shared = home()
    witness = await connect(shared)
    alone = await bridgeTasks()
  })

  afterEach(async () => {
    opened.delete(witness)
    for (const port of opened) await port.close()
    opened.clear()
  })

  afterAll(async () => {
    await witness.close()
    for (const each of homes) each.remove()
    await real.stop()
  })

  it('asks the host key and the password, and shows the kernel', async () => {
    expect(shared.dialogues.map((dialogue) => dialogue.secret)).toEqual([false, true])
    expect(shared.dialogues[0]?.text).toMatch(/authenticity of host[\s\S]*yes\/no/)
    expect(shared.dialogues[1]?.text).toMatch(/password: $/)
    expect(witness.info).toMatchObject({ kind: 'ssh', name: spec.destination })
    expect(witness.info.release).toMatch(/^[0-9]+\.[0-9]+/)
    expect(witness.info.bootId).toMatch(/^[0-9a-f-]{36}$/)
    expect(await witness.list('rv')).toContainEqual({ name: 'monitors', directory: true })
    expect(text(await witness.read('rv/available_monitors'))).toMatch(/^wip$/m)
    expect(text(await witness.read('rv/monitoring_on'))).toBe('1\n\0')
  })

  it('knows a host that was accepted before', async () => {
    const again = home()
    writeFileSync(again.knownHosts, readFileSync(shared.knownHosts))
    const port = await connect(again)
    expect(again.dialogues.map((dialogue) => dialogue.secret)).toEqual([true])
    await port.close()
  })

  it('says that the password was wrong', async () => {
    const made = home()
    const message = await refused(made, ({ secret }) => (secret ? 'wrong' : 'yes'))
    expect(message).toBe(`${spec.destination} refused the login: wrong password or key.`)
    expect(made.dialogues.length).toBeGreaterThan(2)
    expect(made.dialogues.at(-1)?.text).toContain('Permission denied, please try again')
  })

  it('never accepts a host key that has changed', async () => {
    const made = home()
    const known = readFileSync(shared.knownHosts, 'latin1')
    // The same host and kind of key with other key bytes.
    const other = known.replaceAll(/(ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI)(\S{6})/g, '$1AAAAAA')
    expect(other).not.toBe(known)
    writeFileSync(made.knownHosts, other)
    const message = await refused(made, login)
    expect(message).toMatch(/^The host key of \S+ has CHANGED/)
    expect(message).toContain(`line 1 of ${made.knownHosts}`)
    expect(made.dialogues).toEqual([])
  })

  it('does not connect when the host key is refused, or the dialogue is left', async () => {
    const no = home()
    expect(await refused(no, () => 'no')).toBe(
      `The host key of ${spec.destination} was not accepted.`
    )
    const left = home()
    expect(await refused(left, () => undefined)).toBe('The connection was cancelled.')
    const atPassword = home()
    expect(await refused(atPassword, ({ secret }) => (secret ? undefined : 'yes'))).toBe(
      'The connection was cancelled.'
    )
  })

  it('leaves nothing behind when it is cancelled while the agent starts', async () => {
    await untilAlone()
    const masters = sshMasters()
    const abort = new AbortController()
    const connecting = openTarget(spec, {
      ...shared.options(login),
      signal: abort.signal,
      onProgress: (message) => {
        if (message.startsWith('Starting the agent')) setImmediate(() => abort.abort())
      }
    })
    await expect(connecting).rejects.toThrow('The connection was cancelled.')
    expect(sshMasters()).toEqual(masters)
    await untilAlone()
  })

  it('says that a host does not answer, though it takes connections', async () => {
    const mute = createServer(() => undefined)
    await new Promise<void>((done) => mute.listen(0, '127.0.0.1', done))
    try {
      const port = (mute.address() as AddressInfo).port
      expect(await refused(home(), login, { port })).toBe(`${spec.destination} does not answer.`)
    } finally {
      mute.close()
    }
  })

  it('says what is wrong with a host', async () => {
    const made = home()
    expect(await refused(made, login, { port: await freePort() })).toBe(
      `${spec.destination} refuses connections on its ssh port.`
    )
    expect(await refused(made, login, { destination: 'root@no-such-host.invalid' })).toBe(
      'The host name of root@no-such-host.invalid is unknown.'
    )
    expect(await refused(made, login, { destination: '-oProxyCommand=reboot' })).toMatch(
      /is no host/
    )
    expect(made.dialogues).toEqual([])
  })

  it('passes the kernel’s refusals on', async () => {
    await expect(witness.write('rv/enabled_monitors', 'nothing\n', 'append')).rejects.toMatchObject(
      {
        code: 'EINVAL',
        message: 'The target refused "nothing" in rv/enabled_monitors: Invalid argument.'
      }
    )
    await expect(witness.read('rv/nothing')).rejects.toMatchObject({ code: 'ENOENT' })
    await expect(witness.mkdir('nothing')).rejects.toMatchObject({ code: 'EPERM' })
    await expect(witness.write('rv/nothing', '1', 'truncate')).rejects.toMatchObject({
      code: 'ENOENT'
    })
  })

  it('streams a trace instance, keeps itself out, and puts everything back on close', async () => {
    await untilAlone()
    const port = await connect(shared)
    await port.setRestorePlan([
      { kind: 'file', path: 'rv/monitors/wip/enable', ours: '1', original: '0' },
      { kind: 'rmdir', path: 'instances/rvpanel-test' }
    ])
    await port.mkdir('instances/rvpanel-test')
    const stream = await port.stream('instances/rvpanel-test/trace_pipe')
    const own = await port.ownPids()
    expect(own.length).toBeGreaterThanOrEqual(4)
    const tasks = await port.tasks()
    for (const pid of own) expect(tasks.has(pid)).toBe(true)
    await port.write(
      'instances/rvpanel-test/set_event_notrace_pid',
      `${own.join(' ')}\n`,
      'truncate'
    )
    await port.write('instances/rvpanel-test/events/rv/event_wip/enable', '1\n', 'truncate')
    await port.write('rv/monitors/wip/enable', '1\n', 'truncate')
    const trace = await readUntil(
      '400 events of wip',
      stream,
      (all) => all.split('event_wip: ').length > 400
    )
    // The kernel updates its pid filter within sched_switch, so that a line or two slip through
    // as a task comes and goes; a bridge that measured itself would be most of the lines.
    const pids = [...trace.matchAll(/-([0-9]+) +\[[0-9]+\][^\n]*event_wip/g)].map((match) =>
      Number(match[1])
    )
    expect(pids.length).toBeGreaterThanOrEqual(300)
    expect(pids.filter((pid) => own.includes(pid)).length).toBeLessThan(pids.length / 10)
    expect(await read('rv/monitors/wip/enable')).toBe('1')
    const mine = await processesOf(port)
    const results = await port.close()
    expect(results.map((result) => result.outcome)).toEqual(['restored', 'restored'])
    await untilGone(mine)
    expect(await read('rv/monitors/wip/enable')).toBe('0')
    expect(await witness.list('instances')).not.toContainEqual({
      name: 'rvpanel-test',
      directory: true
    })
    await untilAlone()
    expect(readdirSync(shared.stateDir)).toEqual([])
  })

  it('gives a shell of the user’s own under a terminal, which goes with the connection', async () => {
    const port = await connect(shared)
    const terminal = await port.openTerminal?.({ columns: 91, rows: 27 })
    if (terminal === undefined) throw new Error('no terminal')
    expect(terminal.kind).toBe('pty')
    const stream = { next: () => terminal.next(), close: () => terminal.close() }
    // Bounded waits for each answer; what is typed is echoed, so that the answers are computed.
    terminal.write('stty size; echo $((6 * 7))-$(cat /proc/sys/kernel/osrelease); echo shell $$\r')
    const shown = await readUntil('the shell’s answers', stream, (all) =>
      /27 91[\s\S]*\n42-[\s\S]*shell \d+\r/.test(all)
    )
    expect(shown).toContain(`42-${witness.info.release}`)
    const shell = Number(/shell (\d+)\r/.exec(shown)?.[1])
    expect((await witness.tasks()).has(shell)).toBe(true)
    await port.close()
    await untilGone([shell])
  })

  it('follows the kernel log from now on', async () => {
    const log = await witness.kernelLog()
    const marked = `rvpanel test ${String(process.pid)}`
    const found = readUntil(marked, log, (all) =>
      new RegExp(`^[0-9]+,[0-9]+,[0-9]+,[^;\n]*;[^\n]*${marked}`, 'm').test(all)
    )
    await say(marked)
    const all = await found
    expect(all).not.toContain('Linux version')
    await log.close()
  })

  /** Writes a line to the target's kernel log, which lies beside tracefs. */
  function say(line: string): Promise<void> {
    return run(`echo '${line}' > /dev/kmsg`)
  }

  /** Runs a command of a shell on the target. */
  async function run(command: string): Promise<void> {
    const master = await SshMaster.connect({
      ...spec,
      sshConfig: shared.config,
      auth: shared.options(login).auth,
      onProgress: () => undefined,
      signal: undefined
    })
    execFileSync('ssh', master.channelArguments(command))
    await master.close()
  }

  it('says how much of the kernel log it has missed, and goes on', async () => {
    const port = await connect(shared)
    const before = await processesOf(port)
    const log = await port.kernelLog()
    const opening = await processesOf(port)
    const [, reader = 0] = opening.filter((pid) => !before.includes(pid))
    const marked = `rvpanel end ${String(process.pid)}`
    // More than the kernel keeps, while the reader cannot read.
    await run(
      `echo on > /proc/sys/kernel/printk_devkmsg; kill -STOP ${String(reader)}; i=0; ` +
        `while [ $i -lt 2500 ]; do printf 'flood %0800d\\n' $i; i=$((i+1)); done > /dev/kmsg; ` +
        `kill -CONT ${String(reader)}; echo '${marked}' > /dev/kmsg`
    )
    const all = await readUntil(marked, log, (sofar) => sofar.includes(marked))
    expect(all).toMatch(/;rvpanel: [0-9]+ records were overwritten in the kernel log before/)
    // The reader that goes on is another, which is kept out as well.
    const now = await processesOf(port)
    expect(now).not.toContain(reader)
    const next = now.find((pid) => !opening.includes(pid)) ?? 0
    expect((await witness.tasks()).get(next)?.comm).toBe('dd')
    await run(`echo '${marked} again' > /dev/kmsg`)
    await readUntil(`${marked} again`, log, (sofar) => sofar.includes(`${marked} again`))
    await port.close()
  })

  it('ends with LINK when the connection is cut, and the target is as before', async () => {
    await untilAlone()
    const masters = new Set(sshMasters())
    const port = await connect(shared)
    const master = sshMasters().find((pid) => !masters.has(pid))
    await port.setRestorePlan([
      { kind: 'file', path: 'rv/monitors/wip/enable', ours: '1', original: '0' },
      { kind: 'rmdir', path: 'instances/rvpanel-cut' }
    ])
    await port.mkdir('instances/rvpanel-cut')
    await port.write('rv/monitors/wip/enable', '1\n', 'truncate')
    await port.stream('instances/rvpanel-cut/trace_pipe')
    const mine = await processesOf(port)
    expect(mine.length).toBeGreaterThanOrEqual(4)
    if (master === undefined) throw new Error('there is no ssh master')
    const pending = port.tasks().catch((error: unknown) => error)
    process.kill(master, 'SIGKILL')
    expect(await pending).toMatchObject({ code: 'LINK' })
    expect(await port.ended).toEqual({
      reason: 'link-lost',
      message: `The link to ${spec.destination} is gone.`
    })
    await expect(port.read('rv/monitoring_on')).rejects.toMatchObject({ code: 'LINK' })
    await untilHolds('rv/monitors/wip/enable', '0')
    await untilGone(mine)
    await untilAlone()
    expect(await witness.list('instances')).not.toContainEqual({
      name: 'rvpanel-cut',
      directory: true
    })
    const results = await port.close()
    expect(results.map((result) => result.outcome)).toEqual(['failed', 'failed'])
  })

  it.skipIf('skip' in target || target.freeze === undefined)(
    'says within seconds that the target answers no more, as with a pulled cable',
    async () => {
      const port = await connect(shared)
      await port.setRestorePlan([
        { kind: 'file', path: 'rv/monitors/wip/enable', ours: '1', original: '0' }
      ])
      await port.write('rv/monitors/wip/enable', '1\n', 'truncate')
      const stream = await port.stream('trace_pipe')
      const thaw = real.freeze?.()
      try {
        const blocked = stream.next()
        await expect(port.read('rv/monitoring_on')).rejects.toMatchObject({ code: 'LINK' })
        expect(await port.ended).toEqual({
          reason: 'link-lost',
          message: `The link to ${spec.destination} is gone: it did not answer any more.`
        })
        expect(await blocked).toBeUndefined()
        expect((await port.close()).map((result) => result.outcome)).toEqual(['failed'])
      } finally {
        thaw?.()
      }
      // The witness has lost its link too.
      witness = await connect(shared)
      await untilHolds('rv/monitors/wip/enable', '0')
    }
  )

  it('puts the target back when the panel is killed', async () => {
    const made = home()
    await untilAlone()
    const out = resolve(here, `../../node_modules/.cache/rvpanel-test-${String(process.pid)}`)
    await build({
      configFile: false,
      logLevel: 'error',
      build: { ssr: join(here, 'panel-child.ts'), outDir: out, emptyOutDir: true }
    })
    const child = spawn(
      process.execPath,
      [
        join(out, 'panel-child.js'),
        JSON.stringify(spec),
        made.config,
        made.stateDir,
        real.password
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] }
    )
    try {
      const started = Promise.race([
        once(child.stdout, 'data').then(([chunk]) => String(chunk)),
        once(child, 'exit').then(([code]) => `it ended with ${String(code)}`)
      ])
      expect(await within('the panel to be ready', started, () => 'it said nothing')).toBe(
        'ready\n'
      )
      expect(await read('rv/monitors/wip/enable')).toBe('1')
      expect(await read('rv/monitors/wip/reactors')).toContain('[printk]')
    } finally {
      child.kill('SIGKILL')
    }
    await untilHolds('rv/monitors/wip/enable', '0')
    await untilHolds('rv/monitors/wip/reactors', '[nop]')
    await untilNoInstance('rvpanel-child')
    await untilAlone()
    // The journal of the dead panel is looked at, and forgotten, by the next.
    expect(readdirSync(made.stateDir).length).toBe(1)
    const next = await connect(made)
    expect(readdirSync(made.stateDir)).toEqual([])
    await next.close()
    rmSync(out, { recursive: true, force: true })
  })
})

/** Children of this process that hold an ssh connection. */
function sshMasters(): number[] {
  const children = readFileSync(`/proc/self/task/${String(process.pid)}/children`, 'latin1')
  return children
    .split(' ')
    .filter((pid) => pid !== '' && existsSync(`/proc/${pid}/cmdline`))
    .filter((pid) => readFileSync(`/proc/${pid}/cmdline`, 'latin1').startsWith('ssh\0-M\0'))
    .map(Number)
}
