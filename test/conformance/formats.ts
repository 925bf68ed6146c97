import { describe, expect, it } from 'vitest'
import { MONITORS, traceEventsOf, type Expected } from './catalog'
import type { Fixture } from './suite'

/** A field of a trace event as its format file declares it. */
type Field = readonly [declaration: string, size: number, signed: 0 | 1]

const text = (name: string): Field => [`__data_loc char[] ${name}`, 4, 0]
const ID: Field = ['int id', 4, 1]
const PID: Field = ['pid_t pid', 4, 1]
const FINAL: Field = ['bool final_state', 1, 0]
const COMMON: readonly Field[] = [
  ['unsigned short common_type', 2, 0],
  ['unsigned char common_flags', 1, 0],
  ['unsigned char common_preempt_count', 1, 0],
  ['int common_pid', 4, 1]
]

interface Format {
  readonly fields: readonly Field[]
  readonly print: string
}

const str = (...names: readonly string[]): string =>
  names.map((name) => `__get_str(${name})`).join(', ')

/** What include/rv and kernel/trace/rv/rv_trace.h declare for a trace event of a monitor. */
function formatOf({ kind, id }: Expected, event: string): Format {
  const prefix = id ? '%d: ' : ''
  const value = id ? 'REC->id, ' : ''
  const head = id ? [ID] : []
  const refused = 'event %s not expected in the state %s'
  if (kind === 'ltl') {
    const task = [text('comm'), PID]
    return event.startsWith('event_')
      ? {
          fields: [...task, text('states'), text('atoms'), text('next')],
          print: `"%s[%d]: (%s) x (%s) -> (%s)", __get_str(comm), REC->pid, ${str('states', 'atoms', 'next')}`
        }
      : { fields: task, print: '"%s[%d]: violation detected", __get_str(comm), REC->pid' }
  }
  if (event.startsWith('event_')) {
    return {
      fields: [...head, text('state'), text('event'), text('next_state'), FINAL],
      print: `"${prefix}%s x %s -> %s%s", ${value}${str('state', 'event', 'next_state')}, REC->final_state ? " (final)" : ""`
    }
  }
  return event.startsWith('error_env_')
    ? {
        fields: [...head, text('state'), text('event'), text('env')],
        print: `"${prefix}${refused} with env %s", ${value}${str('event', 'state', 'env')}`
      }
    : {
        fields: [...head, text('state'), text('event')],
        print: `"${prefix}${refused}", ${value}${str('event', 'state')}`
      }
}

const RETRIES: Format = {
  fields: [text('name'), text('event')],
  print: `"3 retries reached for event %s, resetting monitor %s", ${str('event', 'name')}`
}

/** The format file, but for the event's number, which is each kernel's own. */
function printed(event: string, { fields, print }: Format): string {
  let offset = 0
  const line = ([declaration, size, signed]: Field): string => {
    const at = Math.ceil(offset / size) * size
    offset = at + size
    return `\tfield:${declaration};\toffset:${at};\tsize:${size};\tsigned:${signed};\n`
  }
  const common = COMMON.map(line).join('')
  const own = fields.map(line).join('')
  return `name: ${event}\nID: N\nformat:\n${common}\n${own}\nprint fmt: ${print}\n`
}

/** events/rv: which trace events there are, and what their records look like. */
export function formats(fixture: Fixture): void {
  describe('events/rv', () => {
    it('has the events of every monitor, and the one that all share', async () => {
      const entries = await fixture.rv.port.list('events/rv')
      expect(entries.map(({ name }) => name).sort()).toEqual(
        [...MONITORS.flatMap(traceEventsOf), 'rv_retries_error', 'enable', 'filter'].sort()
      )
    })

    it('has formats that say what the records are', async () => {
      const { port } = fixture.rv
      const expected = new Map<string, Format>([['rv_retries_error', RETRIES]])
      for (const one of MONITORS) {
        for (const event of traceEventsOf(one)) expected.set(event, formatOf(one, event))
      }
      const ids = new Set<string>()
      const read = async (event: string): Promise<string> => {
        const bytes = await port.read(`events/rv/${event}/format`)
        return new TextDecoder().decode(bytes).replace(/^ID: (\d+)$/m, (_, id: string) => {
          ids.add(id)
          return 'ID: N'
        })
      }
      const found = await Promise.all([...expected.keys()].map(read))
      let index = 0
      for (const [event, format] of expected) expect(found[index++]).toBe(printed(event, format))
      expect(ids.size).toBe(expected.size)
    })

    it('has the number of an event in its id file too', async () => {
      const { port } = fixture.rv
      const cat = async (path: string): Promise<string> =>
        new TextDecoder().decode(await port.read(`events/rv/${path}`))
      const [, id] = /^ID: (\d+)$/m.exec(await cat('event_wip/format')) ?? []
      expect(await cat('event_wip/id')).toBe(`${id ?? '?'}\n`)
    })

    it('has every event off', async () => {
      const { port } = fixture.rv
      const cat = async (path: string): Promise<string> =>
        new TextDecoder().decode(await port.read(`events/rv/${path}`))
      expect(await cat('enable')).toBe('0\n')
      expect(await cat('error_wip/enable')).toBe('0\n')
    })
  })
}
