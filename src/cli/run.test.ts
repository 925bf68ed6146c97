import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openTarget } from '../observer'
import type { RestoreResult, TracefsPort } from '../target/port'
import { isSimulated } from '../target/simulator-control'
import { run } from './run'

/*
 * The whole program, on a simulated kernel whose time is driven by what the
 * program sleeps. Nothing is faked but the terminal, and what a test changes of
 * the target before the program sees it.
 */

const models = fileURLToPath(new URL('../../models', import.meta.url))

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rvpanel-cli-'))
})
afterEach(async () => {
  await rm(folder, { recursive: true })
})

interface World {
  /** Changes the target before the program has it. */
  readonly prepare?: (port: TracefsPort) => Promise<TracefsPort>
  /** What standard output does with a text. */
  readonly onOut?: (text: string, stop: () => void) => void
  readonly answer?: string
  /** What ssh asks while it connects: all that it has shown so far, and whether the answer is secret. */
  readonly dialogue?: readonly (readonly [string, boolean])[]
  /** Is given the way to send a signal. */
  readonly onStop?: (stop: () => void) => void
}

interface Outcome {
  readonly code: number
  readonly out: string
  readonly err: string
  readonly asked: readonly string[]
  /** What became of each changed file, in order; undefined where no target was opened. */
  readonly restored: readonly RestoreResult[] | undefined
}

async function rvpanel(args: string, world: World = {}): Promise<Outcome> {
  return program(args.split(' '), world)
}

async function program(args: readonly string[], world: World = {}): Promise<Outcome> {
  const stop = new AbortController()
  world.onStop?.(() => {
    stop.abort()
  })
  let out = ''
  let err = ''
  const asked: string[] = []
  let restored: readonly RestoreResult[] | undefined
  let advance: (ns: number) => void = () => undefined
  const code = await run(args, {
    out: (text) => {
      out += text
      world.onOut?.(text, () => {
        stop.abort()
      })
      return Promise.resolve()
    },
    err: (text) => {
      err += text
    },
    ask: (prompt) => {
      asked.push(prompt)
      return Promise.resolve(world.answer)
    },
    sleep: async (ms, signal) => {
      for (let spent = 0; spent < ms && !signal.aborted; spent += 10) {
        advance(Math.min(10, ms - spent) * 1e6)
        // The readers of the trace take their turn.
        await new Promise((resolve) => setImmediate(resolve))
      }
    },
    stop: stop.signal,
    openTarget: async (spec, options) => {
      for (const [text, secret] of world.dialogue ?? []) await options.auth?.ask({ text, secret })
      const port = await openTarget(spec, { ...options, clock: 'manual' })
      if (isSimulated(port)) {
        advance = (ns) => {
          port.simulator.advance(ns)
        }
      }
      const close = port.close.bind(port)
      port.close = async () => (restored = await close())
      return (await world.prepare?.(port)) ?? port
    },
    models,
    stateDir: join(folder, 'state'),
    version: '1.2.3'
  })
  return { code, out, err, asked, restored }
}

/** A port of which some calls are answered by a test. */
function altered(port: TracefsPort, changes: Partial<TracefsPort>): TracefsPort {
  return new Proxy(port, {
    get(target, property): unknown {
      const changed: unknown = Reflect.get(changes, property)
      if (changed !== undefined) return changed
      const value: unknown = Reflect.get(target, property)
      return typeof value === 'function' ? value.bind(target) : value
    }
  })
}

/** What the program says of a failure. */
async function failure(args: string, world?: World): Promise<[number, string]> {
  const { code, out, err } = await rvpanel(args, world)
  expect(out).toBe('')
  return [code, err]
}

