import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { RecordKind } from './batch'
import { decodeRows, decodeText, payloadOf, printRow } from './testing'
import type { Row } from './testing'

const HEAD = '              sh-87      [001] d.h11    23.370486: '

/** Kind and text of each row. */
function kinds(text: string): [RecordKind, string][] {
  return decodeText(text).map((row) => [row.kind, row.text])
}

function only(text: string): Row {
  const rows = decodeText(`${text}\n`)
  const [row] = rows
  if (row === undefined || rows.length > 1) throw new Error(`${String(rows.length)} rows`)
  return row
}

describe('the head of a line', () => {
  const payload = 'event_wip: preemptive x preempt_disable -> non_preemptive'

  it('has task, pid, CPU, flags and time', () => {
    expect(only(HEAD + payload)).toEqual({
      kind: RecordKind.Event,
      sec: 23,
      nsec: 370_486_000,
      cpu: 1,
      pid: 87,
      comm: 'sh',
      flags: 'd.h11',
      monitor: 'wip',
      id: undefined,
      state: 'preemptive',
      event: 'preempt_disable',
      next: 'non_preemptive',
      final: false,
      taskComm: '',
      env: '',
      text: 'preemptive x preempt_disable -> non_preemptive'
    })
  })

  it.each([
    [
      'brackets, dashes, spaces',
      '     a-1 [0] b-2-99      [003] d....     1.000002: ',
      'a-1 [0] b-2',
      99
    ],
    [
      'the whole of a head',
      '  -1 [7] . 1.0: -42      [003] d....     1.000002: ',
      '-1 [7] . 1.0: ',
      42
    ],
    [
      'a comm that is not known',
      '           <...>-123     [003] d....     1.000002: ',
      '<...>',
      123
    ],
    ['no comm', '                -5       [003] d....     1.000002: ', '', 5],
    ['UTF-8', '          größe-5       [003] d....     1.000002: ', 'größe', 5],
    [
      'a longer comm',
      'stress-ng-timer-longer-7       [003] d....     1.000002: ',
      'stress-ng-timer-longer',
      7
    ],
    ['no padding', 'sh-7 [003] d.... 1.000002: ', 'sh', 7],
    [
      'a pid of ten digits',
      '              sh-2147483647 [003] d....     1.000002: ',
      'sh',
      2_147_483_647
    ],
    ['a tgid', '              sh-87      (     87) [003] d....     1.000002: ', 'sh', 87],
    ['no known tgid', '              sh-87      (-------) [003] d....     1.000002: ', 'sh', 87]
  ])('may have a comm with %s', (_, head, comm, pid) => {
    expect(only(head + payload)).toMatchObject({
      kind: RecordKind.Event,
      comm,
      pid,
      cpu: 3,
      flags: 'd....',
      sec: 1,
      nsec: 2000
    })
  })

  it('may be without flags, with nanoseconds, or have ticks for a time', () => {
    const start = '              sh-87      [255] '
    expect(only(`${start}    23.370486: ${payload}`)).toMatchObject({
      flags: '',
      cpu: 255,
      sec: 23
    })
    expect(only(`${start}.....    23.370486123: ${payload}`)).toMatchObject({ nsec: 370_486_123 })
    expect(only(`${start}.....  12345678901234: ${payload}`)).toMatchObject({
      kind: RecordKind.Event,
      sec: 12_345,
      nsec: 678_901_234
    })
    expect(only(`${start}..... 17: ${payload}`)).toMatchObject({ sec: 0, nsec: 17 })
  })

  it.each([
    ['pid above an int', '              sh-2147483648 [001] d....    23.370486: '],
    ['CPU above 16 bits', '              sh-8 [65536] d....    23.370486: '],
    ['no pid', '              sh-       [001] d....    23.370486: '],
    ['no CPU', '              sh-87      [] d....    23.370486: '],
    ['no time', '              sh-87      [001] d.... '],
    ['seconds above 32 bits', '              sh-87      [001] d....    4294967296.370486: '],
    ['two digits of a fraction', '              sh-87      [001] d....    23.37: ']
  ])('is refused: %s', (_, head) => {
    expect(only(head + payload).kind).toBe(RecordKind.Malformed)
  })

  it('is not taken from two lines', () => {
    const text = `x\n${HEAD.slice(2)}${payload}\n`
    expect(kinds(text)).toEqual([
      [RecordKind.Malformed, 'x'],
      [RecordKind.Event, 'preemptive x preempt_disable -> non_preemptive']
    ])
  })
})

