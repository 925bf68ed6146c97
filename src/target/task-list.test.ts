import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readTasks } from './task-list'

describe('readTasks', () => {
  it('reads threads with their group', () => {
    const tasks = readTasks('1 1 systemd\n812 800 audio rt\n800 800 audio\n')
    expect([...tasks]).toEqual([
      [1, { comm: 'systemd', tgid: 1 }],
      [812, { comm: 'audio rt', tgid: 800 }],
      [800, { comm: 'audio', tgid: 800 }]
    ])
  })

  it('takes a comm for what it is, whatever a task calls itself', () => {
    const tasks = readTasks('7 7 8 8 sh\n9 9 \n10 10 \u001b[31mred\u202e\n')
    expect(tasks.get(7)?.comm).toBe('8 8 sh')
    expect(tasks.get(9)?.comm).toBe('')
    expect(tasks.get(10)?.comm).not.toContain('\u001b')
    expect(tasks.has(8)).toBe(false)
  })

  it('leaves out what is no task', () => {
    for (const line of [
      '',
      'x',
      '7',
      '7 sh',
      '-1 1 sh',
      '99999999 1 sh',
      '1 9999999 sh',
      ' 1 1 a'
    ]) {
      expect([line, readTasks(line).size]).toEqual([line, 0])
    }
  })

  it('makes of any text only tasks with possible numbers and comms of one line', () => {
    const line = fc.tuple(fc.nat(), fc.nat(), fc.string({ unit: 'binary' }))
    const text = fc.array(
      fc.oneof(
        line.map((parts) => parts.join(' ')),
        fc.string({ unit: 'binary' })
      )
    )
    fc.assert(
      fc.property(text, (lines) => {
        for (const [pid, { comm, tgid }] of readTasks(lines.join('\n'))) {
          expect(Math.max(pid, tgid)).toBeLessThanOrEqual(1 << 22)
          // eslint-disable-next-line no-control-regex -- what must not be there
          expect(comm).not.toMatch(/[\u0000-\u001f]/)
        }
      })
    )
  })
})