describe('rvpanel list', () => {
  it('has a line for each monitor, in the columns of rv', async () => {
    const { code, out, err } = await rvpanel('list')
    expect(err).toBe('')
    expect(code).toBe(0)
    const lines = out.split('\n')
    expect(lines.pop()).toBe('')
    expect(lines.slice(0, 4)).toEqual([
      'wip                              wakeup in preemptive per-cpu testing monitor. [OFF]',
      'wwnr                             wakeup while not running per-task testing model. [OFF]',
      'sched                            container for several scheduler monitor specifications. [OFF]',
      ' - opid                          operations with preemption and irq disabled. [OFF]'
    ])
    // The order of available_monitors: of a container's children the last one registered comes first.
    expect(lines.map((line) => line.replace(/^( - )?(\w+).*$/, '$1$2'))).toEqual([
      'wip',
      'wwnr',
      'sched',
      ...['opid', 'sssw', 'nrp', 'sts', 'snep', 'scpd', 'snroc', 'sco'].map((name) => ` - ${name}`),
      'rtapp',
      ...['wakeup', 'sleep', 'pagefault'].map((name) => ` - ${name}`),
      'stall',
      'deadline',
      ' - nomiss'
    ])
    expect(lines.filter((line) => !line.endsWith(' [OFF]'))).toEqual([])
  })

  it('shows what is on', async () => {
    const { out } = await rvpanel('list', {
      prepare: async (port) => {
        await port.write('rv/monitors/wwnr/enable', '1', 'truncate')
        return port
      }
    })
    expect(out.split('\n').filter((line) => !line.endsWith('[OFF]'))).toEqual([
      'wwnr                             wakeup while not running per-task testing model. [ON]',
      ''
    ])
  })

  it('indents nested monitors, and has those of one container without indent', async () => {
    const nested = (port: TracefsPort): Promise<TracefsPort> =>
      Promise.resolve(
        altered(port, {
          read: (path) => {
            const text = path.endsWith('available_monitors')
              ? 'sched\nsched:sco\n'
              : path.endsWith('desc')
                ? `of ${path}\n\0`
                : '0\n\0'
            return Promise.resolve(new TextEncoder().encode(text))
          }
        })
      )
    expect((await rvpanel('list', { prepare: nested })).out).toBe(
      `${'sched'.padEnd(32)} of rv/monitors/sched/desc [OFF]\n` +
        ` - ${'sco'.padEnd(29)} of rv/monitors/sched/sco/desc [OFF]\n`
    )
    expect((await rvpanel('list sched', { prepare: nested })).out).toBe(
      `${'sco'.padEnd(32)} of rv/monitors/sched/sco/desc [OFF]\n`
    )
  })

  it('says where there is none', async () => {
    const empty = (port: TracefsPort): Promise<TracefsPort> =>
      Promise.resolve(altered(port, { read: () => Promise.resolve(new Uint8Array()) }))
    expect((await rvpanel('list', { prepare: empty })).out).toBe('-- No monitor found --\n')
    const { code, out } = await rvpanel('list wip')
    expect(out).toBe('-- No monitor found in container wip --\n')
    expect(code).toBe(0)
  })

  it('leaves out what is no name, and says so', async () => {
    const { code, out, err } = await rvpanel('list', {
      prepare: (port) =>
        Promise.resolve(
          altered(port, {
            read: (path) =>
              path === 'rv/available_monitors'
                ? Promise.resolve(new TextEncoder().encode('wip\nwi"p\u001b[2J\n'))
                : port.read(path)
          })
        )
    })
    expect(out).toMatch(/^wip .*\n$/)
    expect(err).toBe(
      'rvpanel: the target lists "wi\\"p\\u001b[2J", which is no monitor\'s name (letters, digits and _), and is left out\n'
    )
    expect(code).toBe(1)
  })

  it('ends quietly when nobody reads on', async () => {
    const gone = Object.assign(new Error('write EPIPE'), { code: 'EPIPE' })
    const { code, err } = await rvpanel('list', {
      onOut: () => {
        throw gone
      }
    })
    expect([code, err]).toEqual([0, ''])
  })
})

