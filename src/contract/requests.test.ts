import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { clientMessage, targetSpec } from './requests'

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
