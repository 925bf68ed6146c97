import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { clientMessage, targetSpec } from './requests'
import { joinCommand, parseTarget, splitCommand, defaultSimulator } from './target-url'

const ssh = (destination: string) => targetSpec.safeParse({ kind: 'ssh', destination }).success

describe('an ssh destination', () => {
  it.each([
    'board-7',
    'root@board-7',
    'me@10.0.0.2',
    'root@[fe80::1%eth0]',
    'lab.example',
    'a+b@c'
  ])('may be %s', (destination) => {
    expect(ssh(destination)).toBe(true)
  })

  it.each(['', '-oProxyCommand=x', 'root@-x', '-root@x', '@x', 'x@', 'a b', 'a;b', "a'b", 'a@b@c'])(
    'may not be "%s", which ssh would take for an option or nobody means',
    (destination) => {
      expect(ssh(destination)).toBe(false)
    }
  )
})

const target = (text: string) => parseTarget(text, defaultSimulator)

describe('a line as a target', () => {
  it('is a device and its speed', () => {
    expect(target('serial:/dev/ttyUSB0')).toEqual({
      kind: 'serial',
      device: '/dev/ttyUSB0',
      baud: 115_200
    })
    expect(target('serial:/dev/serial/by-id/usb-x:1?baud=9600')).toEqual({
      kind: 'serial',
      device: '/dev/serial/by-id/usb-x:1',
      baud: 9_600
    })
  })

  it.each([
    'serial:',
    'serial:ttyUSB0',
    'serial:-x',
    'serial:/dev/x?baud=',
    'serial:/dev/x?baud=1'
  ])('is not %s', (text) => {
    expect(target(text)).toBeUndefined()
  })

  it('is a program with its arguments, which no shell sees', () => {
    expect(target(`cmd:ssh -t gate "b 7; rm -rf /" '$HOME' a\\ b ''`)).toEqual({
      kind: 'cmd',
      command: ['ssh', '-t', 'gate', 'b 7; rm -rf /', '$HOME', 'a b', '']
    })
  })

  it.each(['cmd:', 'cmd:  ', 'cmd:-oProxyCommand=x', "cmd:a 'b", 'cmd:a \\', "cmd:'' a"])(
    'is not %s',
    (text) => {
      expect(target(text)).toBeUndefined()
    }
  )

  it('keeps every argument as it is, however it is written', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'binary', maxLength: 20 }), { maxLength: 5 }),
        (words) => {
          expect(splitCommand(joinCommand(words))).toEqual(words)
        }
      )
    )
  })
})

describe('what a window sends', () => {
  it('is refused, never an exception, when it is anything else', () => {
    fc.assert(
      fc.property(fc.anything(), (message) => {
        expect(clientMessage.safeParse(message).success).toBe(false)
      })
    )
  })

  it('is refused with a key too many', () => {
    expect(clientMessage.safeParse({ type: 'resync' }).success).toBe(true)
    expect(clientMessage.safeParse({ type: 'resync', extra: 1 }).success).toBe(false)
  })

  it.each(["wip'", 'a/b', '../wip', 'a:b:c', '', 'wip;reboot'])(
    'names no monitor "%s"',
    (monitor) => {
      const message = { type: 'request', id: 1, request: { op: 'enable', monitor, on: true } }
      expect(clientMessage.safeParse(message).success).toBe(false)
    }
  )
})