describe('rvpanel mon', () => {
  const HEADER =
    '          <TASK>-PID      [CPU]  TYPE                    STATE x EVENT                    -> NEXT_STATE               FINAL\n' +
    '              |   |          |     |                        |     |                           |                       |\n'
  const EVENT = /^.{16}-\d+ +\[00[0-3]\] event +\w+ x \w+ +-> \w+ +[YN]$/

  it('prints the events of a monitor, and puts the target back', async () => {
    const { code, out, err, restored } = await rvpanel('mon wip -t --duration 0.3')
    expect(err).toBe('')
    expect(code).toBe(0)
    expect(out.startsWith(HEADER)).toBe(true)
    const lines = out.slice(HEADER.length).trimEnd().split('\n')
    expect(lines.length).toBeGreaterThan(10)
    for (const line of lines) expect(line).toMatch(EVENT)
    expect(restored?.map(({ step, outcome }) => [step.path, outcome])).toEqual([
      ['rv/monitors/wip/enable', 'restored'],
      ['instances/rvpanel-mon-wip', 'restored']
    ])
  })

  it('has a column of ids for a per-task monitor', async () => {
    const { out } = await rvpanel('mon wwnr --trace --duration 0.5')
    const [names = '', marks = '', ...lines] = out.trimEnd().split('\n')
    expect(names).toContain(' TYPE       ID                    STATE x EVENT ')
    expect(marks).toHaveLength(names.length - 4)
    expect(lines.length).toBeGreaterThan(10)
    const event = /^.{16}-\d+ +\[00[0-3]\] event +\d+ +\w+ x \w+ +-> \w+ +[YN]$/
    const error = /^ *\d+ \[00[0-3]\] error +\d+ +\w+ x \w+$/
    for (const line of lines) {
      expect(line).toMatch(line.includes('] error ') ? error : event)
      const head = line.includes('] error ') ? line.indexOf('error ') + 6 : 38
      expect(line.slice(head, head + 9)).toMatch(/^ +\d+ $/)
    }
  })

  it('prints the same again from the same seed, and other events from another', async () => {
    const first = await rvpanel('mon wip -t --duration 0.1 --seed 7')
    const again = await rvpanel('mon wip -t --duration 0.1 --seed 7')
    const other = await rvpanel('mon wip -t --duration 0.1 --seed 8')
    expect(again.out).toBe(first.out)
    expect(other.out).not.toBe(first.out)
  })

  it('is silent without -t, and says what it does with -v', async () => {
    const { code, out, err } = await rvpanel('mon wip -v --duration 0.1 -r printk')
    expect([code, out]).toEqual([0, ''])
    expect(err).toContain('rvpanel: the reactor of wip is printk\nrvpanel: wip is enabled\n')
  })

  it('shows the violation of a scenario, in the time that a parameter gives it', async () => {
    const starving = 'mon stall --scenario starving-task -t --duration 3'
    const { code, out } = await rvpanel(`${starving} --param stall.threshold_jiffies=100`)
    expect(code).toBe(0)
    const errors = (text: string): string[] => text.split('\n').filter((l) => l.includes('error'))
    // Without the parameter it takes longer than this; without the scenario it never comes.
    expect(errors(out)[0]).toMatch(/ error +[0-9]+ +enqueued x none +clk=1\d\d$/)
    expect(errors((await rvpanel('mon stall -t --duration 3')).out)).toEqual([])
    expect(await failure('mon stall --scenario starving-task --param stall.threshold=1')).toEqual([
      1,
      expect.stringMatching(/^rvpanel: .*stall.*threshold_jiffies/)
    ])
  })

  it('runs until a signal', async () => {
    let lines = 0
    const { code, restored } = await rvpanel('mon wip -t -r printk', {
      onOut: (_, stop) => {
        if (++lines === 5) stop()
      }
    })
    expect(code).toBe(0)
    expect(restored?.map(({ step, outcome }) => [step.path, outcome])).toEqual([
      ['rv/monitors/wip/enable', 'restored'],
      ['rv/monitors/wip/reactors', 'restored'],
      ['instances/rvpanel-mon-wip', 'restored']
    ])
  })

  it('does nothing to a target when a signal comes while it connects', async () => {
    let stopNow = (): void => undefined
    const { code, out, err, restored } = await rvpanel('mon wip -t', {
      onStop: (stop) => (stopNow = stop),
      prepare: (port) => {
        stopNow()
        return Promise.resolve(port)
      }
    })
    expect([code, out, err]).toEqual([1, '', 'rvpanel: stopped before anything was done\n'])
    expect(restored).toEqual([])
  })

  it('shows neither its own processes nor, as instances, those of the pipe, unless told so', async () => {
    // Two tasks of the simulated kernel stand for the bridge; the second is there with the pipe only.
    const own = (port: TracefsPort): Promise<TracefsPort> => {
      const pids = [300]
      return Promise.resolve(
        altered(port, {
          ownPids: () => Promise.resolve([...pids]),
          stream: (path) => {
            pids.push(301)
            return port.stream(path)
          }
        })
      )
    }
    const ids = ({ out }: Outcome): Set<string> =>
      new Set([...out.matchAll(/\] event +(\d+) /g)].map(([, id = '']) => id))
    const all = ids(await rvpanel('mon wwnr -t -s --duration 1', { prepare: own }))
    expect([...all]).toEqual(expect.arrayContaining(['300', '301']))
    const others = ids(await rvpanel('mon wwnr -t --duration 1', { prepare: own }))
    expect(others.size).toBeGreaterThan(2)
    expect([...others].filter((id) => id === '300' || id === '301')).toEqual([])
  })

  it('tells losses and damage, and hides the retries of other monitors', async () => {
    const text =
      '            bash-42      [003] d..2.    12.000345: rv_retries_error: 3 retries reached for event a, resetting monitor wip\n' +
      '            bash-42      [003] d..2.    12.000345: rv_retries_error: 3 retries reached for event a, resetting monitor sco\n' +
      'CPU:3 [LOST 17 EVENTS]\nCPU:1 [LOST EVENTS]\n' +
      '            bash-42      [003] d..2.    12.00'
    const chunks = [new TextEncoder().encode(text)]
    const { code, out, err } = await rvpanel('mon wip -t', {
      prepare: (port) =>
        Promise.resolve(
          altered(port, {
            stream: () =>
              Promise.resolve({
                next: () => Promise.resolve(chunks.shift()),
                close: () => Promise.resolve()
              })
          })
        )
    })
    expect(code).toBe(1)
    expect(out.split('\n').slice(2, -1)).toEqual([
      expect.stringMatching(/^ +42 \[003\] error +3 retries reached x a +-> wip reset$/)
    ])
    expect(err.split('\n')).toEqual([
      'rvpanel: 17 events of CPU 3 were lost before they were read',
      'rvpanel: events, nobody knows how many, of CPU 1 were lost before they were read',
      'rvpanel: 1 line of the trace was damaged and is not shown',
      'rvpanel: the target ended the trace',
      ''
    ])
  })

  it('ends quietly when nobody reads on, and puts the target back', async () => {
    const gone = Object.assign(new Error('write EPIPE'), { code: 'EPIPE' })
    const { code, err, restored } = await rvpanel('mon wip -t', {
      onOut: () => {
        throw gone
      }
    })
    expect([code, err]).toEqual([0, ''])
    expect(restored?.every(({ outcome }) => outcome === 'restored')).toBe(true)
  })

  it('says when the target is gone', async () => {
    const { code, err } = await rvpanel('mon wip -t', {
      prepare: (port) =>
        Promise.resolve(
          altered(port, {
            ended: Promise.resolve({ reason: 'link-lost', message: 'The link to board is gone.' })
          })
        )
    })
    expect([code, err]).toEqual([1, 'rvpanel: The link to board is gone.\n'])
  })

  it('asks before the panic reactor takes a real target down', async () => {
    const board = (port: TracefsPort): Promise<TracefsPort> =>
      Promise.resolve(altered(port, { info: { ...port.info, kind: 'ssh', name: 'board' } }))
    const refused = await rvpanel('mon wip -r panic --duration 0.1', {
      prepare: board,
      answer: 'y'
    })
    expect(refused.asked).toHaveLength(1)
    expect(refused.asked[0]).toContain('board')
    expect([refused.code, refused.err]).toEqual([
      1,
      'rvpanel: the panic reactor was not confirmed\n'
    ])
    expect(refused.restored).toEqual([])
    const agreed = await rvpanel('mon wip -r panic --duration 0.001', {
      prepare: board,
      answer: 'board'
    })
    expect(agreed.code).toBe(0)
  })

  it.each([
    ['mon nope', 'monitor nope does not exist'],
    ['mon wi"p', 'monitor wi"p does not exist'],
    ['mon ../wip', 'monitor ../wip does not exist'],
    [
      'mon wip -r foo',
      'failed to set foo reactor, is it available? (wip has no reactor foo: expected one of nop, printk, panic.)'
    ],
    [
      'mon wip -r a"b',
      'failed to set a"b reactor, is it available? ("a\\"b" is no reactor: expected a name of letters, digits and _.)'
    ]
  ])('refuses %s', async (args, sentence) => {
    expect(await failure(args)).toEqual([1, `rvpanel: ${sentence}\n`])
  })

  it('refuses a monitor that is on, and leaves it on', async () => {
    const { code, err, restored } = await rvpanel('mon wip', {
      prepare: async (port) => {
        await port.write('rv/monitors/wip/enable', '1', 'truncate')
        return port
      }
    })
    expect([code, err]).toEqual([1, 'rvpanel: monitor wip (in-kernel) is already enabled\n'])
    expect(restored).toEqual([])
  })
})

