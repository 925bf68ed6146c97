import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createObserverService, type ObserverService } from '../../src/observer/service'
import { WindowEnd } from '../../src/observer/testing/window-end'
import { loadModels } from '../../src/target/load-models'
import { openTarget } from '../../src/target/open'
import type { TracefsPort } from '../../src/target/port'
import { realTarget } from './boot'
import { Home } from './home'

const target = await realTarget()
if ('skip' in target) console.warn(`skipped: no real kernel to test on: ${target.skip}`)

/** How long one thing may take on an emulated target, ms. */
const PATIENCE = 90_000

describe.skipIf('skip' in target)('the observer on a real kernel', () => {
  if ('skip' in target) return
  const home = new Home()
  const login = ({ secret }: { secret: boolean }): string => (secret ? target.password : 'yes')
  let service: ObserverService
  let window: WindowEnd
  let witness: TracefsPort

  /** Waits until a message of the observer makes something true. */
  const until = async (what: string, done: () => boolean): Promise<void> => {
    const limit = performance.now() + PATIENCE
    while (!done()) {
      if (performance.now() > limit) throw new Error(`waited in vain for ${what}`)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
  beforeAll(async () => {
    witness = await openTarget(target.spec, home.options(login))
    const { models, drawings } = await loadModels('models')
    service = createObserverService({
      models,
      drawings,
      stateDir: home.stateDir,
      openTarget: (spec) => openTarget(spec as typeof target.spec, home.options(login))
    })
    window = new WindowEnd(service)
    window.hello()
    await service.perform({ op: 'connect', target: target.spec })
  }, PATIENCE)

  afterAll(async () => {
    await service.close()
    await witness.close()
    home.remove()
    await target.stop()
  })

  it(
    'shows the kernel stack of a violation where that was asked for, and leaves no trigger',
    async () => {
      await service.perform({ op: 'stacks', on: true })
      await service.perform({ op: 'enable', monitor: 'wwnr', on: true })
      const instances = (await witness.list('instances')).map(({ name }) => name)
      const mine = instances.find((name) => name.endsWith('-viol')) ?? ''
      const trigger = async (): Promise<string> =>
        Buffer.from(await witness.read(`instances/${mine}/events/rv/error_wwnr/trigger`)).toString()
      expect(await trigger()).toBe('stacktrace:unlimited\n')
      // What the agent does for these makes tasks sleep and wake.
      const violated = (): boolean =>
        [...window.violations.values()].some(({ stack }) => stack.length > 4)
      await until('a violation of wwnr with a stack', violated)
      const stack = [...window.violations.values()].find(({ stack: s }) => s.length > 4)?.stack
      expect(stack?.some((entry) => entry.startsWith('handle_'))).toBe(true)
      expect(
        stack?.every((entry) => /^[A-Za-z_][\w.]*(\+0x[0-9a-f]+\/0x[0-9a-f]+)?$/.test(entry))
      ).toBe(true)
      await service.perform({ op: 'stacks', on: false })
      expect(await trigger()).toContain('# Available triggers:')
      await service.perform({ op: 'stacks', on: true })
      await service.perform({ op: 'disconnect' })
      expect((await witness.list('instances')).map(({ name }) => name)).not.toContain(mine)
    },
    PATIENCE * 2
  )
})
