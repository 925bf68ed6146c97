import { resolve } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { defaultSimulator } from '../contract/target-url'
import { ownArguments, parseOptions, UsageError } from './options'

const sim = { kind: 'sim', settings: defaultSimulator }

describe('options of the window', () => {
  it('opens on the simulated kernel when nothing is said', () => {
    expect(parseOptions([])).toEqual({ screenshot: undefined, models: undefined, target: sim })
  })

  it('reads targets', () => {
    const target = (text: string): unknown => {
      const options = parseOptions(['--target', text])
      return typeof options === 'string' ? options : options.target
    }
    expect(target('local')).toEqual({ kind: 'local' })
    expect(target('ssh://board')).toEqual({ kind: 'ssh', destination: 'board' })
    expect(target('ssh://root@board:2222')).toEqual({
      kind: 'ssh',
      destination: 'root@board',
      port: 2222
    })
    expect(target('ssh://root@[fe80::1%eth0]:2222')).toEqual({
      kind: 'ssh',
      destination: 'root@fe80::1%eth0',
      port: 2222
    })
  })

  it('reads the settings of the simulated kernel', () => {
    expect(parseOptions(['--cpus=64', '--tasks', '2000', '--seed=7'])).toMatchObject({
      target: { kind: 'sim', settings: { cpus: 64, tasks: 2000, seed: 7 } }
    })
  })

  it('opens on no target at all where the start page is asked for', () => {
    expect(parseOptions(['--start', '--models', 'mine'])).toEqual({
      screenshot: undefined,
      models: 'mine',
      target: undefined
    })
  })

  it('opens a recording that is its argument, by its whole path', () => {
    expect(parseOptions(['some/trace.txt'])).toMatchObject({
      target: { kind: 'recording', path: resolve('some/trace.txt') }
    })
  })

  it.each([
    [['--nonsense'], '--nonsense'],
    [['one.rvrec', 'two.rvrec'], 'two.rvrec'],
    [['one.rvrec', '--target', 'local'], 'do not go together'],
    [['one.rvrec', '--seed', '1'], 'one.rvrec'],
    [['--cpus', '0'], '--cpus expects a whole number from 1 to 256'],
    [['--cpus', '4x'], '--cpus expects'],
    [['--seed', '4294967296'], '--seed expects'],
    [['--screenshot', 'a.jpg'], '.png'],
    [['--start', '--target', 'local'], '--target'],
    [['--start', '--cpus', '2'], '--cpus'],
    [['--start', '--kiosk'], '--kiosk'],
    [['--start', 'one.rvrec'], 'one.rvrec'],
    [['--target', 'ssh://-oProxyCommand=x'], '--target expects'],
    [['--target', 'ssh://host:99999'], '--target expects'],
    [['--target', 'sim; reboot'], '--target expects'],
    [['--target', 'ssh://board', '--cpus', '4'], '--cpus is a setting of the simulated kernel']
  ])('refuses %j in one sentence', (args, part) => {
    expect(() => parseOptions(args)).toThrow(UsageError)
    expect(() => parseOptions(args)).toThrow(part)
  })

  it('never throws anything but a usage error of one line', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { maxLength: 6 }), (args) => {
        try {
          parseOptions(args)
        } catch (error) {
          expect(error).toBeInstanceOf(UsageError)
        }
      })
    )
  })
})

describe('the program’s own arguments', () => {
  it('begin after the folder that Electron runs', () => {
    const argv = ['electron', '--no-sandbox', '/app', '--seed', '3']
    expect(ownArguments(argv, (a) => a === '/app')).toEqual(['--seed', '3'])
  })

  it('are all of them in an installed copy, without Chromium’s switches', () => {
    const argv = ['rvpanel', '--no-sandbox', '--user-data-dir=/x', '--seed', '3']
    expect(ownArguments(argv, undefined)).toEqual(['--seed', '3'])
  })
})

describe('the kiosk', () => {
  it('tells its story at its own pace, and begins anew after a minute', () => {
    expect(parseOptions(['--kiosk'])).toMatchObject({ kiosk: { idleSeconds: 60, speed: 1 } })
    expect(parseOptions(['--kiosk', '--kiosk-idle', '90', '--kiosk-speed', '0.5'])).toMatchObject({
      kiosk: { idleSeconds: 90, speed: 0.5 }
    })
    expect(parseOptions([])).toMatchObject({ kiosk: undefined })
  })

  it.each([
    [['--kiosk', '--target', 'local'], '--target does not go with it'],
    [['--kiosk', '--seed', '3'], '--seed does not go with it'],
    [['--kiosk-idle', '90'], '--kiosk-idle expects --kiosk'],
    [['--kiosk', '--kiosk-idle', '1'], '--kiosk-idle expects a whole number from 5'],
    [['--kiosk', '--kiosk-speed', 'fast'], '--kiosk-speed expects a factor']
  ])('refuses %j', (args, sentence) => {
    expect(() => parseOptions(args)).toThrow(sentence)
  })
})