describe('the dialogue of ssh', () => {
  it('is passed on, each part once and without the echo of what was answered', async () => {
    const { asked, code } = await rvpanel('list', {
      answer: 'yes',
      dialogue: [
        ['\r\nUnknown key.\nContinue? ', false],
        ['\r\nUnknown key.\nContinue? yes\nAdded.\npassword: ', true],
        ['\r\nUnknown key.\nContinue? yes\nAdded.\npassword: \nyes? password: ', true]
      ]
    })
    expect(code).toBe(0)
    expect(asked).toEqual(['Unknown key.\nContinue? ', 'Added.\npassword: ', 'yes? password: '])
  })
})

describe('models of the user', () => {
  const dot = (states: string): string =>
    `digraph state_automaton {\n  {node [shape = plaintext, style=invis, label=""] "__init_a"};\n${states}` +
    '  "__init_a" -> "a";\n  "a" [label = "a", color = green3];\n  "a" -> "a" [ label = "go" ];\n}\n'
  const yaml = (monitor: string): string =>
    `monitor: ${monitor}\ntype: per_cpu\ndescription: mine\n` +
    'tracepoints:\n  sched_waking:\n    - event: go\n      call: handle_start_run_event\n'

  async function withModel(name: string, text: string, beside?: string): Promise<Outcome> {
    await writeFile(join(folder, name), text)
    if (beside !== undefined) await writeFile(join(folder, 'mine.yaml'), beside)
    return program(['list', '--models', folder])
  }

  it('are listed beside those of the program', async () => {
    const { code, out, err } = await withModel('mine.dot', dot(''), yaml('mine'))
    expect(err).toBe('')
    expect(code).toBe(0)
    expect(out).toMatch(/^mine .*mine \[OFF\]$/m)
    expect(out).toMatch(/^wip /m)
  })

  it('are refused when a .dot is not one', async () => {
    const { code, out, err } = await withModel(
      'mine.dot',
      'GIF89a\u0001\u0002 no graph',
      yaml('mine')
    )
    expect([code, out]).toEqual([1, ''])
    expect(err).toMatch(/^rvpanel: .*mine\.dot:1:1: error: .*expected.+ \[[a-z-]+\]\n/)
  })

  it('are refused when a model has two initial states', async () => {
    const two = dot(
      '  {node [shape = plaintext] "__init_b"};\n  "__init_b" -> "b";\n  "b" [label = "b"];\n'
    )
    const { code, out, err } = await withModel('mine.dot', two, yaml('mine'))
    expect([code, out]).toEqual([1, ''])
    expect(err).toMatch(/^rvpanel: .*mine\.dot:[0-9]+:[0-9]+: error: .*initial.* \[.+\]\n/m)
  })

  it("are refused when a monitor's name has a quote in it", async () => {
    const { code, out, err } = await withModel('mine.dot', dot(''), yaml("'mi\"ne'"))
    expect([code, out]).toEqual([1, ''])
    expect(err).toMatch(/^rvpanel: .*mine\.yaml:1:[0-9]+: error: .+ \[.+\]\n$/)
  })

  it('are refused when there is no such folder', async () => {
    const { code, err } = await program(['list', '--models', join(folder, 'none')])
    expect(code).toBe(1)
    expect(err).toMatch(/^rvpanel: The models folder .*none cannot be read \(ENOENT\)\.\n$/)
  })
})

