import { afterEach, describe, expect, it } from 'vitest'
import { Commands, type Command } from '../stores/commands'
import { chordOf, chordsOf } from './chord'
import { conflicts, KeyDispatcher } from './dispatcher'

const command = (id: string, keys: string[], more: Partial<Command> = {}): Command => ({
  id,
  group: 'window',
  title: id,
  keys,
  run: () => undefined,
  ...more
})

function setUp(...list: Command[]) {
  const done: string[] = []
  const commands = new Commands()
  for (const one of list) commands.add({ ...one, run: () => done.push(one.id) })
  let expire = (): void => undefined
  const dispatcher = new KeyDispatcher(commands, (_, callback) => {
    expire = callback
    return () => {
      expire = () => undefined
    }
  })
  stop = dispatcher.listen(window)
  const press = (key: string, parts: KeyboardEventInit = {}, target: Element = document.body) => {
    const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...parts })
    target.dispatchEvent(event)
    return event
  }
  return {
    done,
    dispatcher,
    press,
    expire: () => {
      expire()
    }
  }
}

let stop = (): void => undefined
afterEach(() => {
  stop()
  document.body.innerHTML = ''
})

function element(html: string): Element {
  document.body.innerHTML = html
  const found = document.body.querySelector('[data-here]')
  if (!found) throw new Error('nothing is marked')
  return found
}

describe('a combination', () => {
  const pressed = { key: 'k', code: 'KeyK', ctrlKey: false, altKey: false, shiftKey: false }
  it.each([
    [{ ctrlKey: true }, 'Ctrl+K'],
    [{ ctrlKey: true, shiftKey: true, key: 'P', code: 'KeyP' }, 'Ctrl+Shift+P'],
    [{ key: '?', code: 'Slash', shiftKey: true }, '?'],
    [{ key: '+', code: 'Equal', shiftKey: true }, '+'],
    [{ key: '+', code: 'Equal', shiftKey: true, ctrlKey: true }, 'Ctrl++'],
    [{ key: 'F3', code: 'F3', shiftKey: true }, 'Shift+F3'],
    [{ key: '&', code: 'Digit1', altKey: true }, 'Alt+1'],
    [{ key: 'л', code: 'KeyK', ctrlKey: true }, 'Ctrl+K'],
    [{ key: ' ', code: 'Space' }, 'Space']
  ])('%j is what a command calls %s', (parts, keys) => {
    expect([chordOf({ metaKey: false, ...pressed, ...parts })]).toEqual(chordsOf(keys))
  })

  it('is none while only a modifier is down', () => {
    expect(chordOf({ metaKey: false, ...pressed, key: 'Control' })).toBeUndefined()
  })
})

describe('the key dispatcher', () => {
  it('does what a key says and keeps the key from the browser', () => {
    const { done, press } = setUp(command('palette', ['Ctrl+K', 'F1']))
    expect(press('k', { ctrlKey: true }).defaultPrevented).toBe(true)
    press('F1')
    expect(press('k').defaultPrevented).toBe(false)
    expect(done).toEqual(['palette', 'palette'])
  })

  it('takes keys one after the other, and says how it can go on', () => {
    const { done, press, dispatcher } = setUp(command('a', ['g a']), command('t', ['g t']))
    press('g')
    expect(dispatcher.continuations.value.map((one) => one.title)).toEqual(['a', 't'])
    press('t')
    expect(done).toEqual(['t'])
    expect(dispatcher.continuations.value).toEqual([])
  })

  it('drops a sequence that goes nowhere, with the key that broke it', () => {
    const { done, press } = setUp(command('a', ['g a']), command('x', ['x']))
    press('g')
    press('x')
    expect(done).toEqual([])
    press('x')
    expect(done).toEqual(['x'])
  })

  it('forgets a sequence after a while', () => {
    const { done, press, expire } = setUp(command('a', ['g a']), command('alone', ['a']))
    press('g')
    expire()
    press('a')
    expect(done).toEqual(['alone'])
  })

  it.each([
    '<input data-here>',
    '<textarea data-here></textarea>',
    '<div contenteditable="true"><b data-here></b></div>',
    '<div class="cm-editor"><i data-here></i></div>'
  ])('leaves letters to what is typed into: %s', (html) => {
    const { done, press } = setUp(command('e', ['e']), command('k', ['Ctrl+K']))
    const field = element(html)
    expect(press('e', {}, field).defaultPrevented).toBe(false)
    press('k', { ctrlKey: true }, field)
    expect(done).toEqual(['k'])
  })

  it.each([
    '<div class="xterm"><textarea data-here></textarea></div>',
    '<div data-keys="own"><b data-here></b></div>'
  ])('leaves the keys of a terminal to the target, but for Ctrl+Shift: %s', (html) => {
    const { done, press } = setUp(command('k', ['Ctrl+K']), command('p', ['Ctrl+Shift+P']))
    const terminal = element(html)
    press('k', { ctrlKey: true }, terminal)
    press('P', { ctrlKey: true, shiftKey: true }, terminal)
    expect(done).toEqual(['p'])
  })

  it.each(['dialog', 'alertdialog', 'menu', 'listbox'])('leaves all keys to an open %s', (role) => {
    const { done, press } = setUp(command('k', ['Ctrl+K']))
    element(`<div role="${role}" data-state="open"><b data-here></b></div>`)
    press('k', { ctrlKey: true })
    expect(done).toEqual([])
  })

  it('leaves Space to the button that has the focus', () => {
    const { done, press } = setUp(command('pause', ['Space']))
    press(' ', {}, element('<button data-here></button>'))
    press(' ')
    expect(done).toEqual(['pause'])
  })

  it('does nothing that is not possible, and nothing that somebody nearer has used', () => {
    const { done, press } = setUp(
      command('off', ['x'], { enabled: () => false }),
      command('y', ['y'])
    )
    press('x')
    const button = element('<button data-here></button>')
    button.addEventListener('keydown', (event) => {
      event.preventDefault()
    })
    press('y', {}, button)
    expect(done).toEqual([])
  })

  it('does what comes first before the part that has the focus hears the key, but nowhere else', () => {
    const { done, press } = setUp(command('run', ['Ctrl+Enter'], { first: true }))
    const text = element('<div class="cm-editor"><i data-here></i></div>')
    const heard: string[] = []
    text.addEventListener('keydown', (event) => {
      if (event instanceof KeyboardEvent) heard.push(event.key)
      event.preventDefault()
    })
    press('Enter', { ctrlKey: true }, text)
    press('Enter', {}, text)
    expect([done, heard]).toEqual([['run'], ['Enter']])
    element('<div role="dialog" data-state="open"><b data-here></b></div>')
    press('Enter', { ctrlKey: true })
    expect(done).toEqual(['run'])
  })

  it('repeats only what is meant to be repeated', () => {
    const { done, press } = setUp(command('next', [']'], { repeats: true }), command('e', ['e']))
    press(']', { repeat: true })
    press('e', { repeat: true })
    expect(done).toEqual(['next'])
  })
})

describe('conflicts', () => {
  it('are the same keys twice, and keys that begin a sequence', () => {
    expect(
      conflicts([
        command('a', ['g']),
        command('b', ['g t']),
        command('c', ['Ctrl+K']),
        command('d', ['Ctrl+K'])
      ])
    ).toEqual(['g: a, b', 'ctrl+k: c, d'])
  })

  it('are not between parts of the window that are never there together', () => {
    const keys = ['F8']
    expect(
      conflicts([
        command('a', keys, { scope: 'monitors' }),
        command('b', keys, { scope: 'editor' })
      ])
    ).toEqual([])
  })
})
