import { beforeEach, describe, expect, it } from 'vitest'
import { definition, automaton, wip, wwnr } from './testing/models'
import { bytesOf, codeOf, World } from './testing/world'

let world: World

beforeEach(() => {
  world = new World()
  world.register(wip(), wwnr())
  world.container('box')
  world.register(wwnr('sco', 'box'))
})

const enabled = (): string => world.cat('enabled_monitors')

describe('the tree', () => {
  it('has the kernel’s files and directories', () => {
    const names = (path: string): string[] =>
      world.files.list(path).map(({ name, directory }) => (directory ? `${name}/` : name))
    expect(names('').sort()).toEqual([
      'available_monitors',
      'available_reactors',
      'enabled_monitors',
      'monitoring_on',
      'monitors/',
      'reacting_on'
    ])
    expect(names('monitors').sort()).toEqual(['box/', 'wip/', 'wwnr/'])
    expect(names('monitors/wip').sort()).toEqual(['desc', 'enable', 'reactors'])
    expect(names('monitors/box').sort()).toEqual(['desc', 'enable', 'reactors', 'sco/'])
  })

  it('has their modes', () => {
    const modes = ['available_monitors', 'available_reactors', 'monitors/wip/desc'].map((path) =>
      world.files.mode(path)
    )
    expect(modes).toEqual([0o440, 0o440, 0o440])
    for (const path of ['enabled_monitors', 'monitoring_on', 'reacting_on']) {
      expect(world.files.mode(path)).toBe(0o640)
    }
    expect(world.files.mode('monitors/box/sco/enable')).toBe(0o640)
    expect(world.files.mode('monitors/box/sco/reactors')).toBe(0o640)
    expect(world.files.mode('monitors')).toBe(0o750)
  })

  it('gives the errors of a file system', () => {
    expect(codeOf(() => world.cat('monitors/nobody/enable'))).toBe('ENOENT')
    expect(codeOf(() => world.cat('constructor'))).toBe('ENOENT')
    expect(codeOf(() => world.cat('monitors/sco/enable'))).toBe('ENOENT')
    expect(codeOf(() => world.cat('monitors/wip'))).toBe('EISDIR')
    expect(codeOf(() => world.cat('monitors/wip/enable/x'))).toBe('ENOTDIR')
    expect(codeOf(() => world.files.list('monitors/wip/enable'))).toBe('ENOTDIR')
    expect(codeOf(() => world.files.list('nothing'))).toBe('ENOENT')
  })

  it('opens read-only files for root, and refuses the write', () => {
    for (const path of ['available_monitors', 'available_reactors', 'monitors/wip/desc']) {
      expect(codeOf(() => world.overwrite(path, '1'))).toBe('EINVAL')
    }
  })
})

describe('reading', () => {
  it('ends booleans and desc in newline and NUL, lists in newline', () => {
    expect(world.cat('monitoring_on')).toBe('1\n\\0')
    expect(world.cat('reacting_on')).toBe('1\n\\0')
    expect(world.cat('monitors/wip/enable')).toBe('0\n\\0')
    expect(world.cat('monitors/wip/desc')).toBe('wip for tests.\n\\0')
    expect(world.cat('monitors/box/sco/desc')).toContain('per-task testing model.\n\\0')
    expect(enabled()).toBe('')
    expect(world.cat('available_monitors')).toBe('wip\nwwnr\nbox\nbox:sco\n')
  })

  it('cuts desc to 255 bytes, newline included', () => {
    const model = (name: string): ReturnType<typeof automaton> => automaton(name, ['a go b'])
    for (const [name, length, bytes] of [
      ['short', 253, 255],
      ['fits', 254, 256],
      ['long', 400, 256]
    ] as const) {
      world.register(definition(model(name), 'global', [], { description: 'd'.repeat(length) }))
      const text = world.cat(`monitors/${name}/desc`).replace('\\0', '\0')
      expect(text).toHaveLength(bytes)
      expect(text.endsWith('\n\0')).toBe(length < 255)
    }
  })

  it('goes on where the last read of the open file ended', () => {
    const file = world.files.open('monitoring_on', { write: false, truncate: false, append: false })
    expect(file.read()).toHaveLength(3)
    expect(file.read()).toHaveLength(0)
    file.seek(1)
    expect(file.read()).toEqual(bytesOf('\n\0'))
  })
})

describe('boolean files', () => {
  const paths = ['monitoring_on', 'reacting_on', 'monitors/wip/enable', 'monitors/box/enable']
  const yes = [
    '1',
    '1\n',
    '10',
    '1x',
    'y',
    'Y',
    't',
    'T',
    'e',
    'E',
    'on',
    'ON',
    'oN',
    'enable',
    'yes'
  ]
  const no = ['0', '0\n', '01', 'n', 'N', 'f', 'F', 'd', 'D', 'of', 'off', 'OFF', 'disable', 'no']
  const refused = ['', ' 1', '\n', '2', '+1', '-1', 'o', 'o1', 'x', '\x001', '\xa01', '!1']

  it.each(paths)('%s takes the words of kstrtobool', (path) => {
    for (const word of yes) {
      world.append(path, '0')
      expect([word, world.append(path, word)]).toEqual([word, word.length])
      expect(world.cat(path)).toBe('1\n\\0')
    }
    for (const word of no) {
      world.append(path, '1')
      expect([word, world.append(path, word)]).toEqual([word, word.length])
      expect(world.cat(path)).toBe('0\n\\0')
    }
  })

  it.each(paths)('%s keeps its value when it refuses', (path) => {
    for (const value of ['0', '1']) {
      world.append(path, value)
      for (const word of refused) {
        expect([word, codeOf(() => world.append(path, word))]).toEqual([word, 'EINVAL'])
        expect(world.cat(path)).toBe(`${value}\n\\0`)
      }
    }
  })

  it('take a long write by its first bytes, and every write of an open file anew', () => {
    expect(world.append('monitors/wip/enable', '1'.repeat(5000))).toBe(5000)
    const file = world.files.open('monitoring_on', { write: true, truncate: false, append: false })
    file.write(bytesOf('0'))
    expect(world.cat('monitoring_on')).toBe('0\n\\0')
    file.write(bytesOf('1'))
    expect(world.cat('monitoring_on')).toBe('1\n\\0')
  })
})

