import { beforeEach, describe, expect, it } from 'vitest'
import { context, hybrid, parts } from './testing/hybrid'
import { TICK } from './testing/host'
import { definition, wip } from './testing/models'
import { codeOf, World } from './testing/world'

let world: World

beforeEach(() => {
  world = new World()
  const parameters = [
    { name: 'limit', default: 1000, unit: 'jiffies', description: 'how long' },
    { name: 'thresh', default: 'tick', unit: 'ns', description: 'how late' }
  ] as const
  const model = hybrid('m', ['a irq_enable;x<limit a'])
  world.register(
    definition(model, 'global', ['irq_enable handle_start_run_event irq_enable global'], {
      hybrid: parts('none', { x: context('in_task') }),
      parameters
    })
  )
})

const set = (text: string): string =>
  codeOf(() => {
    world.engine.parameters.set('m', 'limit', text)
  })
const get = (): string => world.engine.parameters.get('m', 'limit')

describe('parameters of a module', () => {
  it('are listed with their defaults, of which `tick` is the length of one', () => {
    expect(world.engine.parameters.list()).toMatchObject([
      { module: 'm', name: 'limit', unit: 'jiffies', description: 'how long', value: 1000n },
      { module: 'm', name: 'thresh', unit: 'ns', value: BigInt(TICK) }
    ])
    expect(get()).toBe('1000\n')
  })

  // What the kernel's parameter file took, and what it then read.
  it.each([
    ['70', 70n],
    ['70\n', 70n],
    ['0x10', 16n],
    ['0X1f\n', 31n],
    ['010', 8n],
    ['+5', 5n],
    ['+0x5', 5n],
    ['0', 0n],
    ['00', 0n],
    ['7\x008', 7n],
    ['18446744073709551615', 0xffff_ffff_ffff_ffffn],
    ['0xffffffffffffffff', 0xffff_ffff_ffff_ffffn]
  ])('take %j', (text, value) => {
    expect(set(text)).toBe('ok')
    expect(get()).toBe(`${value}\n`)
  })

  it.each([
    ...[
      '',
      '-1',
      ' 5',
      '5 ',
      '\n',
      '5\n\n',
      '1j',
      '0b11',
      '0o17',
      '0x',
      '08',
      '++5',
      '12 34',
      '"5"'
    ],
    ...['5\r\n', '\u0661', '0x+5', '+', 'ff', '1e3', '1.5', '0xg']
  ])('refuse %j with EINVAL', (text) => {
    expect(set(text)).toBe('EINVAL')
    expect(get()).toBe('1000\n')
  })

  it.each(['18446744073709551616', '0x10000000000000000', '9'.repeat(60), `${'9'.repeat(30)}x`])(
    'refuse %j with ERANGE',
    (text) => {
      expect(set(text)).toBe('ERANGE')
      expect(get()).toBe('1000\n')
    }
  )

  it('are not there for another name or module, nor once the monitor has gone', () => {
    const { parameters } = world.engine
    expect(codeOf(() => parameters.get('m', 'other'))).toBe('ENOENT')
    expect(codeOf(() => parameters.get('wip', 'limit'))).toBe('ENOENT')
    expect(codeOf(() => parameters.set('wip', 'limit', '1'))).toBe('ENOENT')
    world.register(wip())
    world.engine.unregisterMonitor(world.monitor('m'))
    expect(parameters.list()).toEqual([])
  })

  it('take effect at the next event, also on a monitor that is on', () => {
    world.engine.enable(world.monitor('m'))
    world.host.contexts.set('in_task', 500)
    world.fire('irq_enable')
    set('500')
    world.fire('irq_enable')
    expect(world.host.take()).toEqual([
      'event m -1 a irq_enable a',
      'errorEnv m -1 a irq_enable x=500'
    ])
  })
})