describe('payloads', () => {
  it.each([
    ['event_wwnr: -1: a x b -> c (final)', { kind: RecordKind.Event, id: -1, final: true }],
    [
      'event_x: 2147483647: a x b -> INVALID',
      { kind: RecordKind.Event, id: 2_147_483_647, next: 'INVALID' }
    ],
    ['event_x: -2147483648: a x b -> c', { kind: RecordKind.Event, id: -2_147_483_648 }],
    [
      'error_wip: event e not expected in the state s',
      { kind: RecordKind.Error, event: 'e', state: 's', id: undefined }
    ],
    ['error_wwnr: 0: event e not expected in the state s', { kind: RecordKind.Error, id: 0 }],
    [
      'error_env_stall: 7: event none not expected in the state s with env clk=12,b=0',
      { kind: RecordKind.ErrorEnv, monitor: 'stall', event: 'none', id: 7, env: 'clk=12,b=0' }
    ],
    [
      'error_env_opid: event e not expected in the state s with env irq_off=0',
      { kind: RecordKind.ErrorEnv, id: undefined, env: 'irq_off=0' }
    ],
    [
      'error_env_x: event e not expected in the state s',
      { kind: RecordKind.Error, monitor: 'env_x' }
    ],
    ['event_env_x: a x b -> c', { kind: RecordKind.Event, monitor: 'env_x' }],
    [
      'event_sleep: a]: (0) x () -> (1)[-2]: (0-2,5) x (us_th,ab_sl) -> ()',
      {
        kind: RecordKind.LtlEvent,
        monitor: 'sleep',
        taskComm: 'a]: (0) x () -> (1)',
        id: -2,
        state: '0-2,5',
        event: 'us_th,ab_sl',
        next: ''
      }
    ],
    ['event_sleep: [0]: () x () -> ()', { kind: RecordKind.LtlEvent, taskComm: '', id: 0 }],
    [
      'error_sleep: [1]: violation detected[12]: violation detected',
      { kind: RecordKind.LtlError, taskComm: '[1]: violation detected', id: 12 }
    ],
    [
      'rv_retries_error: 3 retries reached for event e, resetting monitor wip',
      { kind: RecordKind.Retries, event: 'e', monitor: 'wip' }
    ],
    [
      'sched_waking: comm=a pid=1',
      { kind: RecordKind.Other, monitor: 'sched_waking', text: 'comm=a pid=1' }
    ],
    ['error_report_end: [kfence] 0xff', { kind: RecordKind.Other, monitor: 'error_report_end' }],
    ['tracing_mark_write: ', { kind: RecordKind.Other, text: '' }],
    ['foo.part.0: printed', { kind: RecordKind.Other, monitor: '', text: 'foo.part.0: printed' }],
    ['<stack trace>', { kind: RecordKind.Other, monitor: '', text: '<stack trace>' }]
  ])('%s', (line, expected) => {
    expect(only(HEAD + line)).toMatchObject(expected)
    expect(only(`${HEAD}${line}\r`)).toMatchObject(expected)
  })

  it.each([
    'event_wip: ',
    'event_wip: a x b -> ',
    'event_wip: a x b -> c (fin',
    'event_wip: a x b -> c (final) ',
    'event_wip: a x b -> c d',
    'event_wip: a x b -> c-d',
    'event_wip: a  x b -> c',
    'event_wip: 1:a x b -> c',
    'event_wip: 2147483648: a x b -> c',
    'event_wip: a x -> c',
    'event_sleep: sh[1]: (0) x (a b) -> (0)',
    'event_sleep: sh[1]: (0) x (a) -> (0',
    'event_sleep: sh[]: (0) x (a) -> (0)',
    'event_sleep: sh[-]: (0) x (a) -> (0)',
    'event_sleep: (0) x (a) -> (0)',
    'error_wip: event e not expected in the state ',
    'error_wip: event e not expected in the state s with env a=1',
    'error_env_wip: event e not expected in the state s with env ',
    'error_sleep: sh: violation detected',
    'error_sleep: sh[1]: violation detecte',
    'rv_retries_error: 3 retries reached for event e, resetting monitor ',
    'rv_retries_error: 3 retries reached for event e'
  ])('is never half read: %s', (line) => {
    // Between good ones, since what was read last is remembered.
    const good = `${HEAD}event_wip: a x b -> c\n`
    const rows = decodeText(`${good}${HEAD}${line}\n${good}`)
    expect(rows.map((row) => row.kind)).toEqual([
      RecordKind.Event,
      RecordKind.Malformed,
      RecordKind.Event
    ])
    expect(rows[1]).toMatchObject({ text: HEAD + line, monitor: '', comm: '', pid: 0 })
  })

  it('gives the lines of a stack trace the head of their entry', () => {
    const rows = decodeText(
      `${HEAD}<stack trace>\n => schedule\n => worker_thread\n#\n => x\nrest\n => y\n`
    )
    expect(rows.map((row) => [row.kind, row.comm, row.cpu, row.text])).toEqual([
      [RecordKind.Other, 'sh', 1, '<stack trace>'],
      [RecordKind.Other, 'sh', 1, ' => schedule'],
      [RecordKind.Other, 'sh', 1, ' => worker_thread'],
      [RecordKind.Other, 'sh', 1, ' => x'],
      [RecordKind.Malformed, '', 0, 'rest'],
      [RecordKind.Malformed, '', 0, ' => y']
    ])
  })
})