describe('enabled_monitors', () => {
  it('adds with >> and starts anew with >', () => {
    world.append('enabled_monitors', 'wip')
    world.append('enabled_monitors', 'wwnr\n')
    expect(enabled()).toBe('wip\nwwnr\n')
    world.overwrite('enabled_monitors', 'box:sco')
    expect(enabled()).toBe('box:sco\n')
  })

  it('is emptied by O_TRUNC even if the write fails, not by O_TRUNC on a read', () => {
    world.append('enabled_monitors', 'wip')
    world.files.open('enabled_monitors', { write: false, truncate: true, append: false })
    expect(enabled()).toBe('wip\n')
    expect(codeOf(() => world.overwrite('enabled_monitors', 'nobody'))).toBe('EINVAL')
    expect(enabled()).toBe('')
  })

  it.each([
    ['wip', 'wip\n'],
    [' \t wip \n', 'wip\n'],
    ['\xa0wip\xa0', 'wip\n'],
    ['foo:wip', 'wip\n'],
    [':wip', 'wip\n'],
    ['box:wip', 'wip\n'],
    ['wip\0wwnr', 'wip\n'],
    ['wip'.padEnd(33), 'wip\n'],
    ['!wip', ''],
    ['!', ''],
    [' ', ''],
    [' ! ', ''],
    ['\0wip', '']
  ])('accepts %j', (text, result) => {
    expect(world.append('enabled_monitors', text)).toBe(text.length)
    expect(enabled()).toBe(result)
  })

  it.each([
    'foo',
    '!foo',
    '! wip',
    'box:',
    'a:b:wip',
    ':!wip',
    '!!wip',
    'WIP',
    'wi',
    'wipx',
    'wip wwnr'
  ])('refuses %j, and nothing changes', (text) => {
    world.append('enabled_monitors', 'wwnr')
    expect(codeOf(() => world.append('enabled_monitors', text))).toBe('EINVAL')
    expect(enabled()).toBe('wwnr\n')
  })

  it('takes 1 to 33 bytes', () => {
    expect(codeOf(() => world.append('enabled_monitors', ''))).toBe('EINVAL')
    expect(codeOf(() => world.append('enabled_monitors', 'wip'.padEnd(34)))).toBe('EINVAL')
    expect(enabled()).toBe('')
  })

  it('disables with ! and a container’s name', () => {
    world.append('enabled_monitors', 'box')
    expect(enabled()).toBe('box\nbox:sco\n')
    world.append('enabled_monitors', '!x:box')
    expect(enabled()).toBe('')
  })

  it('takes one write per open file: the next one stands behind it and is lost', () => {
    const file = world.files.open('enabled_monitors', {
      write: true,
      truncate: false,
      append: true
    })
    expect(file.write(bytesOf('wip'))).toBe(3)
    expect(file.write(bytesOf('wwnr'))).toBe(4)
    expect(file.write(bytesOf('nobody'))).toBe(6)
    expect(enabled()).toBe('wip\n')
    expect(file.write(bytesOf('x'.repeat(33)))).toBe(33)
    expect(file.write(bytesOf('nobody'))).toBe(6)
    file.seek(0)
    file.write(bytesOf('wwnr'))
    expect(enabled()).toBe('wip\nwwnr\n')
  })

  it('passes the refusal of a monitor on', () => {
    world = new World({ perTaskSlots: 1 })
    world.register(wwnr('a'), wwnr('b'))
    world.append('enabled_monitors', 'a')
    expect(codeOf(() => world.append('enabled_monitors', 'b'))).toBe('EBUSY')
    expect(codeOf(() => world.append('monitors/b/enable', '1'))).toBe('EBUSY')
    expect(codeOf(() => world.append('enabled_monitors', 'a'))).toBe('ok')
  })
})

describe('reactors files', () => {
  it.each([' ', '\n', '\0printk'])('take %j for nothing', (text) => {
    expect(world.append('monitors/wip/reactors', text)).toBe(text.length)
    expect(world.cat('monitors/wip/reactors')).toBe('[nop]\nprintk\npanic\n')
  })

  it.each(['', 'bad', '[nop]', '!nop', 'x:nop', 'nop printk', 'printk'.padEnd(34)])(
    'refuse %j and keep the reactor',
    (text) => {
      world.append('monitors/wip/reactors', 'printk'.padEnd(33))
      expect(codeOf(() => world.overwrite('monitors/wip/reactors', text))).toBe('EINVAL')
      expect(world.cat('monitors/wip/reactors')).toBe('nop\n[printk]\npanic\n')
    }
  )

  it('have the file position of enabled_monitors', () => {
    const file = world.files.open('monitors/wip/reactors', {
      write: true,
      truncate: true,
      append: false
    })
    file.write(bytesOf('printk'))
    file.write(bytesOf('nop'))
    expect(world.cat('monitors/wip/reactors')).toBe('nop\n[printk]\npanic\n')
  })
})
