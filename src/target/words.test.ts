import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { codeOf } from './errno'
import { KmsgFilter, newestTime } from './kmsg'
import { parseRestoreResults, restoreValue } from './restore'
import { oneLine, plainText } from './sanitize'
import { explainFailure, explainLoss, isPrompt, looksSecret } from './ssh-words'
import { countCpus, parseFacts } from './target-facts'

// eslint-disable-next-line no-control-regex -- control characters are what must be gone
const HIDDEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e]/

const bytes = (text: string): Uint8Array => Buffer.from(text, 'latin1')

describe('what a target says', () => {
  it('shows no control, bidi or invisible character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(plainText(text)).not.toMatch(HIDDEN)
        expect(oneLine(text).length).toBeLessThanOrEqual(201)
        expect(oneLine(text)).not.toContain('\n')
      })
    )
    expect(plainText('\u001b[31mred\u001b[0m\u001b]0;title\u0007 a\u202eb\r\nc')).toBe(
      'red a\\u{202e}b\nc'
    )
  })

  it.each([
    ['dd: error writing: Invalid argument', 'EINVAL'],
    ['cat: Resource busy', 'EBUSY'],
    ['sh: 3: cannot open x: No such file', 'ENOENT'],
    ["rmdir: 'x': Directory not empty", 'ENOTEMPTY'],
    ['x: Not a directory', 'ENOTDIR'],
    ['something else', 'EIO']
  ])('finds the errno in %j', (message, code) => {
    expect(codeOf(message)).toBe(code)
  })

  it('counts CPUs', () => {
    expect(countCpus('0-3,5,8-9')).toBe(7)
    expect(countCpus('0')).toBe(1)
    expect(countCpus('9-0,x,')).toBe(1)
    expect(countCpus('0-99999')).toBe(8192)
  })

  it('finds tracefs among the mounts, the usual place first', () => {
    const facts = (text: string): string | undefined => parseFacts(bytes(text)).tracefs
    expect(facts('tracefs /mnt/t\ntracefs /sys/kernel/tracing\n')).toBe('/sys/kernel/tracing')
    expect(facts('tracefs /mnt/t\ndebugfs /d\n')).toBe('/mnt/t')
    expect(facts('debugfs /sys/kernel/debug\n')).toBe('/sys/kernel/debug/tracing')
    expect(facts('tracefs /a b\n')).toBeUndefined()
    expect(facts('')).toBeUndefined()
  })

  it('knows the agent’s companions from decimal pids only', () => {
    expect(parseFacts(bytes('lease 71\nparent 12\nparent x\nparent 3\n'))).toMatchObject({
      lease: 71,
      parents: [12, 3]
    })
    expect(parseFacts(bytes('lease 1 2\n')).lease).toBeUndefined()
    expect(parseFacts(bytes('')).lease).toBeUndefined()
  })

  it('survives any facts and any restore results', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (junk) => {
        parseFacts(junk)
        const step = { kind: 'rmdir', path: 'x' } as const
        expect(parseRestoreResults([step], junk).length).toBe(1)
      })
    )
  })

  it('reads the value of a reactors file as the one in brackets', () => {
    expect(restoreValue('rv/monitors/wip/reactors', 'nop\n[printk]\npanic\n')).toBe('printk')
    expect(restoreValue('rv/monitors/wip/enable', '1\n\0')).toBe('1')
  })
})