describe('lines that are no trace events', () => {
  it('counts what the kernel lost', () => {
    const rows = decodeText(
      'CPU:3 [LOST 1234 EVENTS]\nCPU:0 [LOST EVENTS]\nCPU:1 [LOST 99999999999 EVENTS]\n'
    )
    expect(rows.map((row) => [row.kind, row.cpu, row.id])).toEqual([
      [RecordKind.Lost, 3, 1234],
      [RecordKind.Lost, 0, -1],
      [RecordKind.Lost, 1, 2_147_483_647]
    ])
  })

  it.each([
    'CPU:',
    'CPU: [LOST 1 EVENTS]',
    'CPU:1 [LOST 1EVENTS]',
    'CPU:1 [LOST 1 EVENTS] ',
    'CPU:99999 [LOST EVENTS]'
  ])('does not take %s for a loss', (line) => {
    expect(only(line).kind).toBe(RecordKind.Malformed)
  })

  it('skips comments and keeps everything else', () => {
    expect(kinds('# tracer: nop\n##### CPU 2 buffer started ####\n\ngarbage\n')).toEqual([
      [RecordKind.Malformed, ''],
      [RecordKind.Malformed, 'garbage']
    ])
  })

  it('reports a line that the end cuts, and starts anew', () => {
    const line = `${HEAD}event_wip: a x b -> preemptive`
    expect(kinds(`${line}\n${line}`)).toEqual([
      [RecordKind.Event, 'a x b -> preemptive'],
      [RecordKind.Malformed, line]
    ])
  })

  it.each([0, 1, 5000, 400_000])('bounds a line of 64 KiB and %i bytes', (more) => {
    const long = 'y'.repeat(65_536 + more)
    const good = `${HEAD}event_wip: a x b -> c`
    const cut = long.slice(0, 65_536)
    const expected = [
      [RecordKind.Malformed, cut],
      [RecordKind.Event, 'a x b -> c']
    ]
    expect(kinds(`${long}\n${good}\n`)).toEqual(expected)
    const bytes = new TextEncoder().encode(`${long}\n${good}\n`)
    const pieces = Array.from({ length: Math.ceil(bytes.length / 7000) }, (_, i) =>
      bytes.subarray(i * 7000, (i + 1) * 7000)
    )
    expect(decodeRows(pieces).map((row) => [row.kind, row.text])).toEqual(expected)
    expect(kinds(long)).toEqual([[RecordKind.Malformed, cut]])
  })

  it('bounds a line that begins like an event', () => {
    const long = `${HEAD}sched_waking: ${'z'.repeat(70_000)}`
    expect(kinds(`${long}\n`)).toEqual([[RecordKind.Malformed, long.slice(0, 65_536)]])
  })
})

