import { execFileSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { AgentPort } from './agent-port'
import { localTransport } from './local'
import type { TracefsPort } from './port'
import { fakeTracefs, shells } from './testing'

/** Processes whose parent it is. */
function childrenOf(pid: number): number[] {
  const children = readFileSync(`/proc/${String(pid)}/task/${String(pid)}/children`, 'latin1')
  return children.split(' ').filter(Boolean).map(Number)
}

for (const shell of shells()) {
  describe(`the agent under ${shell.join(' ')}`, () => {
    let root: string
    let port: TracefsPort

    const file = (path: string): string => readFileSync(join(root, path), 'latin1')
    const put = (path: string, text: string): void => {
      writeFileSync(join(root, path), text)
    }

    beforeEach(async () => {
      root = fakeTracefs()
      port = await AgentPort.open(localTransport(shell), {
        tracefs: root,
        modules: join(root, 'module')
      })
    })

    afterEach(async () => {
      await port.close()
      rmSync(root, { recursive: true, force: true })
    })

    it('says what the machine is', () => {
      expect(port.info.kind).toBe('local')
      expect(port.info.tracefs).toBe(root)
      expect(port.info.release).toBe(readFileSync('/proc/sys/kernel/osrelease', 'utf8').trim())
      expect(port.info.bootId).toMatch(/^[0-9a-f-]{36}$/)
      expect(port.info.cpus).toBeGreaterThan(0)
    })

    it('reads bytes as they are, NUL and all', async () => {
      const bytes = Uint8Array.from({ length: 70_000 }, (_, i) => (i * 7) & 255)
      writeFileSync(join(root, 'blob'), bytes)
      expect(await port.read('blob')).toEqual(bytes)
      put('empty', '')
      expect(await port.read('empty')).toEqual(new Uint8Array())
    })

    it('writes what it is given, with O_TRUNC or at the end', async () => {
      const odd = '\\n $(reboot) `x` "\'%s\\0101 -e ü\n'
      await port.write('rv/monitoring_on', odd, 'truncate')
      expect(readFileSync(join(root, 'rv/monitoring_on'), 'utf8')).toBe(odd)
      await port.write('rv/monitoring_on', 'x', 'append')
      expect(readFileSync(join(root, 'rv/monitoring_on'), 'utf8')).toBe(`${odd}x`)
    })

    it('lists, makes and removes folders', async () => {
      expect(await port.list('rv')).toEqual([
        { name: 'available_monitors', directory: false },
        { name: 'monitoring_on', directory: false },
        { name: 'monitors', directory: true }
      ])
      await port.mkdir('new')
      expect(existsSync(join(root, 'new'))).toBe(true)
      await port.rmdir('new')
      expect(existsSync(join(root, 'new'))).toBe(false)
    })

    it('turns refusals into errno codes and one sentence', async () => {
      await expect(port.read('rv/nothing')).rejects.toMatchObject({
        code: 'ENOENT',
        message: 'Cannot read rv/nothing: No such file or directory.'
      })
      await expect(port.read('rv')).rejects.toMatchObject({ code: 'EISDIR' })
      await expect(port.list('rv/monitoring_on')).rejects.toMatchObject({ code: 'ENOTDIR' })
      await expect(port.list('nothing')).rejects.toMatchObject({ code: 'ENOENT' })
      await expect(port.mkdir('rv')).rejects.toMatchObject({ code: 'EEXIST' })
      await expect(port.rmdir('rv')).rejects.toMatchObject({ code: 'ENOTEMPTY' })
      await expect(port.write('nothing', '1', 'truncate')).rejects.toMatchObject({ code: 'ENOENT' })
      expect(existsSync(join(root, 'nothing'))).toBe(false)
    })

    it('sends no path that leads out of tracefs', async () => {
      for (const path of ['../etc/passwd', 'a b', '/etc/passwd', 'x;id', '$(id)', '']) {
        await expect(port.read(path)).rejects.toMatchObject({ code: 'EINVAL' })
      }
    })

    it('knows the tasks and its own processes', async () => {
      const tasks = await port.tasks()
      const comm = readFileSync(`/proc/${String(process.pid)}/comm`, 'utf8').trim()
      expect(tasks.get(process.pid)).toEqual({ comm, tgid: process.pid })
      // The threads of this process are of its group.
      const threads = readdirSync('/proc/self/task').map(Number)
      const groups = threads.map((tid) => tasks.get(tid)?.tgid ?? process.pid)
      expect(threads.length).toBeGreaterThan(1)
      expect(new Set(groups)).toEqual(new Set([process.pid]))
      expect(threads.some((tid) => tid !== process.pid && tasks.has(tid))).toBe(true)
      const own = await port.ownPids()
      expect(own).toContain(process.pid)
      const [agent, lease] = own.filter((pid) => pid !== process.pid)
      // The lease is the agent's only child while it waits for requests: each of them wakes it.
      expect(childrenOf(agent ?? 0)).toEqual([lease])
      expect(own.length).toBe(3)
    })

    it('puts back on close only what is still its own, in order', async () => {
      await port.mkdir('instance')
      await port.write('rv/monitors/wip/enable', '1\n', 'truncate')
      await port.write('rv/monitoring_on', '0\n', 'truncate')
      put('rv/monitors/wip/reactors', 'nop\n[printk]\npanic\n')
      await port.setRestorePlan([
        { kind: 'file', path: 'rv/monitors/wip/enable', ours: '1', original: '0' },
        { kind: 'file', path: 'rv/monitoring_on', ours: '0', original: '1' },
        { kind: 'file', path: 'rv/monitors/wip/reactors', ours: 'printk', original: 'nop' },
        { kind: 'rmdir', path: 'instance' },
        { kind: 'rmdir', path: 'gone' }
      ])
      put('rv/monitoring_on', 'someone else\n')
      const results = await port.close()
      expect(results.map((result) => result.outcome)).toEqual([
        'restored',
        'changed-by-others',
        'restored',
        'restored',
        'changed-by-others'
      ])
      expect(file('rv/monitors/wip/enable')).toBe('0')
      expect(file('rv/monitoring_on')).toBe('someone else\n')
      expect(file('rv/monitors/wip/reactors')).toBe('nop')
      expect(existsSync(join(root, 'instance'))).toBe(false)
      expect(await port.close()).toBe(results)
    })

    it('reads and writes parameters of modules, and puts them back', async () => {
      mkdirSync(join(root, 'module/stall/parameters'), { recursive: true })
      put('module/stall/parameters/threshold_jiffies', '1000\n')
      expect(await port.readParameter('stall', 'threshold_jiffies')).toBe('1000\n')
      await port.writeParameter('stall', 'threshold_jiffies', '70\n')
      expect(file('module/stall/parameters/threshold_jiffies')).toBe('70\n')
      for (const [module, name, code] of [
        ['stall', 'other', 'ENOENT'],
        ['nobody', 'x', 'ENOENT'],
        ['..', 'x', 'EINVAL'],
        ['stall', 'a/b', 'EINVAL'],
        ['a b', 'x', 'EINVAL']
      ] as const) {
        await expect(port.readParameter(module, name)).rejects.toMatchObject({ code })
        await expect(port.writeParameter(module, name, '1')).rejects.toMatchObject({ code })
      }
      expect(existsSync(join(root, 'module/stall/parameters/other'))).toBe(false)
      const path = 'stall/parameters/threshold_jiffies'
      await port.setRestorePlan([
        { kind: 'parameter', path, ours: '70', original: '1000' },
        { kind: 'parameter', path, ours: '71', original: '1' }
      ])
      const outcomes = (await port.close()).map(({ outcome }) => outcome)
      expect(outcomes).toEqual(['restored', 'changed-by-others'])
      expect(file('module/stall/parameters/threshold_jiffies')).toBe('1000')
    })

    it('says which step failed', async () => {
      await port.mkdir('instance')
      put('instance/kept', '')
      await port.setRestorePlan([{ kind: 'rmdir', path: 'instance' }])
      const [result] = await port.close()
      expect(result?.outcome).toBe('failed')
      expect(result?.message).toMatch(/^instance could not be put back: .*not empty/i)
    })

    it('streams a blocking file until it is closed, and leaves no reader', async () => {
      execFileSync('mkfifo', [join(root, 'trace_pipe')])
      const opened = port.stream('trace_pipe')
      const writer = execFileSync.bind(undefined, 'sh')
      writer(['-c', `printf 'one\\n' > ${join(root, 'trace_pipe')}`])
      const stream = await opened
      const pids = await port.ownPids()
      expect(pids.length).toBe(5)
      let text = ''
      for (let chunk = await stream.next(); chunk; chunk = await stream.next()) {
        text += Buffer.from(chunk).toString()
      }
      expect(text).toBe('one\n')
      await stream.close()
      expect((await port.ownPids()).length).toBe(3)
    })

    it('refuses a stream that cannot be opened', async () => {
      await expect(port.stream('nothing')).rejects.toMatchObject({ code: 'ENOENT' })
    })

    it('dies with its panel and puts the target back', async () => {
      await port.write('rv/monitors/wip/enable', '1\n', 'truncate')
      await port.setRestorePlan([
        { kind: 'file', path: 'rv/monitors/wip/enable', ours: '1', original: '0' }
      ])
      const agent = (await port.ownPids()).find((pid) => pid !== process.pid) ?? 0
      process.kill(agent, 'SIGTERM')
      expect(await port.ended).toEqual({
        reason: 'link-lost',
        message: 'The link to the target is gone.'
      })
      expect(file('rv/monitors/wip/enable')).toBe('0')
      await expect(port.read('rv/monitoring_on')).rejects.toMatchObject({ code: 'LINK' })
    })

    it('ends by its lease when its panel falls silent, with its streams', async () => {
      await port.close()
      port = await AgentPort.open(localTransport(shell), {
        tracefs: root,
        times: { ping: 3_600_000, lease: 1_000 }
      })
      await port.write('rv/monitoring_on', '0\n', 'truncate')
      await port.setRestorePlan([
        { kind: 'file', path: 'rv/monitoring_on', ours: '0', original: '1' }
      ])
      expect((await port.ended).reason).toBe('link-lost')
      expect(file('rv/monitoring_on')).toBe('1')
    })

    it('stays while it is asked for', async () => {
      await port.close()
      port = await AgentPort.open(localTransport(shell), {
        tracefs: root,
        times: { ping: 200, lease: 1_000 }
      })
      // Longer than twice the lease: what is tested is that nothing happens.
      const first = await Promise.race([port.ended, delay(3_000, 'still there')])
      expect(first).toBe('still there')
    })
  })
}

describe('a machine that the panel cannot use', () => {
  const open = (tracefs: string): Promise<TracefsPort> =>
    AgentPort.open(localTransport(), { tracefs })

  it('names tracefs that is not mounted', async () => {
    await expect(open('/nowhere/tracing')).rejects.toThrow(/^tracefs is not mounted on \S+: mount/)
  })

  it('names a kernel without CONFIG_RV', async () => {
    const root = mkdtempSync(join(tmpdir(), 'rvpanel-tracefs-'))
    await expect(open(root)).rejects.toThrow(/was built without CONFIG_RV/)
    rmSync(root, { recursive: true })
  })
})
