import { nextTick } from 'vue'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { connectOpen, scenariosOpen } from '../stores/dialogs'
import { emptyBatch, monitorInfo, targetStatus } from '../testing'
import AuthDialog from './AuthDialog.vue'
import ConnectDialog from './ConnectDialog.vue'
import PanicConfirm from './PanicConfirm.vue'
import ScenarioDialog from './ScenarioDialog.vue'
import { inWindow, submit, type } from './testing-mount'

let leave: (() => void) | undefined
afterEach(() => {
  connectOpen.value = false
  scenariosOpen.value = false
  leave?.()
  document.body.replaceChildren()
})

describe('PanicConfirm', () => {
  it('arms only for the exact name of the target', async () => {
    const confirm = vi.fn()
    const { get, input, wrapper } = await inWindow(PanicConfirm, {
      monitor: 'wip',
      onConfirm: confirm
    })
    leave = () => wrapper.unmount()
    const name = input('confirm-panic')
    for (const wrong of ['', 'board', 'board-7 ', 'BOARD-7']) {
      await type(name, wrong)
      expect(get('arm-panic').hasAttribute('disabled')).toBe(true)
      await submit(name)
    }
    expect(confirm).not.toHaveBeenCalled()
    await type(name, 'board-7')
    await submit(name)
    expect(confirm).toHaveBeenCalledExactlyOnceWith('board-7')
  })
})

describe('AuthDialog', () => {
  it('shows what ssh asks, hides a secret, and sends the answer once', async () => {
    const { port, get, find, input, wrapper } = await inWindow(AuthDialog)
    leave = () => wrapper.unmount()
    expect(find('auth-dialog')).toBeNull()
    port.send({ type: 'auth', dialogue: { text: 'root@board password: ', secret: true } })
    await nextTick()
    expect(get('auth-text').textContent).toContain('root@board password:')
    const answer = input('auth-input')
    expect(answer.type).toBe('password')
    await type(answer, 'secret word')
    await submit(answer)
    expect(port.requests().map((m) => m.request)).toEqual([
      { op: 'authAnswer', text: 'secret word' }
    ])
    expect(answer.value).toBe('')
    port.send({ type: 'auth', dialogue: null })
    await vi.waitFor(() => expect(find('auth-dialog')).toBeNull())
  })

  it('makes what could deceive visible', async () => {
    const { port, get, input, wrapper } = await inWindow(AuthDialog)
    leave = () => wrapper.unmount()
    port.send({ type: 'auth', dialogue: { text: 'trust \u202eevil', secret: false } })
    await nextTick()
    expect(get('auth-text').textContent).toContain('‹U+202E›')
    expect(input('auth-input').type).toBe('text')
  })
})

describe('ConnectDialog', () => {
  async function dialog(kind: string) {
    leave?.()
    const all = await inWindow(ConnectDialog)
    leave = () => all.wrapper.unmount()
    connectOpen.value = true
    await nextTick()
    all.get(kind).click()
    await nextTick()
    return all
  }

  it('asks for the host that was typed', async () => {
    const { port, get, input } = await dialog('kind-ssh')
    await type(input('ssh-destination'), ' root@board-7 ')
    await type(input('ssh-port'), '2222')
    await submit(get('ssh-port'))
    expect(port.requests().at(-1)?.request).toEqual({
      op: 'connect',
      target: { kind: 'ssh', destination: 'root@board-7', port: 2222 }
    })
  })

  it.each([
    ['-oProxyCommand=x', '', /does not begin with a dash/],
    ['board', '70000', /1 to 65535/]
  ])('refuses %j with port %j in a sentence, and asks nothing', async (host, port, sentence) => {
    const all = await dialog('kind-ssh')
    await type(all.input('ssh-destination'), host)
    await type(all.input('ssh-port'), port)
    await submit(all.get('ssh-port'))
    expect(all.get('connect-error').textContent).toMatch(sentence)
    expect(all.port.requests()).toEqual([])
  })

  it('asks for the serial line or the command that was typed', async () => {
    const { port, get, input } = await dialog('kind-serial')
    expect(input('serial-baud').value).toBe('115200')
    await type(input('serial-device'), ' /dev/ttyUSB0 ')
    await type(input('serial-baud'), '9600')
    await submit(get('serial-baud'))
    expect(port.requests().at(-1)?.request).toEqual({
      op: 'connect',
      target: { kind: 'serial', device: '/dev/ttyUSB0', baud: 9_600 }
    })
    const other = await dialog('kind-cmd')
    await type(other.input('cmd-command'), 'adb -s "b 7" shell')
    await submit(other.get('cmd-command'))
    expect(other.port.requests().at(-1)?.request).toEqual({
      op: 'connect',
      target: { kind: 'cmd', command: ['adb', '-s', 'b 7', 'shell'] }
    })
  })

  it.each([
    ['kind-serial', 'serial-device', 'ttyUSB0', /path of a device/],
    ['kind-serial', 'serial-baud', '1', /50 to 12000000/],
    ['kind-cmd', 'cmd-command', '-x', /does not begin with a dash/],
    ['kind-cmd', 'cmd-command', 'adb "shell', /every quote closed/]
  ])('refuses in %s the %s %j in a sentence', async (kind, field, value, sentence) => {
    const all = await dialog(kind)
    if (field === 'serial-baud') await type(all.input('serial-device'), '/dev/ttyS0')
    await type(all.input(field), value)
    await submit(all.get(field))
    expect(all.get('connect-error').textContent).toMatch(sentence)
    expect(all.port.requests()).toEqual([])
  })
})