describe('names', () => {
  it('are bounded: what comes after is the ellipsis, what was there stays', () => {
    const line = (state: string): string => `${HEAD}event_wip: ${state} x b -> c\n`
    const states = Array.from({ length: 50 }, (_, i) => `s${i}`)
    const rows = decodeText(states.map(line).join('') + line('s0'), { maxNames: 20 })
    expect(rows.every((row) => row.kind === RecordKind.Event)).toBe(true)
    expect(rows.slice(0, 5).map((row) => row.state)).toEqual(states.slice(0, 5))
    expect(rows[49]?.state).toBe('…')
    expect(rows[50]?.state).toBe('s0')
  })

  it('that are not UTF-8 do not stop the decoder', () => {
    const bytes = new TextEncoder().encode(`${HEAD}event_wip: a x b -> c\n`)
    bytes[14] = 0xff
    expect(decodeRows([bytes])[0]).toMatchObject({ kind: RecordKind.Event, comm: '\ufffdh' })
  })
})

describe('what a kernel prints', () => {
  const identifier = fc.stringMatching(/^[A-Za-z0-9_]{1,20}$/)
  // Whatever a task may call itself, but for what pads it and what ends a line.
  const comm = fc
    .string({ unit: 'binary', maxLength: 15 })
    .map((text) => text.replace(/^ +|[\r\n\0]/g, ''))
    .filter((text) => new TextEncoder().encode(text).length < 16 && text.trimStart() === text)
  const stateSet = fc.stringMatching(/^([0-9]{1,2}([,-][0-9]{1,2}){0,3})?$/)
  const head = fc.record({
    sec: fc.integer({ min: 0, max: 0xffff_ffff }),
    nsec: fc.integer({ min: 0, max: 999_999 }).map((usec) => usec * 1000),
    cpu: fc.integer({ min: 0, max: 4095 }),
    pid: fc.integer({ min: 0, max: 4_194_304 }),
    comm,
    flags: fc.stringMatching(/^[dDbB.][Nnp.][hHsZz.][0-9a-f.][0-9a-f.]$/),
    monitor: identifier
  })
  const id = fc.option(fc.integer({ min: -0x8000_0000, max: 0x7fff_ffff }), { nil: undefined })
  const pid = fc.integer({ min: 0, max: 4_194_304 })
  const blank = {
    id: undefined,
    state: '',
    event: '',
    next: '',
    final: false,
    taskComm: '',
    env: ''
  }
  const da = { state: identifier, event: identifier }
  const bodies = fc.oneof(
    fc.record({
      kind: fc.constant(RecordKind.Event),
      id,
      ...da,
      next: identifier,
      final: fc.boolean()
    }),
    fc.record({ kind: fc.constant(RecordKind.Error), id, ...da }),
    fc.record({
      kind: fc.constant(RecordKind.ErrorEnv),
      id,
      ...da,
      env: fc.stringMatching(/^[a-z_]{1,8}=[0-9]{1,20}(,[a-z_]{1,8}=[0-9]{1,20})?$/)
    }),
    fc.record({
      kind: fc.constant(RecordKind.LtlEvent),
      id: pid,
      taskComm: comm,
      state: stateSet,
      event: fc.stringMatching(/^([a-z_]{1,5}(,[a-z_]{1,5}){0,4})?$/),
      next: stateSet
    }),
    fc.record({ kind: fc.constant(RecordKind.LtlError), id: pid, taskComm: comm }),
    fc.record({ kind: fc.constant(RecordKind.Retries), event: identifier })
  )
  const rows = fc.tuple(head, bodies).map(([h, b]): Row => {
    const row = { ...blank, ...h, ...b, text: '' }
    return { ...row, text: payloadOf(row) }
  })

  it('reads back as what it was', () => {
    fc.assert(
      fc.property(
        fc.array(rows, { maxLength: 20 }),
        fc.integer({ min: 1, max: 9 }),
        (all, capacity) => {
          const text = all.map((row) => `${printRow(row)}\n`).join('')
          expect(decodeText(text, { capacity })).toEqual(all)
        }
      ),
      { numRuns: 300 }
    )
  })
})