describe('the kernel log', () => {
  const LOG = [
    '6,100,1000000,-;old',
    ' SUBSYSTEM=old',
    '6,101,2000000,-;newest before',
    '3,102,2000001,-;rv: monitor wip',
    ' SUBSYSTEM=x',
    '4,103,2500000,c;more',
    ''
  ].join('\n')

  it('begins after the newest record of the start, wherever it is cut', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 }), (size) => {
        const filter = new KmsgFilter(newestTime('<6>[    2.000000] newest before', '9.00 1.00'))
        let all = ''
        for (let at = 0; at < LOG.length; at += size) {
          all += Buffer.from(filter.push(bytes(LOG.slice(at, at + size)))).toString('latin1')
        }
        expect(all).toBe('3,102,2000001,-;rv: monitor wip\n SUBSYSTEM=x\n4,103,2500000,c;more\n')
      })
    )
  })

  it('says how many records were overwritten before they were read', () => {
    const filter = new KmsgFilter(5)
    const log = ['6,7,1,-;old', '6,9,8,-;a', '', '6,10,9,-;b', '4,1013,77,c;c', ' K=v', '']
    expect(
      Buffer.from(filter.push(bytes(log.join('\n'))))
        .toString('latin1')
        .split('\n')
    ).toEqual([
      expect.stringMatching(/^4,8,8,-;rvpanel: 1 record was overwritten/),
      '6,9,8,-;a',
      '6,10,9,-;b',
      expect.stringMatching(/^4,1012,77,-;rvpanel: 1002 records were overwritten/),
      '4,1013,77,c;c',
      ' K=v',
      ''
    ])
  })

  it('is told of each later reader, and shows nothing of it', () => {
    const readers: number[] = []
    const filter = new KmsgFilter(0, (pid) => readers.push(pid))
    const log = [
      '6,1,8,-;a half rec',
      'rvpanel-stream 1 70 71',
      '6,3,9,-;rvpanel-stream 1 70 72',
      ' rvpanel-stream 1 70 73',
      'rvpanel-stream 1 70 0',
      'rvpanel-stream 1 70 74 x',
      ''
    ]
    const all = Buffer.from(filter.push(bytes(log.join('\n')))).toString('latin1')
    expect(readers).toEqual([71])
    expect(all).toMatch(/^6,1,8,-;a half rec\n4,2,9,-;rvpanel: 1 record was/)
    expect(all.match(/rvpanel-stream/g)?.length).toBe(2)
  })

  it('falls back on the uptime', () => {
    expect(newestTime('a line without time', '12.34 40.00')).toBe(12_340_000)
    expect(newestTime('', '')).toBe(0)
  })
})

describe('the words of ssh', () => {
  it('says that a key has changed, and where', () => {
    const said = `@@@\n@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @\n@@@\nAdd correct host key in /home/u/.ssh/known_hosts to get rid of this message.\nOffending ED25519 key in /home/u/.ssh/known_hosts:7\nHost key verification failed.\n`
    expect(explainFailure('board', said)).toMatch(
      /CHANGED.*not connected.*line 7 of \/home\/u\/\.ssh\/known_hosts/
    )
  })

  it.each([
    ['ssh: connect to host b port 22: Connection refused', /refuses connections/],
    ['ssh: connect to host b port 22: Connection timed out', /does not answer/],
    ['ssh: connect to host b port 22: No route to host', /does not answer/],
    ['ssh: Could not resolve hostname b: Name or service not known', /name of board is unknown/],
    ['u@b: Permission denied (publickey,password).', /wrong password or key/],
    ['kex_exchange_identification: read: Connection reset by peer', /closed the connection/],
    ['Bad configuration option: x\u001b[31m', /^ssh to board: Bad configuration option: x$/],
    ['', /could not connect/]
  ])('explains %j', (said, sentence) => {
    expect(explainFailure('board', said)).toMatch(sentence)
  })

  it('explains a silent link', () => {
    expect(explainLoss('board', 'Timeout, server b not responding.')).toMatch(/did not answer/)
  })

  it('knows prompts', () => {
    expect(isPrompt("root@b's password: ")).toBe(true)
    expect(isPrompt('continue connecting (yes/no/[fingerprint])? ')).toBe(true)
    expect(isPrompt('Permission denied, please try again.\n')).toBe(false)
    expect(isPrompt('')).toBe(false)
    expect(looksSecret("root@b's password: ")).toBe(true)
    expect(looksSecret("Host key...\nPlease type 'yes', 'no' or the fingerprint: ")).toBe(false)
    expect(looksSecret('Are you sure (yes/no/[fingerprint])? ')).toBe(false)
  })
})