describe('usage', () => {
  it.each<[string, string]>([
    ['list --foo', "unknown option '--foo'; see rvpanel --help"],
    ['frobnicate', "unknown command 'frobnicate'; see rvpanel --help"],
    ['chek', "unknown command 'chek' (Did you mean check?); see rvpanel --help"],
    ['mon', "missing required argument 'name'; see rvpanel --help"],
    [
      'list a b',
      "too many arguments for 'list'. Expected 1 argument but got 2.; see rvpanel --help"
    ],
    ['mon wip --duration 0', '--duration expects seconds from 0.001 to 2000000, got "0"'],
    ['mon wip --duration soon', '--duration expects seconds from 0.001 to 2000000, got "soon"'],
    ['list --cpus 257', '--cpus expects a whole number from 1 to 256, got "257"'],
    ['list --tasks 0', '--tasks expects a whole number from 1 to 10000, got "0"'],
    ['list --seed -1', '--seed expects a whole number from 0 to 4294967295, got "-1"'],
    [
      'list --target local --cpus 2',
      '--cpus is a setting of the simulated kernel, and --target "local" is not it'
    ],
    ...[
      'ssh://',
      'ssh://-oProxyCommand=x',
      'ssh://root@-x',
      'ssh://host:0',
      'ssh://host:65536',
      'ssh://host:x',
      'ssh://a b',
      'ssh://a;b',
      'ssh://u@v@w',
      'ssh://host/path',
      'http://host',
      'telnet'
    ].map((target): [string, string] => [
      `list\t--target\t${target}`,
      `--target expects sim, local, ssh://[USER@]HOST[:PORT], serial:DEVICE[?baud=N], "cmd:PROGRAM ARGUMENTS" or recording:FILE, got "${target}"`
    ])
  ])('%s is wrong', async (args, sentence) => {
    const { code, out, err } = await program(args.split(args.includes('\t') ? '\t' : ' '))
    expect([code, out, err]).toEqual([2, '', `rvpanel: ${sentence}\n`])
  })

  it('is shown where nothing is asked for', async () => {
    const { code, out, err } = await program([])
    expect([code, out]).toEqual([2, ''])
    expect(err).toMatch(/^Usage: rvpanel /)
  })

  it('is shown on demand, as is the version', async () => {
    const help = await rvpanel('--help')
    expect([help.code, help.err]).toEqual([0, ''])
    expect(help.out).toMatch(/^Usage: rvpanel [^]* list [^]* mon /)
    const ofMon = await rvpanel('mon --help')
    expect(ofMon.out).toMatch(/--reactor[^]*--self[^]*--trace[^]*--verbose[^]*--duration/)
    expect(await rvpanel('--version')).toMatchObject({ code: 0, out: '1.2.3\n' })
  })
})