describe('ScenarioDialog', () => {
  const scenario = {
    name: 'starving-task',
    monitor: 'stall',
    title: 'A task starves',
    description: 'A real-time task never sleeps.'
  }
  const machine = {
    cpus: 2,
    tasks: 9,
    seed: 3,
    scenario: null,
    parameters: {},
    task: null,
    acts: 0,
    paused: false,
    speed: 1,
    achieved: 1,
    running: [],
    time: [1, 0] as [number, number]
  }

  it('boots the same machine with the fault, and then enables the monitor that reports it', async () => {
    const { port, get, find, input, wrapper } = await inWindow(ScenarioDialog)
    leave = () => wrapper.unmount()
    const stall = monitorInfo('stall', { fullName: 'stall', class: 'ha', type: 'per_task' })
    port.send({
      type: 'snapshot',
      seq: 1,
      batch: emptyBatch({
        target: targetStatus(),
        monitors: [monitorInfo('wip'), stall],
        simulator: machine,
        scenarios: [scenario]
      })
    })
    scenariosOpen.value = true
    await vi.waitFor(() => expect(find('scenario-starving-task')).not.toBeNull())
    await type(input('scenario-search'), 'priority')
    expect(find('scenario-starving-task')).toBeNull()
    await type(input('scenario-search'), 'STALL')
    get('scenario-starving-task').click()
    await nextTick()
    expect(port.requests().at(-1)?.request).toEqual({
      op: 'connect',
      target: { kind: 'sim', settings: { cpus: 2, tasks: 9, seed: 3, scenario: 'starving-task' } }
    })
    port.answer(null)
    port.send({
      type: 'snapshot',
      seq: 2,
      batch: emptyBatch({
        target: targetStatus({ generation: 2 }),
        monitors: [monitorInfo('wip'), stall],
        simulator: { ...machine, scenario: 'starving-task' },
        scenarios: [scenario]
      })
    })
    await vi.waitFor(() => {
      expect(port.requests().at(-1)?.request).toEqual({
        op: 'enable',
        monitor: 'stall',
        on: true
      })
    })
    await vi.waitFor(() => expect(find('scenario-dialog')).toBeNull())
    const enables = port.requests().filter((m) => m.request.op === 'enable')
    port.send({
      type: 'batch',
      seq: 3,
      batch: emptyBatch({ simulator: { ...machine, scenario: 'starving-task', paused: true } })
    })
    await nextTick()
    expect(port.requests().filter((m) => m.request.op === 'enable')).toEqual(enables)
  })

  it('enables nothing where the machine refuses', async () => {
    const { port, get, find, wrapper } = await inWindow(ScenarioDialog)
    leave = () => wrapper.unmount()
    const batch = emptyBatch({
      target: targetStatus(),
      monitors: [monitorInfo('stall')],
      simulator: machine,
      scenarios: [scenario]
    })
    port.send({ type: 'snapshot', seq: 1, batch })
    scenariosOpen.value = true
    await vi.waitFor(() => expect(find('scenario-starving-task')).not.toBeNull())
    get('scenario-starving-task').click()
    await nextTick()
    port.answer({ code: 'EINVAL', message: 'there is no such scenario' })
    await vi.waitFor(() =>
      expect(get('scenario-dialog').textContent).toContain('there is no such scenario')
    )
    expect(port.requests().some((m) => m.request.op === 'enable')).toBe(false)
    scenariosOpen.value = false
    await vi.waitFor(() => expect(find('scenario-dialog')).toBeNull())
    scenariosOpen.value = true
    await vi.waitFor(() => expect(find('scenario-dialog')).not.toBeNull())
    expect(get('scenario-dialog').textContent).not.toContain('there is no such scenario')
  })
})
