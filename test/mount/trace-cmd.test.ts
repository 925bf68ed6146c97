import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildProgram, cannotMount, has, Mounted } from './kit'

const reason =
  cannotMount() ??
  (has('trace-cmd') && has('unshare') ? undefined : 'trace-cmd or unshare is not installed')
if (reason !== undefined) console.warn(`test/mount/trace-cmd is skipped: ${reason}`)

interface Event {
  /** `comm-pid` */
  readonly task: string
  readonly cpu: string
  readonly time: string
  readonly name: string
  readonly text: string
}

/** Lines of `trace` and of `trace-cmd report`, without what only one of them has. */
function eventsOf(text: string): Event[] {
  return text.split('\n').flatMap((line) => {
    const found = /^ *(\S.*?-\d+) +\[(\d+)\] +(?:\S{5,8} +)?(\d+\.\d+): +(\w+): +(.*?) *$/.exec(
      line
    )
    if (found === null) return []
    const [, task = '', cpu = '', time = '', name = '', rest = ''] = found
    return [{ task, cpu, time, name, text: rest }]
  })
}

describe.skipIf(reason !== undefined)('trace-cmd', () => {
  let folder: string
  let mounted: Mounted

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'rvpanel-trace-cmd-'))
    mounted = await Mounted.start(await buildProgram(folder))
    await mounted.sh('echo wip > rv/enabled_monitors; echo wwnr >> rv/enabled_monitors')
  })
  afterAll(async () => {
    await mounted.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  /** A script in which the directory is the machine's tracefs. */
  const inNamespace = (script: string) => {
    // trace-cmd switches ftrace on in /proc, which belongs to the machine it runs on.
    const enabled = join(folder, 'ftrace_enabled')
    return mounted.sh(
      `echo 1 > ${enabled}; exec unshare -m sh -c '
        mount -t tracefs none /sys/kernel/tracing
        mount --bind ${mounted.directory} /sys/kernel/tracing
        [ ! -e /proc/sys/kernel/ftrace_enabled ] || mount --bind ${enabled} /proc/sys/kernel/ftrace_enabled
        cd ${folder}
        ${script}'`,
      folder
    )
  }

  it('records the rv events, and reads the record', async () => {
    // An instance sees the same events; its text is what the kernel itself would print.
    const { code, err } = await inNamespace(`
      mkdir /sys/kernel/tracing/instances/text
      echo 65536 > /sys/kernel/tracing/instances/text/buffer_size_kb
      echo 1 > /sys/kernel/tracing/instances/text/events/rv/enable
      trace-cmd record -e rv -o trace.dat sleep 1 > log 2>&1 || { cat log >&2; exit 1; }
      echo 0 > /sys/kernel/tracing/instances/text/tracing_on
      cat /sys/kernel/tracing/instances/text/trace > trace.txt
      rmdir /sys/kernel/tracing/instances/text`)
    expect([code, err]).toEqual([0, ''])
    const report = await mounted.sh('trace-cmd report trace.dat', folder)
    expect(report.err).toBe('')
    const recorded = eventsOf(report.out)
    const printed = eventsOf((await mounted.sh('cat trace.txt', folder)).out)
    expect(recorded.length).toBeGreaterThan(200)
    const kinds = new Set(recorded.map(({ name }) => name))
    expect([...kinds]).toEqual(expect.arrayContaining(['event_wip', 'event_wwnr']))
    // Both monitors have violations that their documentation explains.
    for (const kind of kinds) expect(kind).toMatch(/^(event|error)_(wip|wwnr)$/)
    // A name is the one that its task had last, for a record has only the pid.
    const names = new Set(printed.map(({ task }) => task))
    expect(recorded.filter(({ task }) => !names.has(task))).toEqual([])
    // trace-cmd recorded a part of the time; of that part all, and nothing else.
    const key = ({ task, ...event }: Event): string =>
      [/\d+$/.exec(task)?.[0], ...Object.values(event)].join('|')
    const byCpu = (events: readonly Event[], cpu: string): string[] =>
      events.filter((event) => event.cpu === cpu).map(key)
    for (const cpu of new Set(recorded.map((event) => event.cpu))) {
      const mine = byCpu(recorded, cpu)
      const all = byCpu(printed, cpu)
      const first = all.indexOf(mine[0] ?? '')
      expect(first).toBeGreaterThanOrEqual(0)
      expect(mine).toEqual(all.slice(first, first + mine.length))
    }
  })

  it('starts, shows, counts and resets, with a filter and in an instance', async () => {
    const { code, out, err } = await inNamespace(`
      set -e
      trace-cmd list -e ^rv: | head -n 1
      trace-cmd start -e sched_switch -f "next_pid != 0"
      until grep -q sched_switch /sys/kernel/tracing/trace; do sleep 0.1; done
      trace-cmd stop
      trace-cmd show
      trace-cmd stat
      trace-cmd reset > log 2>&1
      trace-cmd record -B other -e rv -o other.dat sleep 0.5 > log 2>&1
      cat /sys/kernel/tracing/set_event
      ls /sys/kernel/tracing/instances`)
    expect([code, err]).toEqual([0, ''])
    expect(out).toMatch(/^rv:rv_retries_error\n/)
    const shown = eventsOf(out)
    expect(shown.length).toBeGreaterThan(0)
    for (const { name, text } of shown) {
      expect([name, text.includes('next_pid=0 ')]).toEqual(['sched_switch', false])
    }
    expect(out).toMatch(/sched:sched_switch "\(next_pid != 0\)"/)
    expect(out).toMatch(/Tracing is disabled\n\s*$/)
    const report = await mounted.sh('trace-cmd report other.dat', folder)
    expect(report.out).toMatch(/^other: .*: event_wip: +\w+ x \w+ -> \w+/m)
  })
})
