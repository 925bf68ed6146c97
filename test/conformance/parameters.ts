import { describe, expect, it } from 'vitest'
import { codeOf } from './kit'
import type { Fixture } from './suite'

/** TICK_NSEC of kernels with 100, 250, 300 and 1000 ticks a second. */
const TICKS = ['10000000\n', '4000000\n', '3333333\n', '1000000\n']

const KNOWN = [
  ['stall', 'threshold_jiffies', ['1000\n']],
  ['nomiss', 'deadline_thresh', TICKS]
] as const

/** Parameters of monitors: module_param(..., ullong, 0644). */
export function parameters(fixture: Fixture): void {
  describe.each(KNOWN)('the parameter %s.%s', (module, name, initial) => {
    it('has the value of a kernel whose command line does not set it', async () => {
      expect(initial).toContain(await fixture.rv.port.readParameter(module, name))
    })
  })

  describe('a parameter', () => {
    const [[module, name, [initial]]] = KNOWN

    it('takes what kstrtoull takes, and nothing else', async () => {
      const { port } = fixture.rv
      try {
        for (const [data, value] of [
          ['70', '70'],
          ['71\n', '71'],
          ['0x10', '16'],
          ['0X1f\n', '31'],
          ['010', '8'],
          ['+5', '5'],
          ['0', '0'],
          ['7\u00008', '7'],
          ['18446744073709551615', '18446744073709551615']
        ] as const) {
          await port.writeParameter(module, name, data)
          expect([data, await port.readParameter(module, name)]).toEqual([data, `${value}\n`])
        }
        for (const data of ['-1', ' 5', '5 ', '\n', '5\n\n', '1j', '0b11', '0x', '08', '++5']) {
          expect([data, await codeOf(port.writeParameter(module, name, data))]).toEqual([
            data,
            'EINVAL'
          ])
        }
        const tooBig = port.writeParameter(module, name, '18446744073709551616')
        expect(await codeOf(tooBig)).toBe('ERANGE')
        expect(await port.readParameter(module, name)).toBe('18446744073709551615\n')
      } finally {
        await port.writeParameter(module, name, initial)
      }
    })

    it('that is not there says so', async () => {
      const { port } = fixture.rv
      expect(await codeOf(port.readParameter(module, 'nobody'))).toBe('ENOENT')
      expect(await codeOf(port.writeParameter('wip', 'nobody', '1'))).toBe('ENOENT')
    })
  })
}
