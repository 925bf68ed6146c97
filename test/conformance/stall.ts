import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { codeOf, INSTANCE, LineCollector } from './kit'
import type { Fixture, Scene } from './suite'

/** The monitor whose threshold can be set: where it is low something stalls, where it is high nothing does. */
export function stall(fixture: Fixture): void {
  describe('stall, among more tasks than CPUs,', () => {
    const staged = fixture.scenes.stall
    let scene: Scene | undefined
    let lines: LineCollector | undefined

    beforeEach(async () => {
      scene = await staged?.()
      if (scene === undefined) return
      const { port } = scene.rv
      await codeOf(port.rmdir(INSTANCE))
      await port.mkdir(INSTANCE)
      for (const event of ['event_stall', 'error_env_stall']) {
        await port.write(`${INSTANCE}/events/rv/${event}/enable`, '1', 'append')
      }
      lines = new LineCollector(await port.stream(`${INSTANCE}/trace_pipe`))
    })
    afterEach(async () => {
      if (scene === undefined) return
      const { rv } = scene
      await rv.overwrite('enabled_monitors', '\n')
      await lines?.close()
      await rv.port.rmdir(INSTANCE)
      await rv.port.writeParameter('stall', 'threshold_jiffies', '1000\n')
      await scene.end()
    })

    it('says so when a timer expires, with the event none and the clock', async () => {
      if (scene === undefined || lines === undefined) throw new Error('no scene')
      const threshold = 10
      await scene.rv.port.writeParameter('stall', 'threshold_jiffies', String(threshold))
      await scene.rv.append('enabled_monitors', 'stall')
      const timeout =
        /: error_env_stall: (\d+): event none not expected in the state enqueued with env clk=(\d+)$/
      const line = await lines.find((one) => timeout.test(one))
      expect(Number(timeout.exec(line)?.[2])).toBeGreaterThanOrEqual(threshold)
    })

    it('says nothing below its threshold', async () => {
      if (scene === undefined || lines === undefined) throw new Error('no scene')
      await scene.rv.port.writeParameter('stall', 'threshold_jiffies', '60000')
      await scene.rv.append('enabled_monitors', 'stall')
      await lines.count((line) => line.includes(': event_stall: '), 200)
      expect(lines.lines.filter((line) => line.includes('error_env'))).toEqual([])
    })
  })
}
