import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'

import type { TargetSpec } from '../../src/contract/requests'
import { RvClient } from '../../src/observer'
import { openTarget } from '../../src/observer'
import type { TracefsPort, TracefsStream } from '../../src/target/port'
import { realTarget, type RealTarget } from './boot'
import { Home } from './home'

const target = await realTarget({ cpus: 2 })
if ('skip' in target) console.warn(`skipped: no real kernel to test on: ${target.skip}`)
const lines = 'skip' in target ? undefined : target.lines

const here = dirname(fileURLToPath(import.meta.url))
const text = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString('latin1')

/** How long one thing may take that a test waits for, ms; a wait ends when its thing comes. */
const PATIENCE = 90_000

describe.skipIf(lines === undefined)(
  'a real kernel behind a serial line',
  { timeout: 5 * PATIENCE },
  () => {
    const real = target as RealTarget
    const home = new Home()
    const device: TargetSpec = { kind: 'serial', device: lines?.device ?? '', baud: 115_200 }
    const console0: TargetSpec = {
      kind: 'cmd',
      command: ['node', join(here, 'socket-link.mjs'), lines?.console ?? '']
    }
    /** Looks at the target by ssh while others come and go. */
    let witness: TracefsPort
    const opened = new Set<TracefsPort>()

    const connect = async (spec: TargetSpec): Promise<TracefsPort> => {
      const port = await openTarget(
        spec,
        home.options(({ secret }) => (secret ? real.password : 'yes'))
      )
      opened.add(port)
      return port
    }
    const read = async (path: string): Promise<string> =>
      text(await witness.read(path))
        .replace('\0', '')
        .trim()
    const untilHolds = async (path: string, part: string): Promise<void> => {
      const start = performance.now()
      for (;;) {
        const now = await read(path)
        if (now.includes(part)) return
        if (performance.now() - start > PATIENCE)
          throw new Error(`${path} holds ${now}, not ${part}`)
        await delay(200)
      }
    }
    /** Every file of rv/ that a panel may change, and the trace instances. */
    const tree = async (): Promise<string> => {
      const client = new RvClient(witness)
      const { monitors, monitoringOn, reactingOn } = await client.readTree()
      const instances = await witness.list('instances')
      return JSON.stringify([monitors, monitoringOn, reactingOn, instances])
    }
    const untilTree = async (wanted: string): Promise<void> => {
      const start = performance.now()
      let now = await tree()
      while (now !== wanted && performance.now() - start < PATIENCE) {
        await delay(500)
        now = await tree()
      }
      expect(now).toBe(wanted)
    }
    const readUntil = async (stream: TracefsStream, enough: RegExp): Promise<string> => {
      let all = ''
      while (!enough.test(all)) {
        const chunk = await stream.next()
        if (!chunk) throw new Error(`the stream ended after ${JSON.stringify(all.slice(-300))}`)
        all += text(chunk)
      }
      return all
    }
    /** Runs a line in a shell on the target, beside every panel. */
    const shell = async (line: string): Promise<void> => {
      const child = spawn(
        'ssh',
        // prettier-ignore
        ['-F', home.config, '-p', String(real.spec.port), '-o', 'StrictHostKeyChecking=no',
       '-o', 'NumberOfPasswordPrompts=1', real.spec.destination, line],
        {
          stdio: 'ignore',
          env: {
            ...process.env,
            SSH_ASKPASS: join(here, 'askpass.sh'),
            SSH_ASKPASS_REQUIRE: 'force',
            DISPLAY: ':0'
          }
        }
      )
      const [code] = (await once(child, 'close')) as [number]
      expect(code).toBe(0)
    }

    beforeAll(async () => {
      witness = await connect(real.spec)
    }, 4 * PATIENCE)

    afterEach(async () => {
      opened.delete(witness)
      for (const port of opened) await port.close()
      opened.clear()
    })

    afterAll(async () => {
      await witness.close()
      home.remove()
      await real.stop()
    })

    const monitor = async (spec: TargetSpec): Promise<void> => {
      const before = await tree()
      const port = await connect(spec)
      expect(port.info).toMatchObject({ kind: spec.kind, cpus: 2, release: witness.info.release })
      const client = new RvClient(port)
      const seen = await client.readTree()
      expect(seen.monitors.map(({ fullName }) => fullName)).toEqual(
        (await new RvClient(witness).readTree()).monitors.map(({ fullName }) => fullName)
      )
      const instance = await client.createInstance('rvpanel-serial')
      await instance.setEvent('event_wip', true)
      await instance.setEvent('error_wip', true)
      const stream = await instance.openPipe()
      expect(await instance.keepOut(await port.ownPids())).toBe(true)
      await client.enable('wip', true)
      expect(await read('rv/enabled_monitors')).toBe('wip')
      expect(await readUntil(stream, /event_wip: [a-z_]+ x [a-z_]+ -> [a-z_]+/)).toContain(
        'event_wip'
      )
      // The user's own commands have theirs.
      const terminal = await port.openTerminal?.({ columns: 80, rows: 24 })
      if (terminal === undefined) throw new Error('no terminal')
      expect(terminal.kind).toBe('lines')
      terminal.write('cd /sys/kernel && pwd; expr 6 \\* 7\r')
      await readUntil(terminal, /\n\/sys\/kernel\r\n42\r\n/)
      await terminal.close()
      // A change has its turn while events stream.
      await client.setReactor('wip', 'printk')
      expect(await read('rv/monitors/wip/reactors')).toContain('[printk]')
      await expect(client.enable('nothing', true)).rejects.toThrow(/has no monitor/)
      await stream.close()
      const results = await client.close()
      expect(results.filter(({ outcome }) => outcome === 'failed')).toEqual([])
      await untilTree(before)
    }

    it('lists, monitors and streams over a clean line, and puts everything back', async () => {
      await monitor(device)
    })

    it('says that the line is taken, or is none', async () => {
      const refused = async (spec: TargetSpec): Promise<string> =>
        openTarget(
          spec,
          home.options(() => undefined)
        ).then(
          () => 'connected',
          (error: unknown) => (error instanceof Error ? error.message : '')
        )
      expect(await refused({ ...device, device: '/dev/ttyNOTHING' })).toBe(
        'There is no /dev/ttyNOTHING: is the adapter plugged in?'
      )
      expect(await refused({ ...device, device: '/dev/null' })).toBe(
        '/dev/null is no serial line: stty cannot set it.'
      )
    })

    it('does the same on the console while the kernel floods it, and shows its lines', async () => {
      await shell(
        'echo on > /proc/sys/kernel/printk_devkmsg; echo 8 > /proc/sys/kernel/printk; ' +
          '(while [ ! -e /tmp/quiet ]; do echo "<4>flood of the console" > /dev/kmsg; usleep 20000; done) > /dev/null 2>&1 < /dev/null &'
      )
      try {
        await monitor(console0)
        const port = await connect(console0)
        const log = await port.kernelLog()
        // Warnings (4), of a user's program (1 << 3) where the record came, and not the console's line.
        expect(await readUntil(log, /;flood of the console\n/)).toMatch(
          /^(?:4|12),[0-9]+,[0-9]+,-;flood/m
        )
        await log.close()
      } finally {
        await shell('touch /tmp/quiet; echo 4 > /proc/sys/kernel/printk')
      }
    })

    it.each([
      ['a clean line', device],
      ['the console', console0]
    ])('is put back after kill -9 of the panel: %s', async (_, spec) => {
      const before = await tree()
      const out = resolve(here, `../../node_modules/.cache/rvpanel-serial-${String(process.pid)}`)
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
          home.config,
          home.stateDir,
          real.password
        ],
        { stdio: ['ignore', 'pipe', 'inherit'] }
      )
      const [said] = (await once(child.stdout, 'data')) as [Buffer]
      expect(text(said)).toContain('ready')
      await untilHolds('rv/enabled_monitors', 'wip')
      child.kill('SIGKILL')
      await untilTree(before)
      // The line is free for the next panel at once, or when the lease has ended the far end.
      const next = await connect(spec)
      expect(text(await next.read('rv/available_monitors'))).toMatch(/^wip$/m)
      rmSync(out, { recursive: true, force: true })
    })
  }
)
