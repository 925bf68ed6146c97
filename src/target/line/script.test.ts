import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'

import { shells } from '../testing'
import { checksum, SUMMING } from './checksum'
import { farEnd, loader, loaderLines, type Tools } from './script'

const TOOLS: Tools = { summing: 'cksum', encoding: 'base64', zip: true }

const installed = SUMMING.filter((program) => {
  try {
    execFileSync(program, [], { input: '' })
    return true
  } catch {
    return false
  }
})

describe('checksums', () => {
  it.each(installed)('are those of %s', (program) => {
    for (const text of ['', 'a', 'rv/monitors/wip', '\u0000\u00ff'.repeat(300)]) {
      const said = execFileSync(program, { input: Buffer.from(text, 'latin1') }).toString()
      expect(checksum(program, text)).toBe(said.split(/\s/)[0])
    }
  })

  it('have the check value of CRC-32', () => {
    expect(checksum('crc32', '123456789')).toBe('cbf43926')
  })
})

describe('the program for the far end', () => {
  it.each(shells())('is a script for %s', (command, ...args) => {
    execFileSync(command, [...args, '-n'], { input: farEnd('abcd1234', TOOLS) })
    for (const encoding of ['uuencode', 'od'] as const) {
      const script = farEnd('abcd1234', { ...TOOLS, encoding, zip: false })
      execFileSync(command, [...args, '-n'], { input: script })
    }
  })

  it('goes in lines that a terminal takes, and comes together again', () => {
    const script = farEnd('abcd1234', TOOLS)
    const lines = loaderLines(script, 'cksum')
    let whole = ''
    for (const [n, line] of lines.entries()) {
      expect(line.length).toBeLessThan(1_000)
      // eslint-disable-next-line no-control-regex -- control characters are keys to a terminal
      expect(line).not.toMatch(/[\u0000-\u001f\u007f-\uffff]| $/)
      const [, number, check, part = ''] = /^(\S+) (\S+) (.*)$/.exec(line) ?? []
      expect(Number(number)).toBe(n)
      expect(check).toBe(checksum('cksum', part))
      if (n < lines.length - 1) whole += part
      else expect(part).toBe('.')
    }
    const printed = execFileSync('sh', ['-c', 'printf %b "$1"', 'sh', whole]).toString()
    expect(printed).toBe(script)
  })

  it('is begun by a command that every line editor takes', () => {
    for (const summing of SUMMING) expect(loader(summing).length).toBeLessThan(700)
  })
})
