import { mkdtempSync, rmdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  buildProgram,
  cannotMount,
  isMounted,
  Mounted,
  rvpanel,
  shell,
  shellCommand,
  until
} from './kit'

const reason = cannotMount()
if (reason !== undefined) console.warn(`test/mount is skipped: ${reason}`)

describe.skipIf(reason !== undefined)('rvpanel mount', () => {
  let folder: string
  let program: string

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'rvpanel-mount-program-'))
    program = await buildProgram(folder)
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  describe('serves files', () => {
    let mounted: Mounted
    beforeAll(async () => {
      mounted = await Mounted.start(program, '--cpus', '2')
    })
    afterAll(() => mounted.stop())

    it('that a shell reads and writes, with the errors of a kernel', async () => {
      const { out, err } = await mounted.sh(`
        echo wip > rv/enabled_monitors; cat rv/enabled_monitors
        echo wwnr >> rv/enabled_monitors; cat rv/enabled_monitors
        echo foo > rv/enabled_monitors; echo "rc $?"; cat rv/enabled_monitors
        od -An -c rv/monitors/wip/enable
        cat < rv/monitors/wip/enable | wc -c
        echo stall > rv/enabled_monitors; truncate -s 0 rv/enabled_monitors; cat rv/enabled_monitors
        : > rv/enabled_monitors; cat rv/enabled_monitors
        (echo wip; echo wwnr) >> rv/enabled_monitors; cat rv/enabled_monitors`)
      // foo was refused, but opening with O_TRUNC had switched all off; two writes on one file are one.
      expect(out).toBe('wip\nwip\nwwnr\nrc 1\n   0  \\n  \\0\n3\nstall\nwip\n')
      expect(err).toMatch(/^sh: \d+: echo: echo: I\/O error\n$|write error: Invalid argument/)
    })

    it('that say Invalid argument, Permission denied and the like', async () => {
      const tries: readonly (readonly [string, string])[] = [
        ['echo foo > rv/enabled_monitors', 'Invalid argument'],
        ['echo 1 > available_events', 'Invalid argument'],
        ['echo x > tracing_on', 'Invalid argument'],
        ['cat trace_marker', 'Invalid argument'],
        ['echo 1 > nosuch', 'Permission denied'],
        ['mkdir foo', 'Operation not permitted'],
        ['rm trace', 'Operation not permitted'],
        ['mv trace trace2', 'Operation not permitted'],
        ['ln -s trace t2', 'Operation not permitted'],
        ['rmdir events', 'Operation not permitted'],
        ['cat rv', 'Is a directory'],
        ['cat none', 'No such file or directory'],
        ['rmdir instances/none', 'No such file or directory'],
        ['mkdir instances/a && mkdir instances/a', 'File exists'],
        ['exec 3< instances/a/trace_pipe; rmdir instances/a', 'Device or resource busy']
      ]
      for (const [script, words] of tries) {
        // bash says what write(2) said; dash only that there was an error.
        const { code, err } = await mounted.sh(`bash -c '${script}'`)
        expect([script, code, err.includes(words) ? words : err]).toEqual([script, 1, words])
      }
      expect(await mounted.sh('rmdir instances/a && ls instances')).toMatchObject({ out: '' })
    })

    it('of size 0, with the modes and owners of tracefs', async () => {
      const { out } = await mounted.sh(
        "stat -c '%a %s %U %n' . rv rv/enabled_monitors rv/available_monitors trace trace_pipe trace_marker events events/rv/event_wip/format per_cpu/cpu1/trace_pipe_raw instances; find . | wc -l; find . -size +0 | wc -l"
      )
      const lines = out.trim().split('\n')
      expect(lines.slice(0, -2)).toEqual([
        '700 0 root .',
        '750 0 root rv',
        '640 0 root rv/enabled_monitors',
        '440 0 root rv/available_monitors',
        '640 0 root trace',
        '440 0 root trace_pipe',
        '220 0 root trace_marker',
        '755 0 root events',
        '440 0 root events/rv/event_wip/format',
        '440 0 root per_cpu/cpu1/trace_pipe_raw',
        '750 0 root instances'
      ])
      expect(Number(lines.at(-2))).toBeGreaterThan(400)
      expect(lines.at(-1)).toBe('0')
      // Also after a write.
      expect((await mounted.sh('echo 1 > tracing_on; stat -c %s tracing_on')).out).toBe('0\n')
    })

    it('of which trace_pipe blocks, and a signal ends its reader and no other', async () => {
      await mounted.sh('mkdir instances/p')
      // Two readers; nothing is traced, so both wait.
      const pipe = 'instances/p/trace_pipe'
      const killed = mounted.sh(`sh -c 'echo $$ >&2; exec cat ${pipe}'`)
      const reader = mounted.sh(`head -n 5 ${pipe}`)
      const { code } = await mounted.sh(`timeout -s INT 1 cat ${pipe}`)
      expect(code).toBe(124)
      // The server answers others meanwhile.
      expect((await mounted.sh('cat instances/p/tracing_on')).out).toBe('1\n')
      const waiting = await mounted.sh(`until pgrep -fx 'cat ${pipe}'; do sleep 0.1; done`)
      const pids = waiting.out.trim().split('\n').map(Number)
      expect(Math.min(...pids)).toBeGreaterThan(1)
      for (const pid of pids) process.kill(pid, 'SIGINT')
      expect((await killed).out).toBe('')
      await mounted.sh('echo 1 > instances/p/events/sched/sched_switch/enable')
      const { out } = await reader
      expect(out.trim().split('\n')).toHaveLength(5)
      expect(out).toMatch(/^ +\S.*-\d+ +\[00[01]\] \S{5} +\d+\.\d{6}: sched_switch: prev_comm=/)
      await mounted.sh('rmdir instances/p')
    })

    it('that say EAGAIN to who does not wait', async () => {
      const { err, code } = await mounted.sh(
        'mkdir instances/n; dd if=instances/n/trace_pipe iflag=nonblock count=1; dd if=instances/n/per_cpu/cpu0/trace_pipe_raw iflag=nonblock bs=4096 count=1; rmdir instances/n'
      )
      expect(err.match(/Resource temporarily unavailable/g)).toHaveLength(2)
      expect(code).toBe(0)
    })

    it('of which trace is emptied by who opens it with O_TRUNC', async () => {
      const { out } = await mounted.sh(`
        mkdir instances/t; cd instances/t; echo hello > trace_marker; grep -c tracing_mark_write trace
        echo x >> trace; grep -c tracing_mark_write trace; > trace; grep -c tracing_mark_write trace
        cd ../..; rmdir instances/t`)
      expect(out).toBe('1\n1\n0\n')
    })

    it('whose owner and mode can be changed, as for a group that may trace', async () => {
      const { out } = await mounted.sh(
        'chgrp 44 trace_pipe; chmod g+w tracing_on; stat -c "%g %a" trace_pipe tracing_on'
      )
      expect(out).toBe('44 440\n0 660\n')
    })
  })

  describe('unmounts', () => {
    it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
      'on %s, with a reader at work',
      async (signal) => {
        const mounted = await Mounted.start(program, '--cpus', '1')
        const reader = mounted.sh('cat trace_pipe & cat trace_pipe')
        expect((await mounted.sh('cat tracing_on')).out).toBe('1\n')
        expect(await mounted.stop(signal)).toBe(0)
        expect(mounted.isMounted).toBe(false)
        await reader
      }
    )

    it('when it is killed', async () => {
      const mounted = await Mounted.start(program, '--cpus', '1')
      mounted.process.kill('SIGKILL')
      await mounted.ended
      await until(() => !mounted.isMounted)
      await mounted.stop()
    })

    it('when the process that started it is gone', async () => {
      const directory = mkdtempSync(join(tmpdir(), 'rvpanel-mount-'))
      const log = join(folder, 'log')
      const command = shellCommand(program, 'mount', directory, '--cpus', '1')
      // The shell ends as soon as the directory is mounted.
      const { out } = await shell(
        `${command} < /dev/null > ${log} 2>&1 & until grep -q . ${log}; do sleep 0.1; done; cat ${log}; cat ${directory}/tracing_on`
      )
      expect(out).toMatch(/: tracefs of a simulated kernel; .*\n1\n$/)
      await until(() => !isMounted(directory))
      rmdirSync(directory)
    })

    it('when somebody unmounts it', async () => {
      const mounted = await Mounted.start(program, '--cpus', '1')
      await shell(`umount ${mounted.directory}`)
      expect((await mounted.ended).code).toBe(0)
      await mounted.stop()
    })

    it('when the machine panics, and says so', async () => {
      const mounted = await Mounted.start(program, '--cpus', '2')
      const reader = mounted.sh('cat trace_pipe')
      await mounted.sh(
        'echo panic > rv/monitors/wip/reactors; echo panic > rv/monitors/wwnr/reactors; echo wip > rv/enabled_monitors; echo wwnr >> rv/enabled_monitors'
      )
      const { code, err } = await mounted.ended
      expect(code).toBe(1)
      expect(err).toMatch(
        /^rvpanel: Kernel panic - not syncing: rv: monitor w\w+ does not allow event .*\n$/
      )
      expect(mounted.isMounted).toBe(false)
      await reader
      await mounted.stop()
    })
  })

  describe('refuses, in one sentence,', () => {
    it.each([
      ['a directory that is not there', '/nonexistent/x', /does not exist/],
      ['a file', '/etc/hostname', /is not a directory/],
      ['a directory with something in it', '/etc', /is not empty/],
      ['a directory with a mount', '/proc', /mounted on it already/]
    ])('%s', async (_, directory, words) => {
      const { code, err } = await rvpanel(program, 'mount', directory)
      expect(code).toBe(1)
      expect(err).toMatch(words)
      expect(err.split('\n')).toHaveLength(2)
    })

    it('another mount of its own', async () => {
      const mounted = await Mounted.start(program, '--cpus', '1')
      const { code, err } = await rvpanel(program, 'mount', mounted.directory)
      expect([code, err]).toEqual([1, expect.stringMatching(/rvpanel-\d+ .*mounted on it already/)])
      await mounted.stop()
    })

    it('a wrong command line, with another exit code', async () => {
      for (const args of [['mount'], ['mount', 'a', 'b'], ['--target', 'local', 'mount', '/mnt']]) {
        const { code, err } = await rvpanel(program, ...args)
        expect([code, err.split('\n').length]).toEqual([2, 2])
      }
    })
  })
})
