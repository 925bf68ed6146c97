import { nextTick } from 'vue'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { connectOpen } from '../stores/dialogs'
import { targetStatus } from '../testing'
import AuthDialog from './AuthDialog.vue'
import ConnectDialog from './ConnectDialog.vue'
import PanicConfirm from './PanicConfirm.vue'
import StartView from './StartView.vue'
import { inWindow, submit, type } from './testing-mount'

let leave: (() => void) | undefined
afterEach(() => {
  connectOpen.value = false
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
  async function ssh() {
    const all = await inWindow(ConnectDialog)
    leave = () => all.wrapper.unmount()
    connectOpen.value = true
    await nextTick()
    all.get('kind-ssh').click()
    await nextTick()
    return all
  }

  it('asks for the host that was typed', async () => {
    const { port, get, input } = await ssh()
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
    const all = await ssh()
    await type(all.input('ssh-destination'), host)
    await type(all.input('ssh-port'), port)
    await submit(all.get('ssh-port'))
    expect(all.get('connect-error').textContent).toMatch(sentence)
    expect(all.port.requests()).toEqual([])
  })
})

describe('StartView', () => {
  it('says why there is no target, and leads on', async () => {
    const message = 'tracefs is not mounted on vm.'
    const target = targetStatus({ phase: 'none', kind: 'local', name: 'this machine', message })
    const { port, get, wrapper } = await inWindow(StartView, {}, { target, monitors: [] })
    leave = () => wrapper.unmount()
    expect(get('start-error').textContent).toContain(message)
    get('start-connect').click()
    expect(connectOpen.value).toBe(true)
    get('start-simulator').click()
    expect(port.requests().at(-1)?.request).toMatchObject({
      op: 'connect',
      target: { kind: 'sim' }
    })
  })
})
