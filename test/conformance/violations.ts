import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { directoryOf, SILENT, traceEventsOf, type Expected } from './catalog'
import { codeOf, INSTANCE, LineCollector, type Rv } from './kit'
import type { Fixture, Scene } from './suite'

/** Error lines of a monitor, and the reaction's text for them, spec section 6. */
function patterns({ kind, name, id }: Expected): { error: RegExp; reaction: RegExp } {
  const env = String.raw`( with env \w+=\d+(,\w+=\d+)*)?`
  const prefix = id ? String.raw`-?\d+: ` : ''
  if (kind === 'ltl') {
    return {
      error: new RegExp(String.raw`: error_${name}: .+\[\d+\]: violation detected$`),
      reaction: new RegExp(String.raw`;rv: ${name}: .+\[\d+\]: violation detected$`)
    }
  }
  return {
    error: new RegExp(
      String.raw`: error_(env_)?${name}: ${prefix}event \w+ not expected in the state \w+${env}$`
    ),
    reaction: new RegExp(
      String.raw`;rv: monitor ${name} does not allow event \w+ on state \w+${env}$`
    )
  }
}

/** For each monitor: how it says that it was violated, where the target can be brought to that. */
export function violations(fixture: Fixture, listed: readonly Expected[]): void {
  const monitors = listed.filter(({ kind }) => kind !== 'container')

  describe.each(monitors)('a violation of $name', (monitor) => {
    const staged = fixture.scenes[monitor.name]
    if (staged === undefined) {
      it.skip('(a correct kernel commits none, or not on this machine)', () => undefined)
      return
    }
    const { error, reaction } = patterns(monitor)
    let scene: Scene | undefined
    let open: LineCollector[] = []
    const follow = async (rv: Rv, path?: string): Promise<LineCollector> => {
      const stream = path === undefined ? rv.port.kernelLog() : rv.port.stream(path)
      const lines = new LineCollector(await stream)
      open.push(lines)
      return lines
    }

    beforeEach(async () => {
      open = []
      scene = await staged()
      const { port } = scene.rv
      // Its own second is long to wait for.
      if (monitor.name === 'stall') await port.writeParameter('stall', 'threshold_jiffies', '10')
      await codeOf(port.rmdir(INSTANCE))
      await port.mkdir(INSTANCE)
    })
    afterEach(async () => {
      if (scene === undefined) return
      const { rv } = scene
      await rv.overwrite('enabled_monitors', '\n')
      await Promise.all(open.map((lines) => lines.close()))
      await rv.port.rmdir(INSTANCE)
      if (monitor.name === 'stall') {
        await rv.port.writeParameter('stall', 'threshold_jiffies', '1000')
      }
      await rv.putBack()
      await scene.end()
      scene = undefined
    })

    const silent = SILENT.has(monitor.name)
    it(`is an error line and, ${silent ? 'even ' : ''}where reacting_on is on, ${silent ? 'no' : 'a'} reaction`, async () => {
      if (scene === undefined) throw new Error('no scene')
      const { rv } = scene
      for (const event of traceEventsOf(monitor)) {
        if (event.startsWith('error_')) {
          await rv.port.write(`${INSTANCE}/events/rv/${event}/enable`, '1', 'append')
        }
      }
      const lines = await follow(rv, `${INSTANCE}/trace_pipe`)
      const log = await follow(rv)
      const reactions = (line: string): boolean => reaction.test(line)
      // A nested monitor has its reactor from its container.
      const [top = ''] = monitor.listed.split(':')
      await rv.append(`monitors/${top}/reactors`, 'printk')
      await rv.append(`monitors/${directoryOf(monitor)}/enable`, '1')
      await lines.find((line) => error.test(line))
      if (silent) {
        await lines.find((line) => error.test(line), lines.lines.length)
        await rv.cat('reacting_on')
        expect(log.lines.filter(reactions)).toEqual([])
        return
      }
      await log.find(reactions)
      await rv.append('reacting_on', '0')
      // What was under way comes before a violation that is seen now.
      const said = lines.lines.length
      await lines.find((line) => error.test(line), said)
      await rv.cat('reacting_on')
      const [then, logged] = [lines.lines.length, log.lines.length]
      await lines.find((line) => error.test(line), then)
      await rv.cat('reacting_on')
      expect(log.lines.slice(logged).filter(reactions)).toEqual([])
      for (const line of lines.lines) {
        if (!/LOST \d+ EVENTS/.test(line)) expect(line).toMatch(error)
      }
    })
  })
}
