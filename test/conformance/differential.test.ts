import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { MonitorModel } from '../../src/model/load'
import { SimulatedKernel } from '../../src/simulator/kernel'
import { loadModels } from '../../src/target/load-models'
import { openTarget } from '../../src/target/open'
import { TracefsError, type TracefsPort } from '../../src/target/port'
import { realTarget } from '../target/boot'
import * as differential from './differential'
import type { Operation } from './differential'
import { RealKernel } from './real-target'

const MODELS = fileURLToPath(new URL('../../models', import.meta.url))

/** RVPANEL_DIFFERENTIAL=OPERATIONS[,SEED] asks for more, or for other ones. */
const [COUNT = 2000, SEED = 20] = (process.env.RVPANEL_DIFFERENTIAL ?? '')
  .split(',')
  .flatMap((one) => (one === '' ? [] : [Number(one)]))
/** Operations of a sequence; each begins in the same state. */
const LENGTH = 100
/** Operations that go through the bridge as well. */
const BRIDGED = 60

const target = await realTarget({ cpus: 1 })

if ('skip' in target) {
  console.log(`differential: the real kernel was skipped: ${target.skip}`)
  describe.skip(`random operations (skipped: ${target.skip})`, () => {
    it('are the same on both kernels', () => undefined)
  })
} else {
  const kernel = new RealKernel(target)
  let models: readonly MonitorModel[] = []
  beforeAll(async () => {
    models = (await loadModels(MODELS)).models
  })
  afterAll(() => kernel.stop())

  const simulated = (list: readonly Operation[]): differential.Outcome[] => {
    const machine = new SimulatedKernel({ cpus: 1, tasks: 8, seed: 1, models })
    return differential.runSimulated(machine, list)
  }

  describe('random operations on the control files', () => {
    it(
      `are answered alike by both kernels (${COUNT} of seed ${SEED})`,
      async () => {
        const remote = await kernel.shells()
        const both = async (
          list: readonly Operation[]
        ): Promise<readonly [differential.Outcome[], differential.Outcome[]]> => {
          // What an earlier sequence left is seen until all of RESET has been done.
          const whole = [...differential.RESET, ...list]
          const from = differential.RESET.length - 1
          return [
            simulated(whole).slice(from),
            (await differential.runReal(remote, whole)).slice(from)
          ]
        }
        for (let done = 0; done < COUNT; done += LENGTH) {
          const list = differential.operations(SEED + done, Math.min(LENGTH, COUNT - done))
          const [ours, theirs] = await both(list)
          expect(theirs).toHaveLength(list.length + 1)
          const at = differential.firstDifference(ours, theirs)
          if (at < 0) continue
          const sequence = list.slice(0, at)
          const shortest = await differential.shrink(sequence, async (fewer) => {
            const [a, b] = await both(fewer)
            return differential.firstDifference(a, b) === a.length - 1
          })
          const [a, b] = await both(shortest)
          const [one, other] = [a.at(-1), b.at(-1)]
          throw new Error(
            `seed ${SEED + done}, operation ${at - 1}:\n${differential.printed(shortest)}\n` +
              `results: simulated ${one?.results ?? '-'}, real ${other?.results ?? '-'}\n` +
              differential.describeState(
                differential.shownAfter(shortest, shortest.length - 1),
                one?.state ?? '',
                other?.state ?? ''
              )
          )
        }
      },
      30 * 60_000
    )

    it('are answered alike through the bridge', async () => {
      const port = await kernel.open()
      const ours = await openTarget(
        { kind: 'sim', settings: { cpus: 1, tasks: 8, seed: 1 } },
        { models, stateDir: '/nonexistent', clock: 'manual' }
      )
      const list = [
        ...differential.RESET,
        // A write to a port is a string, and one write(2).
        ...differential
          .operations(SEED, 4 * BRIDGED)
          .filter(({ writes }) => writes.length === 1 && !/[\u0080-\u00ff]/.test(writes[0] ?? ''))
          .slice(0, BRIDGED)
      ]
      try {
        for (const operation of list) {
          const [a, b] = [await through(ours, operation), await through(port, operation)]
          expect([differential.printed([operation]), b]).toEqual([
            differential.printed([operation]),
            a
          ])
        }
      } finally {
        for (const operation of differential.RESET) await through(port, operation)
        await ours.close()
        await port.close()
      }
    })
  })
}

/** An operation through a port, and what its file and enabled_monitors read then. */
async function through(port: TracefsPort, { path, truncate, writes }: Operation): Promise<string> {
  const [module = '', , parameter = ''] = path.split('/')
  const isParameter = path.includes('/parameters/')
  const [text = ''] = writes
  let result = 'ok'
  try {
    if (isParameter) await port.writeParameter(module, parameter, text)
    else await port.write(`rv/${path}`, text, truncate ? 'truncate' : 'append')
  } catch (error) {
    if (!(error instanceof TracefsError)) throw error
    result = error.code
  }
  const file = isParameter
    ? await port.readParameter(module, parameter)
    : Buffer.from(await port.read(`rv/${path}`)).toString('latin1')
  const enabled = Buffer.from(await port.read('rv/enabled_monitors')).toString('latin1')
  return `${result}|${file}|${enabled}`
}
