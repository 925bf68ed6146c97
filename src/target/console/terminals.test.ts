import { execFileSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { loadModels } from '../load-models'
import { AgentPort } from '../agent-port'
import { localTransport } from '../local'
import { openSimulated } from '../simulated-kernel'
import type { SimulatedPort } from '../simulator-control'
import { fakeTracefs, shells } from '../testing'
import type { TargetTerminal } from './terminal'

const SIZE = { columns: 80, rows: 24 }

/** A terminal, and what it has shown so far. */
class Screen {
  text = ''
  #isOver = false
  #changed: () => void = () => undefined

  constructor(readonly terminal: TargetTerminal) {
    void this.#follow()
  }

  async #follow(): Promise<void> {
    const decoder = new TextDecoder()
    for (let b = await this.terminal.next(); b; b = await this.terminal.next()) {
      this.text += decoder.decode(b, { stream: true })
      this.#changed()
    }
    this.#isOver = true
    this.#changed()
  }

  /** Waits until what came after `from` fits. */
  async shows(pattern: RegExp, from = 0): Promise<void> {
    while (!pattern.test(this.text.slice(from))) {
      if (this.#isOver) throw new Error(`the terminal ended with ${JSON.stringify(this.text)}`)
      await new Promise<void>((resolve) => {
        this.#changed = resolve
      })
    }
  }

  async ends(): Promise<void> {
    while (!this.#isOver) {
      await new Promise<void>((resolve) => {
        this.#changed = resolve
      })
    }
  }

  /** Types a line and waits for the next prompt; returns what came between. */
  async run(line: string): Promise<string> {
    const from = this.text.length
    this.terminal.write(`${line}\r`)
    await this.shows(/\n[^\n]*[#$] $/, from)
    return this.text.slice(from).split('\r\n').slice(1, -1).join('\n')
  }
}

describe('the terminal of the simulated kernel', () => {
  let port: SimulatedPort
  let screen: Screen
  beforeEach(async () => {
    const { models } = await loadModels('models')
    port = openSimulated({ cpus: 2, tasks: 20, seed: 1 }, models, 'manual')
    screen = new Screen(await port.openTerminal!(SIZE))
    await screen.shows(/# $/)
  })
  afterEach(() => port.close())

  it('works on the files of tracefs as a shell does', async () => {
    expect(await screen.run('echo wip > rv/enabled_monitors; cat rv/enabled_monitors')).toBe('wip')
    expect(await screen.run('cd rv && pwd')).toBe('/sys/kernel/tracing/rv')
    expect(await screen.run('echo wwnr >> enabled_monitors')).toBe('')
    expect(await screen.run('cat enabled_monitors | grep -c w')).toBe('2')
    expect(await screen.run('cat available_monitors | head -n 1')).toBe('wip')
    expect(await screen.run('ls monitors/wip')).toMatch(/desc +enable +reactors/)
    expect(await screen.run('cat /sys/module/stall/parameters/threshold_jiffies')).toBe('1000')
  })

  it('says what went wrong, and what it is not', async () => {
    expect(await screen.run('cat nowhere')).toMatch(/nowhere/)
    expect(await screen.run('echo nonsense > rv/enabled_monitors')).toMatch(/rv\/enabled_monitors/)
    expect(await screen.run('vi')).toBe('vi: not found (help lists what there is)')
    expect(await screen.run('cat /etc/passwd')).toMatch(/has only/)
    expect(await screen.run('cat ../../../etc/passwd')).toMatch(/has only/)
    expect(await screen.run('echo $HOME')).toMatch(/variables/)
    expect(await screen.run('cat a || reboot')).toMatch(/no \|\|/)
    expect(await screen.run('echo "open')).toMatch(/not closed/)
  })

  it('follows a pipe until Ctrl+C', async () => {
    await screen.run('echo wip > rv/enabled_monitors; echo 1 > events/rv/enable')
    screen.terminal.write('cat trace_pipe\r')
    await screen.shows(/cat trace_pipe\r\n/)
    port.simulator.advance(20_000_000)
    await screen.shows(/event_wip/)
    const from = screen.text.length
    screen.terminal.write('\u0003')
    await screen.shows(/# $/, from)
    expect(await screen.run('echo on')).toBe('on')
  })

  it('edits the line, recalls it, and completes paths', async () => {
    expect(await screen.run('echo adc\u007f\u001b[D\u001b[Db\u001b[Fe')).toBe('bade')
    expect(await screen.run('\u001b[A')).toBe('bade')
    screen.terminal.write('cat rv/ena\t')
    await screen.shows(/cat rv\/enabled_monitors $/)
    screen.terminal.write('\u0015')
    expect(await screen.run('echo end')).toBe('end')
  })

  it('ends with Ctrl+D', async () => {
    screen.terminal.write('\u0004')
    await screen.ends()
  })
})

describe('the terminal of this machine', () => {
  it('is a shell under a terminal, of the size that it is told', async () => {
    const root = fakeTracefs()
    const port = await AgentPort.open(localTransport(), { tracefs: root })
    const screen = new Screen(await port.openTerminal(SIZE))
    screen.terminal.write("PS1='$ '\r")
    await screen.shows(/\$ $/)
    screen.terminal.write('stty size\r')
    await screen.shows(/24 80/)
    screen.terminal.resize({ columns: 100, rows: 30 })
    screen.terminal.write('stty size; echo $TERM\r')
    await screen.shows(/30 100\s+xterm-256color/)
    screen.terminal.write('exit\r')
    await screen.ends()
    await port.close()
    rmSync(root, { recursive: true, force: true })
  })

  it('holds a program whose output nobody takes', async () => {
    const root = fakeTracefs()
    const port = await AgentPort.open(localTransport(), { tracefs: root })
    const terminal = await port.openTerminal(SIZE)
    terminal.write('yes\r')
    let taken = 0
    for (let i = 0; i < 50; i++) taken += (await terminal.next())?.length ?? 0
    expect(taken).toBeGreaterThan(0)
    await terminal.close()
    await port.close()
    rmSync(root, { recursive: true, force: true })
  })
})

for (const shell of shells()) {
  describe(`commands one by one, through the agent under ${shell.join(' ')}`, () => {
    let root: string
    let port: AgentPort
    let screen: Screen
    beforeEach(async () => {
      root = fakeTracefs()
      // As over a line, which has no second terminal.
      const { terminal, ...transport } = localTransport(shell)
      expect(terminal).toBeDefined()
      port = await AgentPort.open(transport, { tracefs: root })
      screen = new Screen(await port.openTerminal(SIZE))
      await screen.shows(/\$ $/)
    })
    afterEach(async () => {
      await port.close()
      rmSync(root, { recursive: true, force: true })
    })

    it('run with their errors, keep the directory, and quote nothing away', async () => {
      expect(await screen.run('cd /usr && pwd')).toBe('/usr')
      expect(await screen.run('pwd; cd ..')).toBe('/usr')
      expect(await screen.run('pwd')).toBe('/')
      expect(await screen.run(`printf '%s\\n' "it's" '$HOME' 'a  b'`)).toBe("it's\n$HOME\na  b")
      expect(await screen.run('cat /nowhere')).toMatch(/nowhere/)
      expect(await screen.run('printf "no newline"')).toBe('no newline')
      expect(await screen.run('exit 3')).toBe('')
      expect(await screen.run("printf '\\036deadbeef 0 /evil\\036'; pwd")).toContain('/evil')
    })

    it('are ended by Ctrl+C, with all that they started', async () => {
      const seconds = `${String(100_000 + (process.pid % 10_000))}.5`
      screen.terminal.write(`echo begun; sleep ${seconds} & sleep ${seconds}\r`)
      await screen.shows(/begun\r\n/)
      const from = screen.text.length
      screen.terminal.write('\u0003')
      await screen.shows(/\$ $/, from)
      const left = (): string =>
        execFileSync('sh', ['-c', `pgrep -f "[s]leep ${seconds}" || true`]).toString()
      await expect.poll(left, { timeout: 5000 }).toBe('')
      expect(await screen.run('echo on')).toBe('on')
    })
  })
}
